/** Alerts that were raised and not cleared: what a new run closes with `cleared: restart`. */
import type { Database } from 'better-sqlite3';
import type { AlertDraft, OutboxDraft } from '../contract/index.ts';

/** Follows the phases of alerts, inside the transaction that appends them. */
export function followPhase(db: Database, draft: OutboxDraft, seq: number): void {
  if (draft.kind === 'gap') return;
  if (draft.phase === 'cleared') {
    db.prepare('DELETE FROM open_alerts WHERE alert_id = ?').run(draft.alertId);
    return;
  }
  db.prepare(
    'INSERT INTO open_alerts VALUES (?, ?, ?) ON CONFLICT (alert_id) DO UPDATE SET last_seq = excluded.last_seq',
  ).run(draft.alertId, seq, seq);
}

/** The last draft of each open alert, oldest alert first. */
export function openAlertsOf(db: Database): () => AlertDraft[] {
  const drafts = db
    .prepare(
      'SELECT draft FROM open_alerts AS open JOIN outbox ON outbox.seq = open.last_seq ORDER BY open.first_seq',
    )
    .pluck();
  return () => (drafts.all() as string[]).map((draft) => JSON.parse(draft) as AlertDraft);
}
