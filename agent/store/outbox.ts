/**
 * The outbox: drafts get their number and stay until acknowledged.
 *
 * Every writing function here is one transaction that takes the write lock first (`immediate`), so that
 * the number is read and given under one lock, whoever else writes.
 */
import type { Database, Statement } from 'better-sqlite3';
import { alertDraft, gapDraft, toMessage } from '../contract/index.ts';
import type { OutboxDraft, OutboxMessage } from '../contract/index.ts';
import { StoreError } from './errors.ts';
import { followPhase } from './open-alerts.ts';
import type { AppendedRow, OutboxRow } from './store.ts';

/** A row as SQLite gives it. */
export interface StoredRow {
  readonly seq: number;
  readonly message_id: string;
  readonly sounded_before_commit: number;
  readonly draft: string;
}

/** A draft on its way in. The question about the sound is asked under the lock, as late as possible. */
export interface Incoming {
  readonly draft: OutboxDraft;
  readonly soundedBeforeCommit: () => boolean;
}

/** Gap records go last of all. */
export const GAP_SEVERITY = 4;

/**
 * The draft as the contract knows it.
 * @throws {StoreError} `invalid`, naming the first field that is wrong
 */
export function checkedDraft(draft: OutboxDraft): OutboxDraft {
  const schema = draft.kind === 'gap' ? gapDraft : alertDraft;
  const parsed = schema.safeParse(draft);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new StoreError('invalid', `store: ${draft.kind}, field ${issue.path.join('.')}: ${issue.message}`);
}

/** The message of a stored row. */
export function messageOf(epoch: string, row: StoredRow): OutboxMessage {
  const soundedBeforeCommit = row.sounded_before_commit === 1;
  return toMessage(JSON.parse(row.draft) as OutboxDraft, { epoch, seq: row.seq, soundedBeforeCommit });
}

/** Writes drafts, inside a transaction of the caller. */
export function insertDrafts(db: Database, epoch: string, rows: readonly Incoming[]): AppendedRow[] {
  const known = db.prepare('SELECT seq, sounded_before_commit FROM outbox WHERE message_id = ?');
  const next = db.prepare('UPDATE epoch SET last_seq = last_seq + 1 RETURNING last_seq').pluck();
  const insert = db.prepare(
    'INSERT INTO outbox (seq, message_id, severity, sounded_before_commit, draft) VALUES (?, ?, ?, ?, ?)',
  );
  return rows.map(({ draft, soundedBeforeCommit }) => {
    const { messageId } = draft;
    const there = known.get(messageId) as Pick<StoredRow, 'seq' | 'sounded_before_commit'> | undefined;
    if (there !== undefined) {
      return { epoch, seq: there.seq, messageId, soundedBeforeCommit: there.sounded_before_commit === 1 };
    }
    const seq = next.get() as number;
    const sounded = soundedBeforeCommit();
    const severity = draft.kind === 'gap' ? GAP_SEVERITY : draft.severity;
    insert.run(seq, messageId, severity, sounded ? 1 : 0, JSON.stringify(draft));
    followPhase(db, draft, seq);
    return { epoch, seq, messageId, soundedBeforeCommit: sounded };
  });
}

/** The outbox's part of `Store`, on an open database. */
export function outboxOf(db: Database, epoch: string, recentAlerts: number) {
  const lastSeq = db.prepare('SELECT last_seq FROM epoch').pluck();
  const unsent = db.prepare(
    'SELECT seq, message_id, sounded_before_commit, draft FROM outbox WHERE seq > ? AND acknowledged = 0 ORDER BY seq LIMIT ?',
  );
  const depth = db.prepare('SELECT count(*) FROM outbox WHERE acknowledged = 0').pluck();
  const markSounded = db.prepare('UPDATE outbox SET sounded_before_commit = 1 WHERE message_id = ?');
  const removal = removalOf(db, lastSeq, recentAlerts);
  return {
    append(draft: OutboxDraft, soundedBeforeCommit = false) {
      const [row] = this.appendAll([{ draft, soundedBeforeCommit: () => soundedBeforeCommit }]);
      return { epoch: row!.epoch, seq: row!.seq, messageId: row!.messageId };
    },
    appendAll(rows: readonly Incoming[]) {
      const checked = rows.map((row) => ({ ...row, draft: checkedDraft(row.draft) }));
      return db.transaction(() => insertDrafts(db, epoch, checked)).immediate();
    },
    markSounded: (messageId: string) => void markSounded.run(messageId),
    unsent: (afterSeq: number, limit: number): OutboxRow[] =>
      (unsent.all(afterSeq, limit) as StoredRow[]).map((row) => ({
        epoch,
        seq: row.seq,
        messageId: row.message_id,
        message: messageOf(epoch, row),
      })),
    remove: removal.remove,
    removeUpTo: (ofEpoch: string, seq: number) => (ofEpoch === epoch ? removal.removeUpTo(seq) : 0),
    depth: () => depth.get() as number,
    lastSeq: () => lastSeq.get() as number,
  };
}

/**
 * Acknowledged rows: the newest stay for the page, and so does the last row of an alert that is still
 * open; all others go. Marking costs no more than deleting, so nothing is written twice.
 */
function removalOf(db: Database, lastSeq: Statement, recentAlerts: number) {
  const mark = db.prepare('UPDATE outbox SET acknowledged = 1 WHERE seq = ? AND acknowledged = 0');
  const markUpTo = db.prepare('UPDATE outbox SET acknowledged = 1 WHERE seq <= ? AND acknowledged = 0');
  const prune = db.prepare(
    'DELETE FROM outbox WHERE acknowledged = 1 AND seq <= ? AND seq NOT IN (SELECT last_seq FROM open_alerts)',
  );
  const pruneOld = () => prune.run((lastSeq.get() as number) - recentAlerts);
  return {
    remove: (seqs: readonly number[]) =>
      db
        .transaction(() => {
          const removed = seqs.reduce((sum, seq) => sum + mark.run(seq).changes, 0);
          pruneOld();
          return removed;
        })
        .immediate(),
    /** A mark beyond the last number given is a mistake of the sender and must not empty the outbox. */
    removeUpTo: (seq: number) =>
      db
        .transaction(() => {
          if (seq > (lastSeq.get() as number)) return 0;
          const removed = markUpTo.run(seq).changes;
          pruneOld();
          return removed;
        })
        .immediate(),
  };
}
