/** The main thread's side of the JPEG worker. In: a JPEG. Out: raw planes, or what was wrong with it. */
import { Worker } from 'node:worker_threads';
import type { JpegReply, JpegRequest } from './jpeg-worker.ts';

export interface JpegDecoder {
  /** One at a time; a thread that ended is a fault too. Never rejects. */
  decode(request: JpegRequest): Promise<JpegReply>;
  close(): Promise<void>;
}

/** Starts the thread; whoever does must close it. */
export function startJpegDecoder(): JpegDecoder {
  const worker = new Worker(new URL(workerFile(), import.meta.url), { name: 'jpeg' });
  let settle: ((reply: JpegReply) => void) | null = null;
  let gone: string | null = null;
  const leave = (fault: string) => {
    gone ??= fault;
    settle?.({ fault: gone });
  };
  worker.on('message', (reply: JpegReply) => settle?.(reply));
  worker.on('error', (error) => leave(`the JPEG decoder failed: ${String(error)}`));
  worker.on('exit', () => leave('the JPEG decoder was closed'));
  return {
    decode: (request) =>
      new Promise<JpegReply>((resolve) => {
        settle = resolve;
        if (gone === null) worker.postMessage(request);
        else resolve({ fault: gone });
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}

/** TypeScript in a checkout, JavaScript in a release. */
const workerFile = (): string =>
  import.meta.filename.endsWith('.ts') ? './jpeg-worker.ts' : './jpeg-worker.js';
