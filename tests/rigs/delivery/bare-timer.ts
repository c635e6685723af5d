/**
 * How late a timer and the player come on this machine where nothing else is to be done: again and again a
 * timer, then the player with the clip `bare-T`, T being the time it was due, monotonic [ms].
 * Arguments: length of the timer [ms], the player.
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../agent/clock.ts';

/** Between two of them, so that they cost little [ms]. */
const PAUSE_MS = 100;

const [lengthMs = '', player = ''] = process.argv.slice(2);
const { monotonicMs } = systemClock();
for (;;) {
  const dueMs = monotonicMs() + Number(lengthMs);
  await sleep(Number(lengthMs));
  spawn(player, [`bare-${dueMs}`], { stdio: 'ignore' });
  await sleep(PAUSE_MS);
}
