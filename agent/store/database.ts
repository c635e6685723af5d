/**
 * The database as a `Store`: each part of it in a file of its own, all faults as `StoreError`s.
 */
import type { Database } from 'better-sqlite3';
import { statSync } from 'node:fs';
import type { StoreConfig } from '../../config/schema.ts';
import { connect } from './connection.ts';
import { storeError } from './errors.ts';
import { openAlertsOf } from './open-alerts.ts';
import { outboxOf } from './outbox.ts';
import { pruneOf } from './prune.ts';
import { phasesOf, recentOf } from './recent.ts';
import type { Store, StoreRole } from './store.ts';
import { telemetryOf } from './telemetry.ts';
import { tripsOf } from './trips.ts';

export { databaseFile } from './location.ts';

/**
 * Opens, creating folder and database where the role may (0660: the roles are users of one group).
 * @throws {StoreError} one sentence: unwritable, not-a-database, too-new, missing (reader), disk-full
 */
export function openStore(file: string, config: StoreConfig, role: StoreRole): Store {
  return guarded(file, () => storeOn(connect(file, config, role), file, config));
}

function storeOn(db: Database, file: string, config: StoreConfig): Store {
  const epoch = db.prepare('SELECT epoch FROM epoch').pluck().get() as string;
  const canary = db.prepare('UPDATE canary SET commits = commits + 1');
  const store: Store = {
    file,
    epoch,
    ...outboxOf(db, epoch, config.recentAlerts),
    ...telemetryOf(db, config.telemetryRows),
    ...tripsOf(db, config.keepTrips),
    lastAlerts: recentOf(db, epoch),
    phases: phasesOf(db, epoch),
    openAlerts: openAlertsOf(db),
    prune: pruneOf(db, epoch),
    canary: () => void canary.run(),
    sizeBytes: () => sizeOf(file) + sizeOf(`${file}-wal`),
    close: () => void db.close(),
  };
  return withGuard(store, file);
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeError(error, file);
  }
}

/** The same store whose every method throws `StoreError`s. */
function withGuard(store: Store, file: string): Store {
  const methods = Object.entries(store).map(([name, value]: [string, unknown]) =>
    typeof value === 'function'
      ? [name, (...args: unknown[]) => guarded(file, () => Reflect.apply(value, store, args) as unknown)]
      : [name, value],
  );
  return Object.fromEntries(methods) as Store;
}
