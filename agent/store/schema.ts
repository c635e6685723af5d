/**
 * The database's layout and its steps from version to version (`PRAGMA user_version`).
 *
 * A release must live with a database that the next release has touched (an update may be rolled back
 * with a full outbox). So each step keeps its way back *in the database*: the older release finds it
 * there and goes back by itself, one step.
 *
 * outbox: one row per message, waiting until acknowledged; the newest acknowledged ones stay for the
 * page. `seq` comes from `epoch.last_seq`, not from the rows: rows go, numbers never come again.
 * The partial indices keep an append at one small index entry, however long the backlog is.
 */
import type { Database } from 'better-sqlite3';
import { StoreError } from './errors.ts';

/** Marks the file as ours (`PRAGMA application_id`): "CBWT". */
export const APPLICATION_ID = 0x43425754;

/** One step of the layout. */
export interface Migration {
  /** From the version before to this one. */
  readonly up: string;
  /** Back again; kept in the database for the release before. Empty for the first. */
  readonly down: string;
}

/** Step n leads to version n + 1. Never edited once released, only appended to. */
export const MIGRATIONS: readonly Migration[] = [
  {
    up: `
      CREATE TABLE epoch (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        epoch TEXT NOT NULL,
        last_seq INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL UNIQUE,
        severity INTEGER NOT NULL, -- 1-3; 4 = gap record, the last to go
        sounded_before_commit INTEGER NOT NULL,
        acknowledged INTEGER NOT NULL DEFAULT 0,
        draft TEXT NOT NULL -- JSON of the contract
      ) STRICT;
      CREATE INDEX outbox_waiting ON outbox (severity, seq) WHERE acknowledged = 0;
      CREATE INDEX outbox_done ON outbox (seq) WHERE acknowledged = 1;
      CREATE TABLE open_alerts (
        alert_id TEXT PRIMARY KEY,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE telemetry (id INTEGER PRIMARY KEY, message TEXT NOT NULL) STRICT;
      CREATE TABLE trips (
        number INTEGER PRIMARY KEY,
        trip_id TEXT NOT NULL UNIQUE,
        started TEXT NOT NULL,
        ended TEXT,
        summary TEXT NOT NULL DEFAULT '{}'
      ) STRICT;
      CREATE TABLE canary (id INTEGER PRIMARY KEY CHECK (id = 1), commits INTEGER NOT NULL) STRICT;
      INSERT INTO canary VALUES (1, 0);
      CREATE TABLE way_back (version INTEGER PRIMARY KEY, steps TEXT NOT NULL) STRICT;
    `,
    down: '',
  },
];

/**
 * Brings a database to the newest layout this release knows; an empty one gets a new epoch. Safe when
 * several roles do it at once.
 * @throws {StoreError} `not-a-database` for somebody else's SQLite file, `too-new` for one that is more
 *   than one step ahead
 */
export function migrate(
  db: Database,
  newEpoch: () => string,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  if (isCurrent(db, migrations)) return;
  db.transaction(() => {
    if (isCurrent(db, migrations)) return; // another role was faster
    refuseForeign(db);
    stepBack(db, migrations.length);
    for (let version = versionOf(db); version < migrations.length; version += 1) {
      stepUp(db, version, migrations[version]!, newEpoch);
    }
  }).immediate();
}

/** The layout's version; 0 = nothing there yet. */
export function versionOf(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

function isCurrent(db: Database, migrations: readonly Migration[]): boolean {
  return (
    versionOf(db) === migrations.length && db.pragma('application_id', { simple: true }) === APPLICATION_ID
  );
}

function refuseForeign(db: Database): void {
  const ours = db.pragma('application_id', { simple: true }) === APPLICATION_ID;
  const empty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (ours || empty) return;
  throw new StoreError(
    'not-a-database',
    `store: ${db.name} is an SQLite file of another program; give another path`,
  );
}

function stepBack(db: Database, known: number): void {
  const found = versionOf(db);
  if (found <= known) return;
  const steps = db.prepare('SELECT steps FROM way_back WHERE version = ?').pluck().get(found);
  if (found > known + 1 || typeof steps !== 'string') {
    throw new StoreError(
      'too-new',
      `store: ${db.name} has layout ${String(found)}, this version knows ${String(known)}; use the newer version`,
    );
  }
  db.exec(steps);
  db.prepare('DELETE FROM way_back WHERE version = ?').run(found);
  db.pragma(`user_version = ${String(known)}`);
}

function stepUp(db: Database, from: number, step: Migration, newEpoch: () => string): void {
  db.exec(step.up);
  if (from === 0) {
    db.pragma(`application_id = ${String(APPLICATION_ID)}`);
    db.prepare('INSERT INTO epoch VALUES (1, ?, 0)').run(newEpoch());
  } else {
    db.prepare('INSERT INTO way_back VALUES (?, ?)').run(from + 1, step.down);
  }
  db.pragma(`user_version = ${String(from + 1)}`);
}
