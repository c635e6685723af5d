/**
 * What the store promises, as types: the synchronous side (uplink, console, the worker) and watch's
 * asynchronous side. Both are kept by one contract suite (tests/store/contract.ts).
 */
import type {
  AlertDraft,
  GapDraft,
  OutboxDraft,
  OutboxMessage,
  TelemetryMessage,
} from '../contract/index.ts';

/**
 * Who opens the database.
 * watch: appends, every commit is on the disk before it returns (`synchronous=FULL`);
 * uplink: reads and deletes (`NORMAL`: a deletion that a power cut forgets is a duplicate, nothing worse);
 * reader: read-only, needs an existing database.
 */
export type StoreRole = 'watch' | 'uplink' | 'reader';

/** The number a draft got. */
export interface Appended {
  readonly epoch: string;
  /** Gapless within the epoch, from 1. */
  readonly seq: number;
  readonly messageId: string;
}

/** A committed row that waits for acknowledgement. */
export interface OutboxRow {
  readonly epoch: string;
  readonly seq: number;
  readonly messageId: string;
  /** Ready to publish; whoever sends it late sets `historical`. */
  readonly message: OutboxMessage;
}

/** One end of a trip. Wall times are ISO 8601 in UTC, monotonic ones in ms. */
export interface TripMark {
  readonly tripId: string;
  readonly bootId: string;
  readonly atMs: number;
  readonly wallTime: string;
  readonly clock: 'synchronised' | 'unsynchronised' | 'unknown';
  readonly cause: 'ignition' | 'speed' | 'presence' | 'replay' | 'command' | 'restart';
}

/** A trip as it is kept; `end` is null while it lasts. Measures only, never pictures. */
export interface TripRecord {
  readonly tripId: string;
  readonly start: TripMark;
  readonly end: TripMark | null;
  /** Numbers of the trip by name (keys carry their unit), as given at its end. */
  readonly summary: Readonly<Record<string, number | null>>;
}

/** What a pruned store may hold. */
export interface PruneLimits {
  /** Content of the database [bytes]. */
  readonly maxBytes: number;
  /**
   * Messages made before this go (ISO 8601 in UTC); null = none. Only those whose clock was synchronised
   * are asked, and the caller gives a time only when its own is: a clock that jumps drops nothing.
   */
  readonly olderThan: string | null;
}

/** Makes the draft of a gap record: `makeGap` with the context of the caller. */
export type GapMaker = (gap: Pick<GapDraft, 'reason' | 'dropped' | 'ranges'>) => GapDraft;

/** What went. */
export interface Pruned {
  readonly telemetry: number;
  readonly expired: number;
  readonly evicted: number;
}

/**
 * The database, synchronous. Every writing method is one transaction. Errors are `StoreError`s.
 */
export interface Store {
  /** Path of the database file. */
  readonly file: string;
  /** UUID made with the database. */
  readonly epoch: string;
  /**
   * Commits a draft. Appending a `messageId` that is there already changes nothing and returns its
   * number, so that an append whose answer was lost can be repeated.
   */
  append(draft: OutboxDraft, soundedBeforeCommit?: boolean): Appended;
  /** As `append`, all in one transaction: all or none. */
  appendAll(rows: readonly { draft: OutboxDraft; soundedBeforeCommit: () => boolean }[]): AppendedRow[];
  /** The sound of this message went out before its commit was done. */
  markSounded(messageId: string): void;
  /** Rows that wait for acknowledgement with `seq > afterSeq`, in order. */
  unsent(afterSeq: number, limit: number): OutboxRow[];
  /** These rows are acknowledged. Unknown numbers are ignored. @returns how many rows were waiting */
  remove(seqs: readonly number[]): number;
  /** All up to and including `seq` are acknowledged; of another epoch it is ignored (0). */
  removeUpTo(epoch: string, seq: number): number;
  /** How many rows wait. */
  depth(): number;
  /** The last number given; 0 before the first. */
  lastSeq(): number;
  /** The newest rows, acknowledged or not, newest first; how many are kept is bounded. */
  lastAlerts(limit: number): OutboxMessage[];
  /**
   * All kept phases of the alert that a message id or an alert id names, oldest first; a gap record alone.
   * Empty = there is no such message (any more).
   */
  phases(id: string): OutboxMessage[];
  /** Last draft of each alert that was raised and not cleared, oldest first. */
  openAlerts(): AlertDraft[];
  /** Keeps telemetry that could not be sent; beyond the bound the oldest goes. @returns rows dropped */
  spillTelemetry(messages: readonly TelemetryMessage[]): number;
  /** Takes out the oldest spilled telemetry, in order. */
  takeTelemetry(limit: number): TelemetryMessage[];
  saveTripStart(mark: TripMark): void;
  /** Ends a trip; one that was never started is ignored. */
  saveTripEnd(mark: TripMark, summary: Readonly<Record<string, number | null>>): void;
  /** The newest trips, newest first. */
  trips(limit: number): TripRecord[];
  /**
   * Keeps the database within its bounds: what is older than allowed goes, then, while it is too large,
   * telemetry, notices, warnings, critical alerts, the oldest first. A gap record in the same commit names
   * the numbers that will not come; it is on the disk before this returns, whatever the role.
   */
  prune(limits: PruneLimits, gapOf: GapMaker): Pruned;
  /** A commit that changes nothing but a counter: proves that the disk takes writes. */
  canary(): void;
  /** Bytes of the database and its log on the disk. */
  sizeBytes(): number;
  close(): void;
}

/** As `Appended`, with what the row says of its sound. */
export interface AppendedRow extends Appended {
  readonly soundedBeforeCommit: boolean;
}

/** How the store does; reported on every change of `state`. */
export interface StoreHealth {
  /** ok; stalled: a commit takes long; failing: the last attempt failed and is tried again. */
  readonly state: 'ok' | 'stalled' | 'failing';
  /** One sentence; null when ok. */
  readonly reason: string | null;
  /** Drafts that wait for their commit. */
  readonly waiting: number;
  /** Since the start. */
  readonly counters: {
    /** Drafts that were committed. */
    readonly appended: number;
    readonly errors: number;
    readonly workerRestarts: number;
    /** Drafts refused because too many waited. */
    readonly refused: number;
  };
}

/** Watch's side: nothing here ever waits for a disk on the caller's thread. */
export interface StoreClient {
  /**
   * Resolves once the draft is safe on the disk; keeps the order of calls, outlives a worker that dies
   * and a disk that fails for a while. Rejects with a `StoreError` only when the draft is not valid,
   * too many wait (`queue-full`) or the client is closed.
   */
  append(draft: OutboxDraft): Promise<Appended>;
  /** The sound of this draft goes out now; when its commit is not done, the row will say so. */
  markSounded(messageId: string): void;
  openAlerts(): Promise<AlertDraft[]>;
  lastAlerts(limit: number): Promise<OutboxMessage[]>;
  saveTripStart(mark: TripMark): Promise<void>;
  saveTripEnd(mark: TripMark, summary: Readonly<Record<string, number | null>>): Promise<void>;
  trips(limit: number): Promise<TripRecord[]>;
  /** Proves the disk now. Happens by itself when nothing was committed for `canaryEveryMs`. */
  canary(): Promise<void>;
  health(): StoreHealth;
  /** Waits for what is queued (bounded by `timeoutMs`), then ends the worker. @returns drafts lost */
  close(timeoutMs?: number): Promise<number>;
}
