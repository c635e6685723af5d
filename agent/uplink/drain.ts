/**
 * From the outbox to the broker: rows in the order of their numbers, a bounded window of them on their way,
 * deleted only when acknowledged. MQTT.js is handed what is in the window and nothing else; the outbox is
 * the queue.
 *
 * puback: the broker's PUBACK acknowledges. consumer: the fleet's own `{epoch, ackedSeq}` does, and rows
 * that stay without it are sent again from the oldest on, beginning with that one alone (as TCP does), so a
 * broker that forgets costs duplicates, never an alert, and a fleet that is away costs little traffic.
 *
 * A row that the broker refuses (MQTT 5: no right to publish, quota) stays; sending stops for
 * `resendAfterMs` and begins again at it.
 */
import type { Logger } from 'pino';
import { topicOf, type AckMessage, type OutboxMessage } from '../contract/index.ts';
import type { OutboxRow, Store } from '../store/store.ts';
import { createRemoval } from './removal.ts';
import { PublishRefused, type Session } from './session.ts';

export interface DrainOptions {
  readonly store: Pick<Store, 'epoch' | 'unsent' | 'lastSeq' | 'remove' | 'removeUpTo'>;
  readonly deviceId: string;
  readonly ack: 'puback' | 'consumer';
  /** Rows on their way at once. */
  readonly inFlight: number;
  readonly resendAfterMs: number;
  readonly deleteBatchEveryMs: number;
  /** Monotonic [ms]. */
  readonly nowMs: () => number;
  /** The wall time of a row whose clock was not set, where it is known now. */
  readonly correctedWallTime: (message: OutboxMessage) => string | null;
  readonly log: Logger;
}

export interface Drain {
  /** A session began: everything that waits is sent, from the oldest on. */
  begin(session: Session): void;
  /** It is over; nothing that was on its way counts. */
  end(): void;
  /** There may be new rows. */
  wake(): void;
  /** Called a few times a second: sends again what is due, deletes what is acknowledged. */
  tick(): void;
  /** The fleet's acknowledgement. Of another epoch, or beyond what was ever numbered, it is ignored. */
  acknowledged(ack: AckMessage): void;
  /** Deletes what is acknowledged, now. */
  close(): void;
  /** One sentence while sending or deleting does not work; else `null`. */
  readonly fault: string | null;
}

/** sent: no answer yet; taken: the broker has it (consumer mode); refused: the broker does not want it. */
type RowState = 'sent' | 'taken' | 'refused';

/** What belongs to one session. */
interface Run {
  readonly session: Session;
  /** Rows up to this were committed before the session began: sent as history. */
  readonly historyEnd: number;
  /** By number, in order. */
  readonly window: Map<number, RowState>;
  /** The last number that was taken up. */
  cursor: number;
  /** Rows on their way at once: one while nobody acknowledges, to find out whether somebody does again. */
  limit: number;
  /** Not before this are rows sent again [monotonic ms]. */
  resendAtMs: number;
}

export function createDrain(options: DrainOptions): Drain {
  const { store, nowMs, log } = options;
  const topic = topicOf(options.deviceId, 'alert');
  const removal = createRemoval(store, options.deleteBatchEveryMs, nowMs);
  let session: Session | null = null;
  let run: Run | null = null;
  let storeFault: string | null = null;
  let refusal: string | null = null;

  /** The store may be locked or its disk full: that is said once, and tried again at the next tick. */
  const guarded = (work: () => void) => {
    try {
      work();
      storeFault = null;
    } catch (error) {
      const sentence = (error as Error).message;
      if (sentence !== storeFault) log.error(sentence);
      storeFault = sentence;
    }
  };
  const startRun = (on: Session): Run => ({
    session: on,
    historyEnd: store.lastSeq(),
    window: new Map(),
    cursor: 0,
    limit: options.inFlight,
    resendAtMs: Infinity,
  });
  const pump = () => {
    if (session === null) return;
    run ??= startRun(session);
    while (run.window.size < run.limit && !hasRefused(run)) {
      const rows = store.unsent(run.cursor, run.limit - run.window.size);
      if (rows.length === 0) return;
      for (const row of rows) {
        run.cursor = row.seq;
        if (!removal.has(row.seq)) send(run, row);
      }
    }
  };
  const send = (on: Run, row: OutboxRow) => {
    if (on.window.size === 0) on.resendAtMs = nowMs() + options.resendAfterMs;
    on.window.set(row.seq, 'sent');
    const [oldestSeq] = on.window.keys();
    const wallTimeCorrected = options.correctedWallTime(row.message);
    const message = {
      ...row.message,
      historical: row.seq <= on.historyEnd,
      oldestSeq,
      ...(wallTimeCorrected === null ? {} : { wallTimeCorrected }),
    };
    on.session.publish(topic, JSON.stringify(message), { qos: 1 }).then(
      () => on === run && taken(on, row.seq),
      (error: unknown) => on === run && error instanceof PublishRefused && refused(on, row.seq, error),
    );
  };
  const taken = (on: Run, seq: number) => {
    if (refusal !== null && !hasRefused(on)) refusal = null;
    if (options.ack === 'puback') {
      on.window.delete(seq);
      removal.add(seq);
      guarded(pump);
    } else if (on.window.has(seq)) {
      on.window.set(seq, 'taken');
    }
  };
  const refused = (on: Run, seq: number, { message }: PublishRefused) => {
    const sentence = `the broker refuses alerts of ${options.deviceId} (${message}); they are kept`;
    if (sentence !== refusal) log.error(sentence);
    refusal = sentence;
    if (!on.window.has(seq)) return;
    on.window.set(seq, 'refused');
    on.resendAtMs = nowMs() + options.resendAfterMs;
  };
  /** Only once the broker has answered everything: a slow one must not be given ever more. */
  const resendDue = (on: Run) => {
    const states = [...on.window.values()];
    return states.length > 0 && nowMs() >= on.resendAtMs && !states.includes('sent');
  };
  const goBack = (on: Run) => {
    const [oldest] = on.window.keys();
    on.cursor = oldest! - 1;
    // A refused row must not hold up the rest for ever; where nobody acknowledges, one row is enough to ask.
    on.limit = hasRefused(on) ? options.inFlight : 1;
    on.window.clear();
  };

  return {
    begin(opened) {
      session = opened;
      run = null;
      guarded(() => {
        removal.flush(true);
        pump();
      });
    },
    end() {
      session = null;
      run = null;
    },
    wake: () => guarded(pump),
    tick: () =>
      guarded(() => {
        removal.flush();
        if (run !== null && resendDue(run)) goBack(run);
        pump();
      }),
    acknowledged: ({ epoch, ackedSeq }) =>
      guarded(() => {
        if (options.ack !== 'consumer' || epoch !== store.epoch || ackedSeq > store.lastSeq()) return;
        removal.upTo(ackedSeq);
        if (run !== null && forget(run, ackedSeq)) {
          run.limit = options.inFlight;
          run.resendAtMs = nowMs() + options.resendAfterMs;
        }
        pump();
      }),
    close: () => guarded(() => removal.flush(true)),
    get fault() {
      return storeFault ?? refusal;
    },
  };
}

const hasRefused = (run: Run): boolean => [...run.window.values()].includes('refused');

/** Takes acknowledged rows out of the window. @returns whether there were any */
function forget(run: Run, ackedSeq: number): boolean {
  const before = run.window.size;
  for (const seq of run.window.keys()) if (seq <= ackedSeq) run.window.delete(seq);
  return run.window.size < before;
}
