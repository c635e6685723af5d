/**
 * How late a timer comes on this machine, in a process that does nothing else: a line per timer with its
 * end (monotonic) and its lateness, both in ms. Argument: length of the timer [ms].
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../agent/clock.ts';

const lengthMs = Number(process.argv[2]);
const { monotonicMs } = systemClock();
for (;;) {
  const startMs = monotonicMs();
  await sleep(lengthMs);
  const endMs = monotonicMs();
  process.stdout.write(`${endMs} ${endMs - startMs - lengthMs}\n`);
}
