/**
 * Watch's side of the store: asynchronous, never blocking. The work is done by `worker.ts`.
 *
 * One request is at the worker at a time; drafts that gather meanwhile share the next commit. A draft
 * leaves the line only when its commit is known: if the worker dies or the disk fails, the same drafts
 * are sent again, and their message ids keep them from being doubled.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { StoreConfig } from '../../config/schema.ts';
import type { AlertDraft, OutboxDraft, OutboxMessage } from '../contract/index.ts';
import { StoreError } from './errors.ts';
import { checkedDraft } from './outbox.ts';
import { healthOf } from './store-health.ts';
import type { HealthNotes } from './store-health.ts';
import type { Appended, AppendedRow, StoreClient, StoreHealth, TripRecord } from './store.ts';
import { headOf, isDraft, surplusOf } from './waiting-line.ts';
import type { Waiting, WaitingCall, WaitingDraft } from './waiting-line.ts';
import { WorkerGone, workerLine } from './worker-line.ts';
import type { WorkerLine } from './worker-line.ts';
import type { CallName } from './worker.ts';

/** Drafts that share one commit at most. */
const BATCH_LIMIT = 64;
/** Pause before what failed is tried again, doubled up to the longest [ms]. */
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 10_000;

/** Calls that say nothing about whether the disk takes writes. */
const READS: ReadonlySet<CallName> = new Set(['openAlerts', 'lastAlerts', 'trips']);

export interface StoreOptions {
  /** Told of every change of `state`. */
  readonly onHealth?: (health: StoreHealth) => void;
  /** Another worker, to try the client against one that misbehaves; left out = `worker.ts`. */
  readonly workerUrl?: URL;
}

/**
 * Opens the database in a worker and tries a commit.
 * @throws {StoreError} when it cannot be opened or written by this user; a disk that is full or fails
 *   for a while is no reason to stop: it is tried again for ever, and health says so
 */
export async function startStore(
  file: string,
  config: StoreConfig,
  options: StoreOptions = {},
): Promise<StoreClient> {
  const worker = workerLine(options.workerUrl ?? ownWorker(), { file, config });
  await worker.open();
  const client = new Client(worker, config, options.onHealth ?? (() => undefined));
  const fault: unknown = await client.canary().catch((error: unknown) => error);
  if (!(fault instanceof StoreError) || fault.fault !== 'unwritable') return client;
  await client.close(0);
  throw fault;
}

/** In a release the worker lies beside this file as JavaScript. */
function ownWorker(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
}

class Client implements StoreClient {
  readonly #worker: WorkerLine;
  readonly #config: StoreConfig;
  readonly #notes: HealthNotes;
  #waiting: Waiting[] = [];
  /** How many at the head of the line are at the worker. */
  #busy = 0;
  #closed = false;
  #pumping: Promise<void> | null = null;
  #canaryTimer: NodeJS.Timeout | undefined;

