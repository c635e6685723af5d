/**
 * Telemetry that could not be sent, oldest first out. Kept in few large batches, for each write wears the
 * card; bounded, for it is the least of what is kept.
 */
import type { Database } from 'better-sqlite3';
import type { TelemetryMessage } from '../contract/index.ts';

/** Telemetry's part of `Store`. */
export function telemetryOf(db: Database, maxRows: number) {
  const insert = db.prepare('INSERT INTO telemetry (message) VALUES (?)');
  const surplus = db.prepare(
    'DELETE FROM telemetry WHERE id <= (SELECT id FROM telemetry ORDER BY id DESC LIMIT 1 OFFSET ?)',
  );
  const oldest = db.prepare('SELECT id, message FROM telemetry ORDER BY id LIMIT ?');
  const removeUpTo = db.prepare('DELETE FROM telemetry WHERE id <= ?');
  return {
    spillTelemetry: (messages: readonly TelemetryMessage[]): number =>
      db
        .transaction(() => {
          for (const message of messages) insert.run(JSON.stringify(message));
          return surplus.run(maxRows).changes;
        })
        .immediate(),
    takeTelemetry: (limit: number): TelemetryMessage[] =>
      db
        .transaction(() => {
          const rows = oldest.all(limit) as { id: number; message: string }[];
          const last = rows.at(-1);
          if (last !== undefined) removeUpTo.run(last.id);
          return rows.map((row) => JSON.parse(row.message) as TelemetryMessage);
        })
        .immediate(),
  };
}
