/** Messages for people, acknowledged or not; the outbox bounds how many stay. */
import type { Database } from 'better-sqlite3';
import type { OutboxMessage } from '../contract/index.ts';
import { messageOf } from './outbox.ts';
import type { StoredRow } from './outbox.ts';

/** Newest first. */
export function recentOf(db: Database, epoch: string): (limit: number) => OutboxMessage[] {
  const newest = db.prepare(
    'SELECT seq, message_id, sounded_before_commit, draft FROM outbox ORDER BY seq DESC LIMIT ?',
  );
  return (limit) => (newest.all(limit) as StoredRow[]).map((row) => messageOf(epoch, row));
}

/** A message by its id with all phases of its alert, or the phases of an alert by its id; oldest first. */
export function phasesOf(db: Database, epoch: string): (id: string) => OutboxMessage[] {
  const columns = 'SELECT seq, message_id, sounded_before_commit, draft FROM outbox';
  const one = db.prepare(`${columns} WHERE message_id = ?`);
  const alert = db.prepare(`${columns} WHERE json_extract(draft, '$.alertId') = ? ORDER BY seq`);
  const read = (rows: unknown[]) => (rows as StoredRow[]).map((row) => messageOf(epoch, row));
  return (id) => {
    const [message] = read(one.all(id));
    if (message?.kind === 'gap') return [message];
    return read(alert.all(message?.alertId ?? id));
  };
}