  constructor(worker: WorkerLine, config: StoreConfig, onHealth: (health: StoreHealth) => void) {
    this.#worker = worker;
    this.#config = config;
    const outside = () => ({ waiting: this.#drafts(), workerRestarts: worker.restarts() });
    this.#notes = healthOf(config.stalledAfterMs, outside, onHealth);
  }

  async append(draft: OutboxDraft): Promise<Appended> {
    const checked = checkedDraft(draft);
    return await new Promise((resolve, reject) => {
      this.#enter({ op: 'append', draft: checked, sounded: new SharedArrayBuffer(4), resolve, reject });
    });
  }

  markSounded(messageId: string): void {
    const item = this.#waiting.find((one) => isDraft(one) && one.draft.messageId === messageId);
    if (item !== undefined && isDraft(item)) Atomics.store(new Int32Array(item.sounded), 0, 1);
  }

  async openAlerts(): Promise<AlertDraft[]> {
    return (await this.#call('openAlerts')) as AlertDraft[];
  }

  async lastAlerts(limit: number): Promise<OutboxMessage[]> {
    return (await this.#call('lastAlerts', limit)) as OutboxMessage[];
  }

  async saveTripStart(...mark: Parameters<StoreClient['saveTripStart']>): Promise<void> {
    await this.#call('saveTripStart', ...mark);
  }

  async saveTripEnd(...trip: Parameters<StoreClient['saveTripEnd']>): Promise<void> {
    await this.#call('saveTripEnd', ...trip);
  }

  async trips(limit: number): Promise<TripRecord[]> {
    return (await this.#call('trips', limit)) as TripRecord[];
  }

  async canary(): Promise<void> {
    await this.#call('canary');
  }

  health(): StoreHealth {
    return this.#notes.now();
  }

  async close(timeoutMs = 5000): Promise<number> {
    this.#closed = true;
    clearTimeout(this.#canaryTimer);
    await this.#within(timeoutMs, this.#pumping);
    const lost = this.#drafts();
    const idle = this.#waiting.length === 0;
    this.#waiting.forEach((item) => item.reject(closedError()));
    this.#waiting = [];
    // Only an idle worker is asked: one that hangs in a commit would not answer.
    if (idle) await this.#worker.ask({ op: 'call', name: 'close', args: [] }).catch(() => undefined);
    await this.#within(timeoutMs, this.#worker.end());
    this.#notes.end();
    return lost;
  }

  #within(timeoutMs: number, work: Promise<void> | null): Promise<void> {
    return Promise.race([work, pause(timeoutMs, undefined, { ref: false })]).then(() => undefined);
  }

  #drafts(): number {
    return this.#waiting.filter(isDraft).length;
  }

  #call(name: CallName, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => this.#enter({ op: 'call', name, args, resolve, reject }));
  }

  #enter(item: Waiting): void {
    if (this.#closed) {
      item.reject(closedError());
      return;
    }
    this.#waiting.push(item);
    const surplus = surplusOf(this.#waiting, this.#busy, this.#config.queueMax);
    if (surplus !== null) this.#refuse(surplus);
    this.#pumping ??= this.#pump();
  }

  #refuse(surplus: WaitingDraft): void {
    this.#leave([surplus]);
    this.#notes.refused();
    const max = String(this.#config.queueMax);
    surplus.reject(new StoreError('queue-full', `store: more than ${max} alerts wait for the disk`));
  }

  /** Works the line off; ends when it is empty. */
  async #pump(): Promise<void> {
    let retryMs = RETRY_MIN_MS;
    while (this.#waiting.length > 0) {
      const head = headOf(this.#waiting, BATCH_LIMIT);
      this.#busy = Array.isArray(head) ? head.length : 1;
      this.#notes.begun();
      const again = Array.isArray(head) ? !(await this.#commit(head)) : !(await this.#carryOut(head));
      this.#busy = 0;
      if (again && this.#waiting.length > 0) await pause(retryMs);
      retryMs = again ? Math.min(retryMs * 2, RETRY_MAX_MS) : RETRY_MIN_MS;
    }
    this.#pumping = null;
  }

  /** One commit of several drafts; they stay in the line when it fails. @returns whether it is done */
  async #commit(head: readonly WaitingDraft[]): Promise<boolean> {
    try {
      const rows = head.map(({ draft, sounded }) => ({ draft, sounded }));
      const done = (await this.#worker.ask({ op: 'append', rows })) as AppendedRow[];
      this.#leave(head);
      this.#committed(head.length);
      head.forEach((item, index) => this.#settle(item, done[index]!));
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** A call that the store refuses goes back to the caller; one that a dying worker took is repeated. */
  async #carryOut(head: WaitingCall): Promise<boolean> {
    const { op, name, args } = head;
    try {
      const value = await this.#worker.ask({ op, name, args });
      this.#leave([head]);
      if (READS.has(name)) this.#notes.answered();
      else this.#committed(0);
      head.resolve(value);
    } catch (error) {
      const fault = this.#failed(error);
      if (fault instanceof WorkerGone && !this.#closed) return false;
      this.#leave([head]);
      head.reject(fault);
    }
    return true;
  }

  #settle(item: WaitingDraft, row: AppendedRow): void {
    item.resolve({ epoch: row.epoch, seq: row.seq, messageId: row.messageId });
    const sounded = Atomics.load(new Int32Array(item.sounded), 0) === 1;
    if (!sounded || row.soundedBeforeCommit) return;
    // The sound went out between the writing of the row and the end of its commit.
    const settled = { resolve: () => undefined, reject: () => undefined };
    this.#waiting.push({ op: 'call', name: 'markSounded', args: [row.messageId], ...settled });
  }

  #leave(head: readonly Waiting[]): void {
    this.#waiting = this.#waiting.filter((item) => !head.includes(item));
  }

  #committed(drafts: number): void {
    this.#notes.committed(drafts);
    this.#armCanary(this.#config.canaryEveryMs);
  }

  #failed(error: unknown): Error {
    const fault = error instanceof Error ? error : new Error(String(error));
    this.#notes.failed(fault);
    this.#armCanary(Math.min(this.#config.canaryEveryMs, RETRY_MAX_MS));
    return fault;
  }

  /** While anything waits, it proves the disk itself. */
  #armCanary(afterMs: number): void {
    clearTimeout(this.#canaryTimer);
    if (this.#closed) return;
    const prove = () => (this.#waiting.length === 0 ? this.canary().catch(() => undefined) : undefined);
    this.#canaryTimer = setTimeout(() => void prove(), afterMs).unref();
  }
}

const closedError = () => new StoreError('closed', 'store: it is closed');
