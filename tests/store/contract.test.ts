/** What holds for appending, whether the store is used directly or through its worker. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreConfig } from '../../config/schema.ts';
import { startStore } from '../../agent/store/client.ts';
import { openStore } from '../../agent/store/database.ts';
import type { Store, StoreClient } from '../../agent/store/store.ts';
import { draft, folder, storeConfig, tripMark } from './drafts.ts';

type Appender = Omit<StoreClient, 'health'>;

/** The synchronous store with the client's face. */
function direct(store: Store): Appender {
  const later =
    <A extends unknown[], T>(work: (...args: A) => T) =>
    (...args: A) =>
      Promise.resolve().then(() => work(...args));
  return {
    append: later((one) => store.append(one)),
    markSounded: (messageId) => store.markSounded(messageId),
    openAlerts: later(() => store.openAlerts()),
    lastAlerts: later((limit: number) => store.lastAlerts(limit)),
    saveTripStart: later((mark) => store.saveTripStart(mark)),
    saveTripEnd: later((mark, summary) => store.saveTripEnd(mark, summary)),
    trips: later((limit: number) => store.trips(limit)),
    canary: later(() => store.canary()),
    close: async () => {
      await later(() => store.close())();
      return 0;
    },
  };
}

const ways: Record<string, (file: string, config: StoreConfig) => Promise<Appender>> = {
  directly: (file, config) => Promise.resolve(direct(openStore(file, config, 'watch'))),
  'through the worker': (file, config) => startStore(file, config),
};

describe.each(Object.entries(ways))('the store, used %s', (_way, open) => {
  let place: ReturnType<typeof folder>;
  let store: Appender;
  const reopen = async (config = storeConfig()) => {
    await store.close();
    store = await open(place.file, config);
  };

  beforeEach(async () => {
    place = folder();
    store = await open(place.file, storeConfig());
  });
  afterEach(async () => {
    await store.close();
    place.remove();
  });

  it('numbers drafts from 1 without gaps, in the order of the calls', async () => {
    const drafts = Array.from({ length: 150 }, (_, n) => draft(n));
    const rows = await Promise.all(drafts.map((one) => store.append(one)));
    expect(rows.map(({ seq }) => seq)).toEqual(drafts.map((_, n) => n + 1));
    expect(rows.map(({ messageId }) => messageId)).toEqual(drafts.map(({ messageId }) => messageId));
    expect(new Set(rows.map(({ epoch }) => epoch)).size).toBe(1);
  });

  it('appends a repeated message once and answers with its number', async () => {
    const one = draft(1);
    const first = await store.append(one);
    await store.append(draft(2));
    expect(await store.append(one)).toEqual(first);
    expect(await store.lastAlerts(10)).toHaveLength(2);
  });

  it('keeps epoch, rows and numbering over a restart', async () => {
    const first = await store.append(draft(1));
    await reopen();
    const second = await store.append(draft(2));
    expect(second).toMatchObject({ epoch: first.epoch, seq: first.seq + 1 });
    expect((await store.lastAlerts(10)).map(({ seq }) => seq)).toEqual([2, 1]);
  });

  it('gives back what was appended, as the message to publish', async () => {
    const one = draft(1);
    const { epoch, seq } = await store.append(one);
    expect(await store.lastAlerts(1)).toEqual([
      { ...one, epoch, seq, soundedBeforeCommit: false, historical: false },
    ]);
  });

  it('refuses a draft that is not valid, names the field, and gives it no number', async () => {
    const bad = { ...draft(1), deviceId: 'a/b' };
    await expect(store.append(bad)).rejects.toMatchObject({
      fault: 'invalid',
      message: expect.stringContaining('field deviceId') as string,
    });
    expect((await store.append(draft(2))).seq).toBe(1);
  });

  it('knows the alerts that were raised and not cleared, by their last phase', async () => {
    await store.append(draft(1));
    await store.append(draft(2));
    const updated = draft(2, { phase: 'updated', kind: 'sleep', severity: 3 });
    await store.append(updated);
    await store.append(draft(1, { phase: 'cleared', cleared: 'ended' }));
    await reopen();
    expect(await store.openAlerts()).toEqual([updated]);
  });

  it('keeps trips with their start, end and numbers, saved twice or not', async () => {
    const start = tripMark(1);
    const end = tripMark(1, { atMs: 60_000, cause: 'presence' });
    await store.saveTripStart(start);
    await store.saveTripStart(start);
    await store.saveTripStart(tripMark(2));
    await store.saveTripEnd(end, { drivenS: 60 });
    await store.saveTripEnd(end, { drivenS: 61 });
    expect(await store.trips(10)).toEqual([
      { tripId: tripMark(2).tripId, start: tripMark(2), end: null, summary: {} },
      { tripId: start.tripId, start, end, summary: { drivenS: 60 } },
    ]);
  });

  it('keeps the newest trips within the bound', async () => {
    await reopen(storeConfig({ keepTrips: 2 }));
    for (const n of [1, 2, 3]) await store.saveTripStart(tripMark(n));
    expect((await store.trips(10)).map(({ start }) => start.atMs)).toEqual([3, 2]);
  });

  it('proves the disk by a commit that changes no alert', async () => {
    await store.canary();
    expect(await store.lastAlerts(1)).toEqual([]);
  });
});
