/**
 * What one observation costs the judge, in CPU time: a quarter of an hour of frames and ticks, after one
 * to warm up. Prints; asserts nothing. `node scripts/bench/judge.ts`
 */
import { initialState, step } from '../../agent/judge/index.ts';
import { configSchema } from '../../config/schema.ts';
import { drive } from '../../tests/stories/drive.ts';

const config = configSchema.parse({}).judge;
const seen = drive({ seconds: 900, fps: 30, trip: 'unended' });

/** CPU time of the whole drive, us. */
function judgeAll(): number {
  let state = initialState('bench');
  const before = process.cpuUsage();
  for (const observation of seen) state = step(state, observation, config).state;
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

judgeAll();
const perObservation = judgeAll() / seen.length;
console.log(`judge: ${perObservation.toFixed(1)} us CPU an observation (${seen.length} observations)`);
