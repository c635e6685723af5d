import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDelivery, type Delivery } from '../agent/deliver.ts';
import type { AlertMessage, OutboxDraft } from '../agent/contract/index.ts';
import type { AlertOutcome, EventOutcome } from '../agent/judge/outcome.ts';
import type { Appended } from '../agent/store/store.ts';
import { openWarner, type Warner } from '../agent/warn/warner.ts';
import { configSchema } from '../config/schema.ts';
import { logger } from './link/fixtures.ts';
import { about } from './store/drafts.ts';

const EPOCH = '433eb453-f84a-4c0b-9e07-3366c9898cf2';

const alert = (changes: Partial<AlertOutcome> = {}): AlertOutcome => ({
  type: 'alert',
  phase: 'raised',
  alertKey: 'run:1',
  kind: 'microsleep',
  severity: 3,
  level: 1,
  startMs: 0,
  atMs: 1000,
  evidence: { closedMs: 1000 },
  ...changes,
});
const blink: EventOutcome = { type: 'event', kind: 'blink', startMs: 0, endMs: 200, evidence: {} };

/** What happened, in order: `commit begins`, `sound`, `publish 1`, ... */
let happened: string[];
let published: AlertMessage[];
let counted: Record<string, number>;
let commits: PromiseWithResolvers<Appended>[];
let drafts: OutboxDraft[];
let lines: string[];
let warner: Warner;
let delivery: Delivery;

const store = {
  append(draft: OutboxDraft): Promise<Appended> {
    happened.push('commit begins');
    drafts.push(draft);
    const commit = Promise.withResolvers<Appended>();
    commits.push(commit);
    return commit.promise;
  },
  markSounded: (messageId: string) =>
    void happened.push(`marked ${String(messageId === drafts[0]?.messageId)}`),
};

/** @param waitMs longest wait of the sound for the commit */
function open(waitMs: number): Delivery {
  const sound = () => Promise.resolve(void happened.push('sound'));
  const speaker = { sound, close: () => Promise.resolve() };
  const logged = logger();
  lines = logged.lines;
  warner = openWarner(speaker, { ...configSchema.parse({}).warn, commitWaitMs: waitMs });
  return openDelivery({
    store,
    warner,
    about: () => ({ ...about(), modelVersions: {}, speedKmh: 60, position: null }),
    publish(message) {
      happened.push(`publish ${message.seq}`);
      published.push(message);
    },
    health: { count: (name, by = 1) => void (counted[name] = (counted[name] ?? 0) + by) },
    log: logged.log,
  });
}
const commit = (n: number): void =>
  commits[n]!.resolve({ epoch: EPOCH, seq: n + 1, messageId: drafts[n]!.messageId });

beforeEach(() => {
  [happened, published, counted, commits, drafts] = [[], [], {}, [], []];
  delivery = open(60_000);
});
afterEach(async () => {
  await delivery.settled();
  warner.close();
});

describe('an alert', () => {
  it('is committed, sounded, and only then shown', async () => {
    delivery.take(alert());
    expect(happened).toEqual(['commit begins']);
    commit(0);
    await delivery.settled();
    expect(happened.toSorted()).toEqual(['commit begins', 'publish 1', 'sound']);
    expect(published[0]).toMatchObject({ epoch: EPOCH, seq: 1, kind: 'microsleep', speedKmh: 60 });
    expect(published[0]).toMatchObject({ soundedBeforeCommit: false, messageId: drafts[0]!.messageId });
    expect(lines).toEqual(['alert 1: microsleep (critical): eyes closed 1.0 s']);
  });

  it('sounds when the disk stands still, is shown after the commit and says so', async () => {
    delivery = open(0);
    delivery.take(alert());
    while (!happened.includes('sound')) await new Promise(setImmediate);
    expect(happened).toEqual(['commit begins', 'marked true', 'sound']);
    commit(0);
    await delivery.settled();
    expect(happened.at(-1)).toBe('publish 1');
    expect(published[0]?.soundedBeforeCommit).toBe(true);
  });

  it('that cannot be kept sounds all the same, is counted and never shown', async () => {
    delivery.take(alert());
    commits[0]!.reject(new Error('store: more than 1000 alerts wait for the disk'));
    await delivery.settled();
    expect(happened).toEqual(['commit begins', 'marked true', 'sound']);
    expect(counted).toEqual({ alertsLost: 1 });
    expect(lines).toEqual(['an alert could not be kept: store: more than 1000 alerts wait for the disk']);
  });

  it('that cannot even be made sounds all the same', async () => {
    const evidence = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no such evidence');
        },
      },
    );
    delivery.take(alert({ evidence }));
    delivery.take(alert({ evidence, phase: 'cleared', cleared: 'ended' }));
    await delivery.settled();
    expect(happened.filter((what) => what === 'sound')).toHaveLength(1);
    expect(counted).toEqual({ alertsLost: 2 });
    expect(lines.slice(1)).toEqual(['an alert could not be kept: no such evidence']);
  });

  it('shares its id with its later phases, and each is a message of its own', async () => {
    delivery.take(alert());
    delivery.take(alert({ phase: 'updated', kind: 'sleep' }));
    delivery.take(alert({ phase: 'cleared', cleared: 'ended' }));
    expect(happened).toEqual(['commit begins', 'commit begins', 'commit begins']);
    [0, 1, 2].forEach(commit);
    await delivery.settled();
    expect(published.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(new Set(published.map(({ alertId }) => alertId)).size).toBe(1);
    expect(new Set(published.map(({ messageId }) => messageId)).size).toBe(3);
    expect(happened.filter((what) => what === 'sound')).toHaveLength(1);
  });
});

describe('settling', () => {
  it('waits for every commit that is under way', async () => {
    let over = false;
    delivery.take(alert());
    delivery.take(alert({ alertKey: 'run:2', kind: 'distraction', severity: 2 }));
    const settled = delivery.settled().then(() => (over = true));
    commit(0);
    await new Promise(setImmediate);
    expect(over).toBe(false);
    commit(1);
    await settled;
  });

  it('has nothing to wait for after an event, which is no alert', async () => {
    delivery.take(blink);
    await delivery.settled();
    expect(happened).toEqual([]);
  });
});
