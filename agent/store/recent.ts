/** The newest messages for the page, acknowledged or not; the outbox bounds how many stay. */
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
