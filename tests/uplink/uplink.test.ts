/** The role as a whole: state and last will, what passes between broker and watch, what it loads. */
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { connect, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MESSAGES, TOPICS, type Channel } from '../../agent/contract/index.ts';
import type { ToWatch } from '../../agent/link/messages.ts';
import { startLinkServer, type LinkServer } from '../../agent/link/server.ts';
import { health, logger, measurement, until } from '../link/fixtures.ts';
import { folder } from '../store/drafts.ts';
import { freePort, startAedes, type AedesBroker } from './brokers.ts';
import { openVehicle, type Vehicle } from './rig.ts';

interface Heard {
  readonly channel: Channel;
  readonly message: Record<string, unknown>;
}

let broker: AedesBroker;
let observer: MqttClient;
let heard: Heard[];
const endings: (() => unknown)[] = [];

beforeEach(async () => {
  broker = await startAedes(await freePort());
  heard = [];
  observer = connect(broker.url, { protocolVersion: 4 });
  observer.on('message', (topic, payload) => {
    const channel = topic.split('/').at(-1) as Channel;
    if (TOPICS[channel].from !== 'device') return;
    heard.push({ channel, message: JSON.parse(payload.toString()) as Record<string, unknown> });
  });
  await observer.subscribeAsync('cabinwatch/v1/car-1/+');
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await observer.endAsync(true);
  await broker.kill();
});

const vehicle = (): Vehicle => {
  const opened = openVehicle();
  endings.push(() => opened.end());
  return opened;
};
const on = (channel: Channel) => heard.filter((one) => one.channel === channel).map(({ message }) => message);
const states = () => on('state').map(({ status }) => status);

async function watchAt(path: string): Promise<{ server: LinkServer; came: ToWatch[] }> {
  const came: ToWatch[] = [];
  const take = (message: ToWatch) => void came.push(message);
  const handlers = { onContext: take, onAck: take, onTrip: take, onUplink: take };
  const server = await startLinkServer(path, handlers, logger().log);
  endings.push(() => server.close());
  return { server, came };
}

describe('the state of a device', () => {
  it('is online once it is connected and stopped after a clean end, both retained', async () => {
    const car = vehicle();
    car.alert(2);
    const uplink = car.start(broker.url, { ack: 'consumer' });
    await until(() => states().length === 1);
    expect(on('state')[0]).toMatchObject({ status: 'online', epoch: car.watch.epoch, outboxDepth: 2 });
    await uplink.close();
    await until(() => states().length === 2);
    const late = connect(broker.url, { protocolVersion: 4 });
    endings.push(() => late.endAsync(true));
    const kept = new Promise<string>((resolve) =>
      late.on('message', (_, payload) => resolve(payload.toString())),
    );
    await late.subscribeAsync('cabinwatch/v1/car-1/state');
    expect(MESSAGES.state.parse(JSON.parse(await kept))).toMatchObject({ status: 'stopped' });
    expect(states()).toEqual(['online', 'stopped']);
  });

  it('is offline, by its last will, when its process is killed', async () => {
    const place = folder();
    endings.push(() => place.remove());
    const script = fileURLToPath(new URL('./uplink-child.ts', import.meta.url));
    const child = spawn(process.execPath, [script, broker.url, place.path], { stdio: 'ignore' });
    await until(() => states().includes('online'));
    child.kill('SIGKILL');
    await until(() => states().includes('offline'));
    const last = on('state').at(-1);
    expect(MESSAGES.state.parse(last)).toEqual(last);
    expect(states()).toEqual(['online', 'offline']);
  });
});

