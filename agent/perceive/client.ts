/**
 * The main thread's side of perception: hands slot numbers and windows to the worker, waits for what it
 * saw, and replaces a worker that dies or hangs.
 *
 * A frame that the worker loses is answered with `null` and counted; the next one goes to its successor.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { FrameMeta } from '../../hardware/camera/camera.ts';
import type { AudioWindow } from '../capture/audio-window.ts';
import type { FaceSeen, NoFace, VoiceSeen } from './observation.ts';
import type { LoadedNetworks, WorkerReply, WorkerRequest, WorkerStart } from './worker.ts';

export interface PerceiveOptions extends WorkerStart {
  /** Told at each start of a worker what it works with. */
  readonly onLoaded?: (loaded: LoadedNetworks) => void;
  /** Told of each change: `null` when all is well, else one sentence. */
  readonly onHealth: (fault: string | null) => void;
  /** Another worker, to try the client against one that misbehaves; left out = `worker.ts`. */
  readonly workerUrl?: URL;
}

export interface PerceiveStats {
  readonly frames: number;
  readonly windows: number;
  /** Asked and never answered, because the worker failed, hung or died. */
  readonly lost: number;
  readonly workerRestarts: number;
}

export interface PerceiveClient {
  /** What is to be seen in the slot; `null` when the worker lost the frame. The slot is free again when it settles. */
  perceiveFrame(slot: number, meta: FrameMeta): Promise<FaceSeen | NoFace | null>;
  perceiveWindow(window: AudioWindow): Promise<VoiceSeen | null>;
  stats(): PerceiveStats;
  /** Ends the worker; what it was asked is answered with `null`. */
  close(): Promise<void>;
}

type Seen = FaceSeen | NoFace | VoiceSeen;
type Ask = WorkerRequest extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never;

/** Wait before a worker that died is replaced, doubled while it keeps dying [ms]. */
const RESTART_MIN_MS = 100;
const RESTART_MAX_MS = 10_000;

/**
 * Starts the worker and waits until its networks are loaded.
 * @throws Error in one sentence when they cannot be (a missing or wrong model file)
 */
export async function startPerceive(options: PerceiveOptions): Promise<PerceiveClient> {
  const client = new Client(options);
  await client.open();
  return client;
}

/** In a release the worker lies beside this file as JavaScript. */
const ownWorker = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

class Client implements PerceiveClient {
  readonly #options: PerceiveOptions;
  readonly #asked = new Map<number, (seen: Seen | null) => void>();
  #worker: Promise<Worker> | null = null;
  #nextId = 0;
  #watchdog: NodeJS.Timeout | undefined;
  #restartMs = RESTART_MIN_MS;
  #closed = false;
  #counts = { frames: 0, windows: 0, lost: 0, workerRestarts: 0 };

  constructor(options: PerceiveOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#worker = this.#start();
    await this.#worker;
  }

  async perceiveFrame(slot: number, meta: FrameMeta): Promise<FaceSeen | NoFace | null> {
    this.#counts.frames += 1;
    return (await this.#ask({ frame: { slot, meta } })) as FaceSeen | NoFace | null;
  }

  async perceiveWindow(window: AudioWindow): Promise<VoiceSeen | null> {
    this.#counts.windows += 1;
    return (await this.#ask({ window })) as VoiceSeen | null;
  }

  stats(): PerceiveStats {
    return { ...this.#counts };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = await this.#worker?.catch(() => null);
    await worker?.terminate();
    this.#loseAsked();
  }

  async #ask(ask: Ask): Promise<Seen | null> {
    const worker = await this.#worker?.catch(() => null);
    if (this.#closed || worker === null || worker === undefined) {
      this.#counts.lost += 1;
      return null;
    }
    const id = this.#nextId++;
    return await new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#watch(worker);
      worker.postMessage({ ...ask, id });
    });
  }

  /** The worker owes an answer: it is given `workerSilentMs` for each. */
  #watch(worker: Worker): void {
    clearTimeout(this.#watchdog);
    if (this.#asked.size === 0) return;
    const { workerSilentMs } = this.#options.perceive;
    this.#watchdog = setTimeout(() => {
      this.#options.onHealth(
        `the perceive worker has not answered for ${(workerSilentMs / 1000).toFixed(1)} s; it is replaced`,
      );
      void worker.terminate(); // `exit` follows
    }, workerSilentMs);
  }

  async #start(): Promise<Worker> {
    const { ring, models, perceive, clippedAt, workerUrl } = this.#options;
    const start: WorkerStart = { ring, models, perceive, clippedAt };
    const worker = new Worker(workerUrl ?? ownWorker(), { workerData: start });
    const ready = Promise.withResolvers<undefined>();
    let started = false;
    worker.on('message', (reply: WorkerReply) => {
      if ('ready' in reply) {
        started = true;
        this.#options.onLoaded?.(reply.loaded);
        ready.resolve(undefined);
      } else if ('startFault' in reply) ready.reject(new Error(reply.startFault));
      else this.#answered(worker, reply);
    });
    worker.on('error', (error) => {
      ready.reject(error as Error);
      if (started) this.#options.onHealth(`the perceive worker failed: ${(error as Error).message}`);
    });
    worker.on('exit', () => {
      ready.reject(new Error('the perceive worker ended before it was ready'));
      if (started) this.#replace();
    });
    try {
      await ready.promise;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    return worker;
  }

  #answered(worker: Worker, reply: Extract<WorkerReply, { id: number }>): void {
    const resolve = this.#asked.get(reply.id);
    this.#asked.delete(reply.id);
    this.#watch(worker);
    if ('seen' in reply) {
      this.#restartMs = RESTART_MIN_MS;
      this.#options.onHealth(null);
      resolve?.(reply.seen);
    } else {
      this.#counts.lost += 1;
      this.#options.onHealth(`perception failed: ${reply.fault}`);
      resolve?.(null);
    }
  }

  /** The worker is gone: what it owed is lost, and another takes its place, for ever. */
  #replace(): void {
    clearTimeout(this.#watchdog);
    if (this.#closed) return;
    this.#options.onHealth('the perceive worker has ended; another is started');
    this.#worker = this.#startAgain();
    this.#loseAsked();
  }

  async #startAgain(): Promise<Worker> {
    for (;;) {
      await pause(this.#restartMs);
      this.#restartMs = Math.min(2 * this.#restartMs, RESTART_MAX_MS);
      this.#counts.workerRestarts += 1;
      try {
        return await this.#start();
      } catch (error) {
        if (this.#closed) throw error;
        this.#options.onHealth(`the perceive worker cannot start: ${(error as Error).message}`);
      }
    }
  }

  #loseAsked(): void {
    this.#counts.lost += this.#asked.size;
    for (const resolve of this.#asked.values()) resolve(null);
    this.#asked.clear();
  }
}
