/**
 * Bounds of the database: what is too old or too much goes, in a fixed order, and a gap record says so.
 *
 * Numbers that will not come must not be given to others after a power cut, so this commit is on the disk
 * (`synchronous=FULL`) before anything of it can be published, in uplink too.
 */
import type { Database } from 'better-sqlite3';
import type { GapDraft } from '../contract/index.ts';
import { GAP_SEVERITY, insertDrafts } from './outbox.ts';
import { countOf, mergeRanges } from './ranges.ts';
import type { Range } from './ranges.ts';
import type { GapMaker, Pruned, PruneLimits } from './store.ts';

/** When it is too large it shrinks to this share of the bound, so that it is not pruned all the time. */
const SHRINK_TO = 0.9;
/** Rows that go between two looks at the size. */
const CHUNK = 100;
/** Ranges in one gap record, so that no message grows large (about 80 bytes each). */
const RANGES_LIMIT = 200;

/** The pruning part of `Store`. */
export function pruneOf(db: Database, epoch: string): (limits: PruneLimits, gapOf: GapMaker) => Pruned {
  const work = db.transaction((limits: PruneLimits, gapOf: GapMaker): Pruned => {
    const expired = limits.olderThan === null ? [] : dropExpired(db, limits.olderThan);
    const tooLarge = usedBytes(db) > limits.maxBytes;
    const target = limits.maxBytes * SHRINK_TO;
    const telemetry = tooLarge ? dropTelemetry(db, target) : 0;
    const evicted = tooLarge ? dropBySeverity(db, target) : [];
    recordGap(db, epoch, expired, 'expired', gapOf);
    recordGap(db, epoch, evicted, 'evicted', gapOf);
    return { telemetry, expired: expired.length, evicted: evicted.length };
  });
  return (limits, gapOf) => {
    const before = db.pragma('synchronous', { simple: true }) as number;
    db.pragma('synchronous = FULL');
    try {
      return work.immediate(limits, gapOf);
    } finally {
      db.pragma(`synchronous = ${String(before)}`);
    }
  };
}

/** Pages in use; those that are free take new rows without growing the file. */
function usedBytes(db: Database): number {
  const of = (name: string) => db.pragma(name, { simple: true }) as number;
  return (of('page_count') - of('freelist_count')) * of('page_size');
}

function dropExpired(db: Database, olderThan: string): number[] {
  return db
    .prepare(
      `DELETE FROM outbox WHERE acknowledged = 0 AND severity < ${String(GAP_SEVERITY)}
       AND draft ->> 'clock' = 'synchronised' AND draft ->> 'wallTime' < ? RETURNING seq`,
    )
    .pluck()
    .all(olderThan) as number[];
}

function dropTelemetry(db: Database, targetBytes: number): number {
  const oldest = db.prepare(
    'DELETE FROM telemetry WHERE id IN (SELECT id FROM telemetry ORDER BY id LIMIT ?)',
  );
  let dropped = 0;
  while (usedBytes(db) > targetBytes) {
    const { changes } = oldest.run(CHUNK);
    if (changes === 0) break;
    dropped += changes;
  }
  return dropped;
}

function dropBySeverity(db: Database, targetBytes: number): number[] {
  const least = db
    .prepare(
      `DELETE FROM outbox WHERE seq IN (
         SELECT seq FROM outbox WHERE acknowledged = 0 AND severity = ? ORDER BY seq LIMIT ?
       ) RETURNING seq`,
    )
    .pluck();
  const dropped: number[] = [];
  for (const severity of [1, 2, 3]) {
    while (usedBytes(db) > targetBytes) {
      const seqs = least.all(severity, CHUNK) as number[];
      if (seqs.length === 0) break;
      dropped.push(...seqs);
    }
  }
  return dropped;
}

/** One record for all that went, earlier records for the same reason taken up: their number stays small. */
function recordGap(
  db: Database,
  epoch: string,
  seqs: readonly number[],
  reason: GapDraft['reason'],
  gapOf: GapMaker,
): void {
  if (seqs.length === 0) return;
  const single = (seq: number): Range => ({ epoch, firstSeq: seq, lastSeq: seq });
  const earlier = takeEarlier(db, reason);
  const ranges = mergeRanges([
    ...seqs.map(single),
    ...earlier.flatMap(({ seq, gap }) => [single(seq), ...gap.ranges]),
  ]);
  for (let at = 0; at < ranges.length; at += RANGES_LIMIT) {
    const part = ranges.slice(at, at + RANGES_LIMIT);
    const draft = gapOf({ reason, dropped: countOf(part), ranges: part });
    insertDrafts(db, epoch, [{ draft, soundedBeforeCommit: () => false }]);
  }
}

function takeEarlier(db: Database, reason: GapDraft['reason']): { seq: number; gap: GapDraft }[] {
  const rows = db
    .prepare(
      `DELETE FROM outbox WHERE acknowledged = 0 AND severity = ${String(GAP_SEVERITY)}
       AND draft ->> 'reason' = ? RETURNING seq, draft`,
    )
    .all(reason) as { seq: number; draft: string }[];
  return rows.map(({ seq, draft }) => ({ seq, gap: JSON.parse(draft) as GapDraft }));
}
