/**
 * Entry of the store's worker thread: the only SQLite in watch. A commit may block here for seconds (a
 * worn card) without holding anything up on the main thread.
 *
 * In: `Request`s, carried out one after the other in the order of arrival. Out: `Opened` once, then one
 * `Reply` per request.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { StoreConfig } from '../../config/schema.ts';
import type { OutboxDraft } from '../contract/index.ts';
import { openStore } from './database.ts';
import type { StoreFault } from './errors.ts';
import { storeError } from './errors.ts';
import type { AppendedRow, Store } from './store.ts';

/** What the worker is started with. */
export interface WorkerStart {
  readonly file: string;
  readonly config: StoreConfig;
}

/** Methods that are carried out as they are. */
export type CallName =
  | 'markSounded'
  | 'openAlerts'
  | 'lastAlerts'
  | 'saveTripStart'
  | 'saveTripEnd'
  | 'trips'
  | 'canary'
  | 'close';

/** `sounded` is shared memory, one Int32: the main thread sets it to 1 when the sound goes out. */
export type Work =
  | { readonly op: 'append'; readonly rows: readonly { draft: OutboxDraft; sounded: SharedArrayBuffer }[] }
  | { readonly op: 'call'; readonly name: CallName; readonly args: readonly unknown[] };
export type Request = Work & { readonly id: number };

export interface Failure {
  readonly fault: StoreFault;
  readonly message: string;
}
export type Reply =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly failure: Failure };
export type Opened = { readonly opened: true } | { readonly opened: false; readonly failure: Failure };

function failureOf(error: unknown, file: string): Failure {
  const { fault, message } = storeError(error, file);
  return { fault, message };
}

function appendAll(store: Store, rows: Extract<Work, { op: 'append' }>['rows']): AppendedRow[] {
  return store.appendAll(
    rows.map(({ draft, sounded }) => ({
      draft,
      soundedBeforeCommit: () => Atomics.load(new Int32Array(sounded), 0) === 1,
    })),
  );
}

function carryOut(store: Store, work: Work): unknown {
  if (work.op === 'append') return appendAll(store, work.rows);
  const method = Reflect.get(store, work.name) as (...args: readonly unknown[]) => unknown;
  return method(...work.args);
}

function serve(start: WorkerStart, port: MessagePort): void {
  let store: Store;
  try {
    store = openStore(start.file, start.config, 'watch');
  } catch (error) {
    port.postMessage({ opened: false, failure: failureOf(error, start.file) } satisfies Opened);
    return;
  }
  port.postMessage({ opened: true } satisfies Opened);
  port.on('message', (request: Request) => {
    try {
      port.postMessage({ id: request.id, value: carryOut(store, request) } satisfies Reply);
    } catch (error) {
      port.postMessage({ id: request.id, failure: failureOf(error, start.file) } satisfies Reply);
    }
    if (request.op === 'call' && request.name === 'close') port.close();
  });
}

if (parentPort !== null) serve(workerData as WorkerStart, parentPort);
