/**
 * A store worker that misbehaves once, then works. Which way lies in the file `<database>.odd`, which it
 * takes away when it has done it:
 * dies: commits, then ends without an answer; full: refuses as a full disk does;
 * late: answers only after the sound went out.
 */
import { existsSync, readFileSync, unlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { openStore } from '../../../agent/store/database.ts';
import type { Request, WorkerStart } from '../../../agent/store/worker.ts';

const { file, config } = workerData as WorkerStart;
const port = parentPort!;
const store = openStore(file, config, 'watch');
const oddity = `${file}.odd`;

function takeOddity(): string {
  if (!existsSync(oddity)) return 'none';
  const odd = readFileSync(oddity, 'utf8');
  unlinkSync(oddity);
  return odd;
}

/** The main thread sets the flag without a notice, hence the looks every 5 ms. */
function awaitSound(flag: Int32Array): void {
  while (Atomics.load(flag, 0) === 0) Atomics.wait(flag, 0, 0, 5);
}

function append(request: Extract<Request, { op: 'append' }>): void {
  const odd = takeOddity();
  if (odd === 'full') {
    port.postMessage({ id: request.id, failure: { fault: 'disk-full', message: 'the disk is full' } });
    return;
  }
  const rows = request.rows.map(({ draft }) => ({ draft, soundedBeforeCommit: () => false }));
  const value = store.appendAll(rows);
  if (odd === 'dies') process.exit(1);
  if (odd === 'late') awaitSound(new Int32Array(request.rows[0]!.sounded));
  port.postMessage({ id: request.id, value });
}

port.postMessage({ opened: true });
port.on('message', (request: Request) => {
  if (request.op === 'append') {
    append(request);
    return;
  }
  const method = Reflect.get(store, request.name) as (...args: readonly unknown[]) => unknown;
  port.postMessage({ id: request.id, value: method(...request.args) });
  if (request.name === 'close') port.close();
});
