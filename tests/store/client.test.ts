/** Watch's side when the disk stands still, fails, or the worker dies. */
import Sqlite from 'better-sqlite3';
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startStore } from '../../agent/store/client.ts';
import { openStore } from '../../agent/store/database.ts';
import type { StoreClient, StoreHealth } from '../../agent/store/store.ts';
import { draft, folder, storeConfig } from './drafts.ts';

const oddWorker = new URL('./rigs/odd-worker.ts', import.meta.url);

it('loads no SQLite on the main thread', async () => {
  const loaded = async (...files: string[]) => {
    const imports = files.map((file) => {
      const url = new URL(`../../agent/store/${file}`, import.meta.url).href;
      return `await import(${JSON.stringify(url)});`;
    });
    const list = "import { createRequire } from 'node:module'; const { cache } = createRequire('/');";
    const print = 'console.log(Object.keys(cache).join());';
    const script = `${list} ${imports.join(' ')} ${print}`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    return stdout.includes('better-sqlite3');
  };
  expect(await loaded('database.ts')).toBe(true);
  expect(await loaded('client.ts', 'location.ts')).toBe(false);
});

describe("the store, on watch's side", () => {
  let place: ReturnType<typeof folder>;
  let store: StoreClient;
  let healths: StoreHealth[];
  const start = async (changes: Parameters<typeof storeConfig>[0] = {}, workerUrl?: URL) => {
    store = await startStore(place.file, storeConfig(changes), {
      onHealth: (health) => healths.push(health),
      ...(workerUrl === undefined ? {} : { workerUrl }),
    });
  };
  const behave = (oddity: 'dies' | 'full' | 'late') => writeFileSync(`${place.file}.odd`, oddity);
  const states = () => healths.map(({ state }) => state);
  const rows = () => {
    const reader = openStore(place.file, storeConfig(), 'reader');
    const found = reader.unsent(0, 10_000);
    reader.close();
    return found;
  };
  /** Another program holds the write lock: every commit stands still until the answer is called. */
  const holdLock = () => {
    const other = new Sqlite(place.file);
    other.exec('BEGIN IMMEDIATE');
    return () => {
      other.exec('ROLLBACK');
      other.close();
    };
  };

  beforeEach(() => {
    place = folder();
    healths = [];
  });
  afterEach(async () => {
    await store.close();
    place.remove();
  });

  it('blocks nobody while a commit stands still, and the row says that the sound came first', async () => {
    await start();
    const release = holdLock();
    const one = draft(1);
    const other = draft(2);
    let committed = false;
    const commits = [one, other].map((each) => store.append(each).then(() => (committed = true)));
    await new Promise((resolve) => setTimeout(resolve, 200)); // the main thread goes on
    expect(committed).toBe(false);
    store.markSounded(one.messageId);
    release();
    await Promise.all(commits);
    expect(
      rows().map(({ message }) => 'soundedBeforeCommit' in message && message.soundedBeforeCommit),
    ).toEqual([true, false]);
  });

  it('leaves the row alone when its commit was done before the sound', async () => {
    await start();
    const one = draft(1);
    await store.append(one);
    store.markSounded(one.messageId);
    await store.canary();
    expect(rows()[0]?.message).toMatchObject({ soundedBeforeCommit: false });
  });

  it('corrects the row when the sound came between its writing and the end of the commit', async () => {
    await start({}, oddWorker);
    behave('late');
    const one = draft(1);
    const commit = store.append(one);
    await vi.waitUntil(() => rows().length === 1, { timeout: 30_000 });
    store.markSounded(one.messageId);
    await commit;
    await store.canary();
    expect(rows()[0]?.message).toMatchObject({ soundedBeforeCommit: true });
  });

  it('reports a stall once, and its end once', async () => {
    await start({ stalledAfterMs: 50 });
    const release = holdLock();
    const commit = store.append(draft(1));
    await vi.waitUntil(() => states().includes('stalled'), { timeout: 30_000 });
    expect(store.health()).toMatchObject({ state: 'stalled', waiting: 1 });
    release();
    await commit;
    expect(states()).toEqual(['stalled', 'ok']);
    expect(store.health().reason).toBeNull();
  });

  it('repeats what a dying worker may have committed, and doubles nothing', async () => {
    await start({}, oddWorker);
    behave('dies');
    const drafts = [draft(1), draft(2), draft(3)];
    const done = await Promise.all(drafts.map((one) => store.append(one)));
    expect(done.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(rows().map(({ messageId }) => messageId)).toEqual(drafts.map(({ messageId }) => messageId));
    expect(store.health()).toMatchObject({ state: 'ok', counters: { workerRestarts: 1, appended: 3 } });
  });

  it('keeps drafts and their order over a full disk, says so, and goes on when there is space', async () => {
    await start({}, oddWorker);
    behave('full');
    const done = await Promise.all([1, 2, 3].map((n) => store.append(draft(n))));
    expect(done.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(states()).toEqual(['failing', 'ok']);
    expect(healths[0]?.reason).toBe('the disk is full');
    expect(existsSync(`${place.file}.odd`)).toBe(false);
  });

  it('refuses the least important, oldest draft when too many wait', async () => {
    await start({ queueMax: 64 });
    const release = holdLock();
    const atWorker = store.append(draft(0));
    const critical = store.append(draft(1, { severity: 3 }));
    const notice = store.append(draft(2, { severity: 1 })).catch((error: unknown) => error);
    const others = Array.from({ length: 63 }, (_, n) =>
      store.append(draft(n + 3, { severity: n === 0 ? 1 : 2 })),
    );
    expect(await notice).toMatchObject({ fault: 'queue-full' });
    expect(store.health().counters.refused).toBe(1);
    release();
    const kept = await Promise.all([atWorker, critical, ...others]);
    expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, n) => n + 1));
  });

  it('proves the disk by itself while nothing happens', async () => {
    await start({ canaryEveryMs: 20 });
    const commits = () => {
      const db = new Sqlite(place.file, { readonly: true });
      const count = db.prepare('SELECT commits FROM canary').pluck().get() as number;
      db.close();
      return count;
    };
    await vi.waitUntil(() => commits() >= 3, { timeout: 30_000 });
  });

  it('works off what waits before it closes, and then takes nothing more', async () => {
    await start();
    const commits = Array.from({ length: 100 }, (_, n) => store.append(draft(n)));
    expect(await store.close()).toBe(0);
    expect(await Promise.all(commits)).toHaveLength(100);
    expect(rows()).toHaveLength(100);
    await expect(store.append(draft(1))).rejects.toMatchObject({ fault: 'closed' });
  });

  it('closes in bounded time when the disk stands still, and counts what is lost', async () => {
    await start({ busyTimeoutMs: 2000 });
    const release = holdLock();
    const lost = store.append(draft(1)).catch((error: unknown) => error);
    expect(await store.close(50)).toBe(1);
    expect(await lost).toMatchObject({ fault: 'closed' });
    release();
  });

  it('says why it cannot start', async () => {
    await start();
    const missing = new URL('./rigs/not-there.ts', import.meta.url);
    await expect(startStore(place.file, storeConfig(), { workerUrl: missing })).rejects.toThrow(
      'the store worker failed to start',
    );
  });
});