describe('between watch and the broker', () => {
  it('passes measures and condition on, as the contract says', async () => {
    const car = vehicle();
    const { server } = await watchAt(car.link);
    car.start(broker.url, { telemetryEveryMs: 500 });
    await until(() => server.stats().readers === 1);
    server.publish(measurement(7000));
    server.publish(health);
    await until(() => on('telemetry').length > 0 && on('health').length > 0);
    for (const { channel, message } of heard) expect(MESSAGES[channel].parse(message)).toEqual(message);
    expect(on('telemetry').at(-1)).toMatchObject({ driver: { perclos60: 0.04 } });
    expect(on('health').at(-1)).toMatchObject({ status: 'degraded', parts: health.parts });
  });

  it('says that watch is away', async () => {
    vehicle().start(broker.url);
    await until(() => on('health').length > 0);
    expect(on('health')[0]).toMatchObject({
      status: 'failed',
      parts: { watch: { status: 'failed', reason: 'the watching role is not reached' } },
    });
  });

  it('tells watch how the broker link does, each change', async () => {
    const car = vehicle();
    const { came } = await watchAt(car.link);
    car.alert(3);
    car.start(broker.url, { ack: 'consumer' });
    const last = () => came.filter((message) => message.type === 'uplink').at(-1);
    await until(() => last()?.connected === true && last()?.outboxDepth === 3);
    expect(last()).toMatchObject({ configured: true, lastError: null });
    await broker.kill();
    await until(() => last()?.connected === false && last()?.lastError != null);
    expect(last()?.lastError).toMatch(/closed the connection|no broker listens/);
    broker = await startAedes(broker.port);
    await until(() => last()?.connected === true && last()?.lastError === null);
  });

  it('carries out acknowledge and answers it', async () => {
    const car = vehicle();
    const { came } = await watchAt(car.link);
    car.start(broker.url);
    await until(() => states().length === 1 && came.length > 0);
    const commandId = randomUUID();
    const command = { schemaVersion: 1, commandId, issuedAt: '2026-01-01T00:00:00Z', command: 'acknowledge' };
    const send = () =>
      observer.publishAsync('cabinwatch/v1/car-1/command', JSON.stringify(command), { qos: 1 });
    await send();
    await until(() => on('result').length === 1);
    expect(on('result')[0]).toMatchObject({ commandId, outcome: 'done', reason: null });
    await until(() => came.some((message) => message.type === 'ack'));
    await send();
    await until(() => on('result').length === 2);
    expect(on('result')[1]).toMatchObject({ outcome: 'refused', reason: 'this command was answered before' });
    expect(came.filter(({ type }) => type === 'ack')).toEqual([{ v: 1, type: 'ack', origin: 'command' }]);
  });

  it.each([
    ['that is no JSON', 'mount the camera', null, /command: the payload is not JSON/],
    [
      'that nobody knows',
      JSON.stringify({
        schemaVersion: 1,
        commandId: 'x',
        issuedAt: '2026-01-01T00:00:00Z',
        command: 'mount',
      }),
      'x',
      /command, field command/,
    ],
    [
      'of this version that is not carried out',
      JSON.stringify({
        schemaVersion: 1,
        commandId: '0190c000-0000-4000-8000-000000000001',
        issuedAt: '2026-01-01T00:00:00Z',
        command: 'set',
        settings: { 'judge.a': 1 },
      }),
      '0190c000-0000-4000-8000-000000000001',
      /does not carry out set/,
    ],
    ['that is too long', 'x'.repeat(20_000), null, /at most 16384 bytes/],
  ])('refuses a command %s, and says why', async (_, payload, commandId, reason) => {
    const car = vehicle();
    const { came } = await watchAt(car.link);
    car.start(broker.url);
    await until(() => states().length === 1);
    await observer.publishAsync('cabinwatch/v1/car-1/command', payload, { qos: 1 });
    await until(() => on('result').length === 1);
    const [result] = on('result');
    expect(MESSAGES.result.parse(result)).toMatchObject({ commandId, outcome: 'refused' });
    expect(result?.['reason']).toMatch(reason);
    expect(came.some(({ type }) => type === 'ack')).toBe(false);
  });

  it('refuses a retained command and ignores a retained acknowledgement', async () => {
    const car = vehicle();
    car.alert(2);
    const command = {
      schemaVersion: 1,
      commandId: randomUUID(),
      issuedAt: '2026-01-01T00:00:00Z',
      command: 'acknowledge',
    };
    const ack = { epoch: car.watch.epoch, ackedSeq: 2 };
    const keep = { qos: 1, retain: true } as const;
    await observer.publishAsync('cabinwatch/v1/car-1/command', JSON.stringify(command), keep);
    await observer.publishAsync('cabinwatch/v1/car-1/ack', JSON.stringify(ack), keep);
    const uplink = car.start(broker.url, { ack: 'consumer' });
    await until(() => on('result').length === 1);
    expect(on('result')[0]).toMatchObject({ reason: 'a retained command is not carried out' });
    await until(() => car.lines.some((line) => line.includes('it is retained')));
    await uplink.close();
    expect(car.waiting()).toEqual([1, 2]);
  });
});

describe('without a broker', () => {
  it('keeps alerts, connects to nothing, and says so to watch', async () => {
    const car = vehicle();
    const { came } = await watchAt(car.link);
    car.alert(2);
    car.start(undefined);
    await until(() => came.length > 0);
    expect(came[0]).toMatchObject({ configured: false, connected: false, lastError: null, outboxDepth: 2 });
    expect(car.waiting()).toEqual([1, 2]);
    expect(broker.clients().map(({ id }) => id)).not.toContain('car-1');
  });
});

describe('the role', () => {
  it('loads neither the networks nor the picture library', () => {
    const uplink = new URL('../../agent/uplink/uplink.ts', import.meta.url).href;
    const script = `await import(${JSON.stringify(uplink)}); console.log(JSON.stringify(process.report.getReport().sharedObjects))`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    const libraries = JSON.parse(stdout) as string[];
    expect(libraries.length).toBeGreaterThan(0);
    expect(libraries.filter((path) => /onnxruntime|sharp|vips/.test(path))).toEqual([]);
  });
});
