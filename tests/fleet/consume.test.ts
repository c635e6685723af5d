/** The consumer at a broker that the test speaks to as a vehicle would. */
import { randomUUID } from 'node:crypto';
import { connect, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeGap, newMessageId, toMessage, type OutboxMessage } from '../../agent/contract/index.ts';
import { alertLine, missingLine } from '../../agent/fleet/words.ts';
import { alertMessage, until } from '../link/fixtures.ts';
import { about } from '../store/drafts.ts';
import { freePort, startAedes, type AedesBroker } from '../uplink/brokers.ts';
import { openFleet, type Fleet } from '../uplink/rig.ts';

let broker: AedesBroker;
let vehicle: MqttClient;
let acks: { epoch: string; ackedSeq: number }[];
const endings: (() => unknown)[] = [];

beforeEach(async () => {
  broker = await startAedes(await freePort());
  acks = [];
  vehicle = connect(broker.url, { protocolVersion: 4 });
  vehicle.on('message', (_, payload) => void acks.push(JSON.parse(payload.toString()) as (typeof acks)[0]));
  await vehicle.subscribeAsync('cabinwatch/v1/demo/ack');
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await vehicle.endAsync(true);
  await broker.kill();
});

async function fleet(ack = true, onAlert?: (message: OutboxMessage) => unknown): Promise<Fleet> {
  const opened = openFleet(broker.url, ack, onAlert);
  endings.push(() => opened.consumer.close());
  await until(() => opened.consumer.connected);
  return opened;
}
const send = (message: unknown, topic = 'cabinwatch/v1/demo/alert') =>
  vehicle.publishAsync(topic, typeof message === 'string' ? message : JSON.stringify(message), { qos: 1 });
const alert = (seq: number, oldestSeq = 1): OutboxMessage => ({ ...alertMessage(seq), oldestSeq });

describe('the consumer', () => {
  it('hands on each alert once and acknowledges the run, with its epoch', async () => {
    const { came, consumer } = await fleet();
    const [first, second] = [alert(1), alert(2)];
    for (const message of [first, second, first, second, first]) await send(message);
    await until(() => acks.at(-1)?.ackedSeq === 2);
    expect(came).toEqual([first, second]);
    await until(() => consumer.stats().duplicates === 3);
    expect(consumer.stats()).toEqual({ delivered: 2, duplicates: 3, refused: 0, missing: 0 });
    expect(new Set(acks.map(({ epoch }) => epoch))).toEqual(new Set([first.epoch]));
  });

  it('acknowledges only what was handed on, when that is done', async () => {
    let taken = (): void => undefined;
    const { came } = await fleet(true, ({ seq }) => {
      if (seq === 2) return new Promise<void>((resolve) => (taken = resolve));
      return undefined;
    });
    await send(alert(1));
    await until(() => acks.length === 1);
    void send(alert(2));
    void send(alert(3));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(acks).toMatchObject([{ ackedSeq: 1 }]);
    taken();
    await until(() => acks.at(-1)?.ackedSeq === 3);
    expect(came.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('repeats an acknowledgement that was lost when the alert comes again', async () => {
    await fleet();
    const message = alert(1);
    await send(message);
    await until(() => acks.length === 1);
    await send(message);
    await until(() => acks.length === 2);
    expect(acks[1]).toEqual(acks[0]);
  });

  it('does not acknowledge when it is not asked to', async () => {
    const { came } = await fleet(false);
    await send(alert(1));
    await until(() => came.length === 1);
    const second = await fleet(true);
    await send(alert(2, 2));
    await until(() => second.came.length === 1 && acks.length > 0);
    expect(acks).toMatchObject([{ ackedSeq: 2 }]);
  });

  it('does not acknowledge what waits at the vehicle and has not come in this run', async () => {
    const { came } = await fleet();
    await send(alert(8, 5));
    await until(() => came.length === 1 && acks.length === 1);
    expect(acks).toMatchObject([{ ackedSeq: 4 }]);
    for (const seq of [5, 6, 7]) await send(alert(seq, 5));
    await until(() => acks.at(-1)?.ackedSeq === 8);
  });

  it('names a gap, and not one that the vehicle explains', async () => {
    const { missing, came, consumer } = await fleet();
    await send(alert(1));
    await send(alert(4, 4));
    const { epoch } = alertMessage(1);
    const gap = makeGap(
      { reason: 'evicted', dropped: 3, ranges: [{ epoch, firstSeq: 5, lastSeq: 7 }] },
      { ...about(), deviceId: 'demo', messageId: newMessageId() },
    );
    const row = { epoch, seq: 8, soundedBeforeCommit: false };
    await send({ ...toMessage(gap, row), oldestSeq: 8 });
    await until(() => came.length === 3);
    expect(missing).toEqual(['demo 2-3']);
    expect(consumer.stats().missing).toBe(2);
    await until(() => acks.at(-1)?.ackedSeq === 8);
  });

  it('counts each epoch by itself', async () => {
    await fleet();
    const epoch = randomUUID();
    await send(alert(1));
    await send({ ...alert(1), epoch });
    await until(() => acks.length === 2);
    expect(new Set(acks.map((ack) => ack.epoch))).toEqual(new Set([alert(1).epoch, epoch]));
  });

  it('refuses what is no alert, and a vehicle that speaks for another', async () => {
    const { came, consumer, lines } = await fleet();
    await send('no json');
    await send({ ...alert(1), severity: 9 });
    await send(alert(1), 'cabinwatch/v1/other/alert');
    await send(alert(2));
    await until(() => came.length === 1);
    expect(consumer.stats()).toMatchObject({ delivered: 1, refused: 3 });
    expect(lines.filter((line) => line.includes('is refused'))).toHaveLength(1);
  });
});

describe('in words', () => {
  it('an alert says when, which vehicle and what', () => {
    const message = { ...alertMessage(1), wallTime: new Date(2026, 0, 1, 14, 3, 7).toISOString() };
    expect(alertLine(message)).toBe('14:03:07 vehicle demo: microsleep (critical): eyes closed 1.0 s');
    expect(alertLine({ ...message, historical: true, clock: 'unsynchronised' })).toBe(
      '14:03:07 vehicle demo: microsleep (critical): eyes closed 1.0 s (its clock is not set, it waited for a connection)',
    );
  });

  it('a gap says which numbers', () => {
    expect(missingLine('demo', { firstSeq: 2, lastSeq: 3 })).toBe(
      'vehicle demo: messages 2 to 3 did not arrive here and are no longer on the vehicle',
    );
    expect(missingLine('demo', { firstSeq: 4, lastSeq: 4 })).toContain(
      'message 4 did not arrive here and is',
    );
  });
});
