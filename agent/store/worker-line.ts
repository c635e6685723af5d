/**
 * The line to the store's worker: starts it, asks one thing at a time, starts it anew when it dies.
 *
 * A request that was under way when the worker died is answered by `WorkerGone`: whether it was carried
 * out is not known, so only what may be repeated is sent here.
 */
import { Worker } from 'node:worker_threads';
import { StoreError } from './errors.ts';
import type { Opened, Reply, Work, WorkerStart } from './worker.ts';

/** The worker died, or could not open the database again. */
export class WorkerGone extends Error {}

export interface WorkerLine {
  /** Starts the worker unless it runs. Rejects with `StoreError` or `WorkerGone` when it cannot open. */
  open(): Promise<void>;
  /** Carries out one piece of work. Rejects with `StoreError` (the store said no) or `WorkerGone`. */
  ask(work: Work): Promise<unknown>;
  /** How often the worker had to be started anew. */
  restarts(): number;
  /** Ends the worker. */
  end(): Promise<void>;
}

/** Runs `ask`s against a worker, which is started at the first and after each death. */
export function workerLine(url: URL, start: WorkerStart): WorkerLine {
  let worker: Promise<Worker> | null = null;
  let starts = 0;
  let lastId = 0;
  const running = async (): Promise<Worker> => {
    if (worker === null) {
      starts += 1;
      worker = startWorker(url, start, () => (worker = null));
    }
    return await worker;
  };
  return {
    async open() {
      await running();
    },
    async ask(work) {
      const started = await running();
      lastId += 1;
      return await exchange(started, lastId, work);
    },
    restarts: () => Math.max(0, starts - 1),
    async end() {
      const last = await worker?.catch(() => null);
      await last?.terminate();
    },
  };
}

/** Resolves once the worker has opened the database; `onExit` is called when it is gone. */
function startWorker(url: URL, start: WorkerStart, onExit: () => void): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(url, { workerData: start, name: 'store' });
    worker.once('message', (opened: Opened) => {
      if (opened.opened) resolve(worker);
      else reject(new StoreError(opened.failure.fault, opened.failure.message));
    });
    worker.on('error', (cause) => reject(new WorkerGone('the store worker failed to start', { cause })));
    worker.once('exit', () => {
      onExit();
      reject(new WorkerGone('the store worker ended before it had started'));
    });
  });
}

function exchange(worker: Worker, id: number, work: Work): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off('message', onReply).off('error', onError).off('exit', onExit);
      finish();
    };
    const onReply = (reply: Reply) => {
      if (reply.id !== id) return;
      settle(() => {
        if ('failure' in reply) reject(new StoreError(reply.failure.fault, reply.failure.message));
        else resolve(reply.value);
      });
    };
    const onError = (cause: unknown) =>
      settle(() => reject(new WorkerGone('the store worker failed', { cause })));
    const onExit = () => settle(() => reject(new WorkerGone('the store worker ended')));
    worker.on('message', onReply).on('error', onError).on('exit', onExit);
    worker.postMessage({ id, ...work });
  });
}
