/**
 * A role that does what a test tells it to. Arguments: verb, file for a line per event, behaviour, details.
 * `exit N`: ends at once; `stay`: until told; `deaf`: hears no SIGTERM; `late`: asks only when the
 * supervisor is gone already, as one does that still loads its modules.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilTold } from '../../agent/supervise.ts';

const [role = '', file = '', behaviour = '', detail = '0'] = process.argv.slice(2);
const note = (event: string): void => appendFileSync(file, `${role} ${event} ${process.pid}\n`);

const stayUntilTold = (): void => {
  const alive = setInterval(() => undefined, 1000);
  const told = untilTold();
  const end = (): void => {
    note('told');
    clearInterval(alive);
  };
  if (told.aborted) end();
  else told.addEventListener('abort', end);
};

if (behaviour === 'deaf') process.on('SIGTERM', () => note('heard'));
note('started');
if (behaviour === 'exit') process.exitCode = Number(detail);
else if (behaviour === 'deaf') setInterval(() => undefined, 1000);
else if (behaviour === 'late') {
  while (process.connected) await sleep(5);
  stayUntilTold();
} else stayUntilTold();
