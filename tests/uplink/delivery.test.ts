/**
 * From a vehicle's store to a fleet's consumer over real brokers that are absent, die and come back: every
 * alert arrives, once, in order. The last test breaks the vehicle on purpose and must lose some.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../agent/store/store.ts';
import { until } from '../link/fixtures.ts';
import { freePort, hasMosquitto, startAedes, startMosquitto, type TestBroker } from './brokers.ts';
import { openFleet, openVehicle, upTo, type Fleet, type Vehicle } from './rig.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function vehicle(): Vehicle {
  const opened = openVehicle();
  endings.push(() => opened.end());
  return opened;
}
function fleet(...args: Parameters<typeof openFleet>): Fleet {
  const opened = openFleet(...args);
  endings.push(() => opened.consumer.close());
  return opened;
}

const brokers: [string, boolean, (port: number) => Promise<TestBroker>][] = [
  ['aedes (MQTT 3.1.1)', true, startAedes],
  ['mosquitto (MQTT 5)', hasMosquitto, startMosquitto],
];

describe.each(brokers)('with %s', (_, there, start) => {
  const broker = async (port?: number) => {
    const started = await start(port ?? (await freePort()));
    endings.push(() => started.kill());
    return started;
  };

  describe.skipIf(!there).each(['puback', 'consumer'] as const)('acknowledged by %s', (ack) => {
    it('delivers in order what was decided while nothing was connected', async () => {
      const car = vehicle();
      car.alert(50);
      const { url } = await broker();
      const { seqs, missing, consumer } = fleet(url, true);
      // By PUBACK alone, what is published before the consumer has come is nobody's.
      await until(() => consumer.connected);
      car.start(url, { ack });
      await until(() => seqs().length >= 50 && car.waiting().length === 0);
      expect(seqs()).toEqual(upTo(50));
      expect(missing).toEqual([]);
    });

    it('delivers an alert that is decided while all is well, and empties the outbox', async () => {
      const car = vehicle();
      const { url } = await broker();
      const { seqs, consumer } = fleet(url, true);
      await until(() => consumer.connected);
      car.start(url, { ack });
      for (let seq = 1; seq <= 5; seq += 1) {
        car.alert();
        await until(() => seqs().length === seq);
      }
      await until(() => car.waiting().length === 0);
      expect(seqs()).toEqual(upTo(5));
    });
  });

  it.skipIf(!there)('delivers all in order when the broker comes long after the alerts', async () => {
    const car = vehicle();
    const port = await freePort();
    const url = `mqtt://127.0.0.1:${String(port)}`;
    car.alert(50);
    car.start(url, { ack: 'consumer' });
    const { seqs, missing } = fleet(url, true);
    await until(() => car.lines.some((line) => line.startsWith('no broker listens')));
    await broker(port);
    car.alert();
    await until(() => seqs().length >= 51 && car.waiting().length === 0);
    expect(seqs()).toEqual(upTo(51));
    expect(missing).toEqual([]);
  });

  it.skipIf(!there)('loses nothing when the broker is killed again and again, in mid-drain', async () => {
    const car = vehicle();
    let running = await broker();
    const { seqs, missing, consumer } = fleet(running.url, true);
    car.alert(150);
    car.start(running.url, { ack: 'consumer', inFlight: 10 });
    for (const count of [20, 60, 100]) {
      await until(() => seqs().length >= count);
      await running.kill();
      car.alert(10);
      running = await broker(running.port);
    }
    await until(() => seqs().length >= 180 && car.waiting().length === 0);
    expect(seqs()).toEqual(upTo(180));
    expect(missing).toEqual([]);
    expect(consumer.stats()).toMatchObject({ delivered: 180, refused: 0 });
  });
});

describe('with a consumer that is not always there', () => {
  it('hands on what a consumer had not acknowledged to the next one', async () => {
    const car = vehicle();
    const broker = await startAedes(await freePort());
    endings.push(() => broker.kill());
    const first = openFleet(broker.url, true, ({ seq }) => {
      // It dies while it handles the 30th.
      if (seq >= 30) return new Promise(() => undefined);
      return undefined;
    });
    car.alert(60);
    car.start(broker.url, { ack: 'consumer', resendAfterMs: 500 });
    await until(() => first.came.length === 29);
    const second = fleet(broker.url, true);
    await first.consumer.close();
    await until(() => car.waiting().length === 0);
    expect(new Set([...first.seqs(), ...second.seqs()])).toEqual(new Set(upTo(60)));
    expect(second.seqs()).toContain(30);
    expect(second.missing).toEqual([]);
  });

  it('sends again what the consumer could not take', async () => {
    const car = vehicle();
    const broker = await startAedes(await freePort());
    endings.push(() => broker.kill());
    let failures = 3;
    const { seqs, consumer, lines } = fleet(broker.url, true, ({ seq }) => {
      if (seq === 4 && failures-- > 0) throw new Error('the database is away');
    });
    await until(() => consumer.connected);
    car.alert(6);
    car.start(broker.url, { ack: 'consumer', resendAfterMs: 500 });
    await until(() => car.waiting().length === 0);
    expect(seqs()).toEqual([1, 2, 3, 5, 6, 4]);
    expect(lines.filter((line) => line.includes('the database is away'))).toHaveLength(3);
  });
});

describe('a broker that dies with messages it has not passed on', () => {
  /** The first broker swallows what comes after the 20th alert, then dies. */
  const swallowed = async (ack: 'puback' | 'consumer', change?: (real: Store) => Store) => {
    const car = vehicle();
    let passed = 0;
    let swallows = 0;
    const first = await startAedes(await freePort(), {
      authorizePublish(_client, { topic }, done) {
        if (topic.endsWith('/alert') && (passed += 1) > 20) swallows += 1;
        else done(null);
      },
    });
    const { seqs, missing, consumer } = fleet(first.url, true);
    await until(() => consumer.connected);
    car.alert(60);
    car.start(first.url, { ack, inFlight: 10 }, change);
    await until(() => swallows > 0);
    await first.kill();
    await until(() => !consumer.connected);
    const second = await startAedes(first.port);
    endings.push(() => second.kill());
    await until(() => consumer.connected);
    await until(() => seqs().includes(60) && car.waiting().length === 0);
    return { seqs: seqs(), missing };
  };

  it('costs nothing when the consumer acknowledges', async () => {
    expect(await swallowed('consumer')).toEqual({ seqs: upTo(60), missing: [] });
  });

  it('costs alerts when rows are deleted before they are acknowledged (so this test can fail)', async () => {
    const { seqs, missing } = await swallowed('consumer', (real) => ({
      ...real,
      unsent(afterSeq, limit) {
        const rows = real.unsent(afterSeq, limit);
        real.remove(rows.map(({ seq }) => seq));
        return rows;
      },
    }));
    expect(seqs.length).toBeLessThan(60);
    expect(missing).not.toEqual([]);
  });
});
