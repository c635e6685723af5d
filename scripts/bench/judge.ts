/**
 * What one observation costs the judge, in CPU time: a quarter of an hour of frames and ticks, after one
 * to warm up; and whether memory grows with further ones. Prints; asserts nothing. `node scripts/bench/judge.ts`
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { initialState, step } from '../../agent/judge/index.ts';
import { configSchema } from '../../config/schema.ts';
import { drive } from '../../tests/stories/drive.ts';

const PASSES = 5;
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
console.log(
  `judge: ${perObservation.toFixed(1)} us CPU an observation (${seen.length} observations; wanted: 20)`,
);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapsMb = Array.from({ length: PASSES }, () => {
  judgeAll();
  collect();
  return process.memoryUsage().heapUsed / 1e6;
});
const grownKb = ((heapsMb.at(-1)! - heapsMb[0]!) * 1e3) / (PASSES - 1);
console.log(
  `judge: heap after each quarter of an hour ${heapsMb.map((mb) => mb.toFixed(2)).join(', ')} MB: ${grownKb.toFixed(1)} kB more each`,
);
