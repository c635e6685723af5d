/** Opening: rights, bad files, roles, layouts of other versions. */
import Sqlite from 'better-sqlite3';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStore } from '../../agent/store/client.ts';
import { connect } from '../../agent/store/connection.ts';
import { openStore } from '../../agent/store/database.ts';
import { MIGRATIONS, migrate, versionOf } from '../../agent/store/schema.ts';
import { draft, folder, storeConfig } from './drafts.ts';

const isRoot = process.getuid?.() === 0;

describe('opening the store', () => {
  let place: ReturnType<typeof folder>;
  beforeEach(() => (place = folder()));
  afterEach(() => {
    chmodSync(place.path, 0o700);
    place.remove();
  });
  const open = (role: 'watch' | 'uplink' | 'reader') => openStore(place.file, storeConfig(), role);

  it('creates folder and file, for user and group alone, the log too', () => {
    const previous = process.umask(0o077);
    try {
      const store = open('watch');
      store.append(draft(1));
      const modes = ['', '-wal', '-shm'].map((end) => statSync(`${place.file}${end}`).mode & 0o777);
      store.close();
      expect(modes).toEqual([0o660, 0o660, 0o660]);
    } finally {
      process.umask(previous);
    }
  });

  it('commits to the disk in watch, and deletes without waiting for it in uplink', () => {
    const levels = (['watch', 'uplink'] as const).map((role) => {
      const db = connect(place.file, storeConfig(), role);
      const level: unknown = db.pragma('synchronous', { simple: true });
      db.close();
      return level;
    });
    expect(levels).toEqual([2, 1]); // SQLite's numbers of FULL and NORMAL
  });

  it('says that a reader came before the first writer', () => {
    expect(() => open('reader')).toThrow(/does not exist yet/);
  });

  it('lets a reader read and not write', () => {
    const watch = open('watch');
    watch.append(draft(1));
    const reader = open('reader');
    expect(reader.lastAlerts(5)).toHaveLength(1);
    expect(() => reader.canary()).toThrow(/cannot be written/);
    reader.close();
    watch.close();
  });

  it('says in one sentence that the file is no database', async () => {
    mkdirSync(dirname(place.file));
    writeFileSync(
      place.file,
      'this is a text and not a database, and long enough to be read as a page\n'.repeat(99),
    );
    expect(() => open('watch')).toThrow(`${place.file} is not an intact Cabinwatch database`);
    await expect(startStore(place.file, storeConfig())).rejects.toMatchObject({ fault: 'not-a-database' });
  });

  it("refuses another program's SQLite file and leaves it as it was", () => {
    mkdirSync(dirname(place.file));
    const foreign = new Sqlite(place.file);
    foreign.exec('CREATE TABLE songs (title TEXT)');
    foreign.close();
    expect(() => open('watch')).toThrow(/another program/);
    const tables = new Sqlite(place.file).prepare('SELECT name FROM sqlite_schema').pluck().all();
    expect(tables).toEqual(['songs']);
  });

  it('says that the folder is a file', () => {
    writeFileSync(dirname(place.file), '');
    expect(() => open('watch')).toThrow(/its folder must exist and be writable/);
  });

  // Nobody may write to sysfs, not even root; a container may lack it.
  it.skipIf(!existsSync('/sys/kernel'))('says that the folder cannot be made', async () => {
    const file = '/sys/cabinwatch/cabinwatch.db';
    expect(() => openStore(file, storeConfig(), 'watch')).toThrow(
      /cannot be written; give this user the right/,
    );
    await expect(startStore(file, storeConfig())).rejects.toMatchObject({ fault: 'unwritable' });
  });

  it.skipIf(isRoot)('says that the folder cannot be written', async () => {
    chmodSync(place.path, 0o500);
    expect(() => open('watch')).toThrow(/cannot be written; give this user the right/);
    await expect(startStore(place.file, storeConfig())).rejects.toMatchObject({ fault: 'unwritable' });
  });

  it.skipIf(isRoot)('says that the file cannot be written', async () => {
    open('watch').close();
    chmodSync(place.file, 0o440);
    await expect(startStore(place.file, storeConfig())).rejects.toMatchObject({ fault: 'unwritable' });
  });

  it('lets several processes open a new database at once and gives it one epoch', async () => {
    const opener = new URL('./rigs/open.ts', import.meta.url).pathname;
    const run = promisify(execFile);
    const epochs = await Promise.all(
      Array.from({ length: 6 }, () => run(process.execPath, [opener, place.file])),
    );
    expect(new Set(epochs.map(({ stdout }) => stdout)).size).toBe(1);
  });
});

describe('layouts of other versions', () => {
  let place: ReturnType<typeof folder>;
  beforeEach(() => (place = folder()));
  afterEach(() => place.remove());

  const next = [
    ...MIGRATIONS,
    { up: 'ALTER TABLE outbox ADD COLUMN lane TEXT', down: 'ALTER TABLE outbox DROP COLUMN lane' },
  ];
  const afterNext = [...next, { up: 'CREATE TABLE more (x TEXT)', down: 'DROP TABLE more' }];
  const move = (steps: typeof next) => {
    const db = new Sqlite(place.file);
    migrate(db, () => 'not used: the database is there', steps);
    const version = versionOf(db);
    db.close();
    return version;
  };

  it('goes forward with a full outbox, and the release before goes back by itself', () => {
    const before = openStore(place.file, storeConfig(), 'watch');
    for (let n = 1; n <= 20; n += 1) before.append(draft(n));
    const rows = before.unsent(0, 100);
    before.close();
    expect(move(next)).toBe(MIGRATIONS.length + 1);
    const after = openStore(place.file, storeConfig(), 'watch');
    expect(after.unsent(0, 100)).toEqual(rows);
    expect(after.append(draft(21)).seq).toBe(21);
    after.close();
    expect(move(next)).toBe(MIGRATIONS.length + 1);
  });

  it('refuses a database that is two steps ahead, by one sentence, and leaves it', () => {
    openStore(place.file, storeConfig(), 'watch').close();
    move(afterNext);
    expect(() => openStore(place.file, storeConfig(), 'watch')).toThrow(/use the newer version/);
    expect(() => openStore(place.file, storeConfig(), 'reader')).toThrow(/has layout/);
    expect(move(afterNext)).toBe(afterNext.length);
  });
});
