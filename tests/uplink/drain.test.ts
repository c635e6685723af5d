/** The drain alone, on a real store and a broker that answers when the test says so. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outboxMessage } from '../../agent/contract/index.ts';
import { openStore } from '../../agent/store/database.ts';
import { StoreError } from '../../agent/store/errors.ts';
import type { Store } from '../../agent/store/store.ts';
import { createDrain, type DrainOptions } from '../../agent/uplink/drain.ts';
import { logger } from '../link/fixtures.ts';
import { draft, folder, storeConfig } from '../store/drafts.ts';
import { fakeSession, settle } from './sessions.ts';

let place: ReturnType<typeof folder>;
let watch: Store;
let store: Store;
let nowMs: number;
let lines: string[];

beforeEach(() => {
  place = folder();
  watch = openStore(place.file, storeConfig(), 'watch');
  store = openStore(place.file, storeConfig(), 'uplink');
  nowMs = 1_000_000;
});
afterEach(() => {
  watch.close();
  store.close();
  place.remove();
});

const fill = (count: number) => {
  for (let n = 0; n < count; n += 1) watch.append(draft(n));
};
const waiting = () => watch.unsent(0, 10_000).map(({ seq }) => seq);
const drainOf = (changes: Partial<DrainOptions> = {}) => {
  const logged = logger();
  lines = logged.lines;
  return createDrain({
    store,
    deviceId: 'car-1',
    ack: 'puback',
    inFlight: 3,
    resendAfterMs: 10_000,
    deleteBatchEveryMs: 1000,
    nowMs: () => nowMs,
    correctedWallTime: () => null,
    log: logged.log,
    ...changes,
  });
};
const pass = (ms: number) => (nowMs += ms);

describe('the drain, in any mode', () => {
  it('keeps at most a window on its way, in order', async () => {
    fill(7);
    const session = fakeSession();
    drainOf().begin(session);
    expect(session.seqs()).toEqual([1, 2, 3]);
    session.published[0]?.answer();
    await settle();
    expect(session.seqs()).toEqual([1, 2, 3, 4]);
    expect(session.published.every(({ options }) => options.qos === 1 && !options.expiryS)).toBe(true);
  });

  it('publishes what the contract says, with the oldest number that waits', async () => {
    fill(2);
    const session = fakeSession();
    const drain = drainOf();
    drain.begin(session);
    session.published[0]?.answer();
    await settle();
    watch.append(draft(3));
    drain.wake();
    for (const { message } of session.published) expect(outboxMessage.parse(message)).toEqual(message);
    expect(session.published.map(({ message }) => message['oldestSeq'])).toEqual([1, 1, 2]);
  });

  it('marks as history what waited for the connection, and nothing else', () => {
    fill(1);
    const session = fakeSession();
    const drain = drainOf();
    drain.begin(session);
    watch.append(draft(2));
    drain.wake();
    expect(session.published.map(({ message }) => message['historical'])).toEqual([true, false]);
  });

  it('sends again in the next session what was not answered in the last', async () => {
    fill(3);
    const first = fakeSession();
    const drain = drainOf();
    drain.begin(first);
    first.published[0]?.answer();
    await settle();
    drain.end();
    first.published[1]?.lose();
    const second = fakeSession();
    drain.begin(second);
    expect(second.seqs()).toEqual([2, 3]);
  });

  it('does not take an answer of a session that is over for one of this', async () => {
    fill(1);
    const first = fakeSession();
    const drain = drainOf();
    drain.begin(first);
    drain.end();
    drain.begin(fakeSession());
    first.published[0]?.answer();
    await settle();
    drain.close();
    expect(waiting()).toEqual([1]);
  });

  it('goes on after a store that was locked, and says so once', () => {
    fill(1);
    let locked = true;
    const unsent: Store['unsent'] = (after, limit) => {
      if (locked) throw new StoreError('busy', 'store: it is held by another process');
      return store.unsent(after, limit);
    };
    const drain = drainOf({ store: { ...store, unsent } });
    const session = fakeSession();
    drain.begin(session);
    drain.tick();
    expect(drain.fault).toContain('held by another process');
    expect(lines).toHaveLength(1);
    locked = false;
    drain.tick();
    expect(session.seqs()).toEqual([1]);
    expect(drain.fault).toBeNull();
  });
});

describe('the drain by PUBACK', () => {
  it('deletes what was answered, in batches that lie apart', async () => {
    fill(6);
    const session = fakeSession({ answers: true });
    const drain = drainOf();
    drain.begin(session);
    await settle();
    expect(session.seqs()).toEqual([1, 2, 3, 4, 5, 6]);
    drain.tick();
    expect(waiting()).toEqual([]);
    fill(1);
    drain.wake();
    await settle();
    pass(999);
    drain.tick();
    expect(waiting()).toEqual([7]);
    pass(1);
    drain.tick();
    expect(waiting()).toEqual([]);
  });

  it('keeps a row that has no answer', async () => {
    fill(2);
    const session = fakeSession();
    const drain = drainOf();
    drain.begin(session);
    session.published[1]?.answer();
    await settle();
    drain.close();
    expect(waiting()).toEqual([1]);
  });

  it('keeps what the broker refuses, says so once, and begins again at it later', async () => {
    fill(5);
    const session = fakeSession();
    const drain = drainOf();
    drain.begin(session);
    for (const sent of session.published) sent.refuse();
    await settle();
    drain.tick();
    expect(session.seqs()).toEqual([1, 2, 3]);
    expect(waiting()).toEqual([1, 2, 3, 4, 5]);
    expect(drain.fault).toBe(
      'the broker refuses alerts of car-1 (Publish error: Not authorized); they are kept',
    );
    pass(10_000);
    drain.tick();
    expect(session.seqs()).toEqual([1, 2, 3, 1, 2, 3]);
    for (const sent of session.published.slice(3)) sent.answer();
    await settle();
    for (const sent of session.published.slice(6)) sent.answer();
    await settle();
    expect(drain.fault).toBeNull();
    drain.close();
    expect(waiting()).toEqual([]);
    expect(lines).toHaveLength(1);
  });

  it('does not let one refused row hold up the others for ever', async () => {
    fill(5);
    const session = fakeSession();
    const drain = drainOf();
    drain.begin(session);
    for (let round = 0; round < 4; round += 1) {
      for (const sent of session.published.splice(0)) {
        if (sent.message['seq'] === 1) sent.refuse();
        else sent.answer();
      }
      await settle();
      pass(10_000);
      drain.tick();
    }
    drain.close();
    expect(waiting()).toEqual([1]);
  });

  it('ignores the acknowledgement of a consumer', () => {
    fill(2);
    const drain = drainOf();
    drain.begin(fakeSession());
    drain.acknowledged({ epoch: store.epoch, ackedSeq: 2 });
    drain.close();
    expect(waiting()).toEqual([1, 2]);
  });
});

describe('the drain by the consumer', () => {
  const consumer = (changes: Partial<DrainOptions> = {}) => drainOf({ ack: 'consumer', ...changes });

  it('keeps what only the broker has answered', async () => {
    fill(3);
    const drain = consumer();
    drain.begin(fakeSession({ answers: true }));
    await settle();
    drain.close();
    expect(waiting()).toEqual([1, 2, 3]);
  });

  it('deletes up to the acknowledged number and goes on', async () => {
    fill(5);
    const session = fakeSession({ answers: true });
    const drain = consumer();
    drain.begin(session);
    await settle();
    drain.acknowledged({ epoch: store.epoch, ackedSeq: 2 });
    expect(session.seqs()).toEqual([1, 2, 3, 4, 5]);
    drain.tick();
    expect(waiting()).toEqual([3, 4, 5]);
  });

  it.each([
    ['of another epoch', () => ({ epoch: randomUUID(), ackedSeq: 3 })],
    ['beyond what was ever numbered', () => ({ epoch: store.epoch, ackedSeq: 4 })],
  ])('ignores an acknowledgement %s', async (_, ack) => {
    fill(3);
    const session = fakeSession({ answers: true });
    const drain = consumer({ inFlight: 10 });
    drain.begin(session);
    await settle();
    drain.acknowledged(ack());
    fill(1);
    drain.wake();
    expect(session.seqs()).toEqual([1, 2, 3, 4]);
    drain.close();
    expect(waiting()).toEqual([1, 2, 3, 4]);
  });

  it('takes an acknowledgement of what a former run sent', () => {
    fill(3);
    const drain = consumer({ inFlight: 1 });
    const session = fakeSession();
    drain.begin(session);
    drain.acknowledged({ epoch: store.epoch, ackedSeq: 3 });
    drain.close();
    expect(waiting()).toEqual([]);
  });

  it('asks with the oldest row alone while nobody acknowledges, then goes on from it', async () => {
    fill(3);
    const session = fakeSession({ answers: true });
    const drain = consumer();
    drain.begin(session);
    await settle();
    for (let round = 0; round < 3; round += 1) {
      pass(10_000);
      drain.tick();
      await settle();
    }
    expect(session.seqs()).toEqual([1, 2, 3, 1, 1, 1]);
    drain.acknowledged({ epoch: store.epoch, ackedSeq: 1 });
    expect(session.seqs()).toEqual([1, 2, 3, 1, 1, 1, 2, 3]);
  });

  it('does not send again while acknowledgements keep coming', async () => {
    fill(9);
    const session = fakeSession({ answers: true });
    const drain = consumer();
    drain.begin(session);
    for (let acked = 1; acked <= 9; acked += 1) {
      await settle();
      pass(9999);
      drain.tick();
      drain.acknowledged({ epoch: store.epoch, ackedSeq: acked });
    }
    expect(session.seqs()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('does not send again to a broker that has not answered yet', () => {
    fill(3);
    const session = fakeSession();
    const drain = consumer();
    drain.begin(session);
    pass(60_000);
    drain.tick();
    expect(session.seqs()).toEqual([1, 2, 3]);
  });
});
