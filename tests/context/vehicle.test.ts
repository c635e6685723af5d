/** The whole way: a source, the uplink, the link, the judge. Sources: gpsd (a fake, and the real one), MQTT. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { contextConfig } from '../../config/schema/context.ts';
import { configSchema } from '../../config/schema.ts';
import { openHealth } from '../../agent/health.ts';
import { speakerOf } from '../../agent/identity.ts';
import { incoming } from '../../agent/incoming.ts';
import { openJudging } from '../../agent/judging.ts';
import { initialState, type Outcome } from '../../agent/judge/index.ts';
import { startLinkServer } from '../../agent/link/server.ts';
import { openSurroundings } from '../../agent/surroundings.ts';
import { logger, until } from '../link/fixtures.ts';
import { freePort, startAedes } from '../uplink/brokers.ts';
import { openVehicle, testClock } from '../uplink/rig.ts';
import { startGpsd, tpv } from './gpsd-server.ts';
import { nmeaFix } from './nmea.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Watch without camera and store, and an uplink beside it, with these settings. */
async function drive(settings: Record<string, unknown>) {
  const config = configSchema.parse({ context: settings, judge: { trip: { ignitionOffMs: 0 } } });
  const car = openVehicle();
  endings.push(() => car.end());
  const health = openHealth(logger().log);
  const nowMs = () => performance.now();
  const surroundings = openSurroundings({ config: config.context, health, nowMs });
  const trips: string[] = [];
  const onOutcome = (outcome: Outcome) =>
    outcome.type === 'trip' && void trips.push(`${outcome.phase} by ${outcome.cause}`);
  const judging = openJudging(initialState('run'), config.judge, onOutcome);
  const handlers = incoming({ judging: () => judging, nowMs, surroundings, health, hourOfDay: () => 14.5 });
  const server = await startLinkServer(car.link, handlers, logger().log);
  endings.push(() => server.close());
  car.start(undefined, {}, undefined, contextConfig.parse(settings));
  await until(() => server.stats().readers === 1);
  return { surroundings, health, trips, judging };
}

describe('gpsd', () => {
  it('begins a trip by its speed, and messages say where', async () => {
    const gpsd = await startGpsd();
    endings.push(() => gpsd.kill());
    const { surroundings, trips, judging, health } = await drive({
      speed: ['gpsd'],
      position: 'gpsd',
      gpsd: { port: gpsd.port },
    });
    await until(() => gpsd.watchers() === 1);
    gpsd.say(tpv(1));
    await until(() => surroundings.speedKmh() === 3.6);
    expect(trips).toEqual([]);
    await until(() => {
      gpsd.say(tpv(17));
      return trips.length > 0;
    });
    expect(trips).toEqual(['start by speed']);
    expect(speakerOf({ deviceId: 'car-1' }, testClock, null, surroundings, {})).toMatchObject({
      speedKmh: 61.2,
      position: { latitudeDeg: 48.117966667, longitudeDeg: 11.516666667, accuracyM: 17.1 },
    });
    expect(judging.state().context.hourOfDay).toBe(14.5);
    surroundings.look();
    expect(health.snapshot().parts).toMatchObject({ 'context-gpsd': { status: 'ok' } });
    await gpsd.kill();
    await until(() => {
      surroundings.look();
      return health.snapshot().parts['context-gpsd']?.status === 'degraded';
    });
    expect(health.snapshot().parts['context-gpsd']?.reason).toMatch(
      /nobody listens there|closed the connection/,
    );
  });

  const hasGpsd = spawnSync('gpsd', ['-V']).status === 0;
  if (!hasGpsd) console.log('skipped: the real gpsd with a replayed NMEA track, for gpsd is not installed');
  it.skipIf(!hasGpsd)('as Debian packs it, fed with an NMEA track, begins a trip', async () => {
    // Its receiver: a track of 60 km/h due north, four fixes a second.
    const receiver = createServer((socket) => {
      let second = 0;
      const timer = setInterval(() => socket.write(nmeaFix((second += 1), 60)), 250);
      socket.on('error', () => undefined);
      socket.once('close', () => clearInterval(timer));
    });
    const [from, port] = [await freePort(), await freePort()];
    await new Promise<void>((resolve) => receiver.listen(from, '127.0.0.1', resolve));
    endings.push(() => receiver.close());
    const gpsd = spawn('gpsd', ['-N', '-n', '-S', String(port), `tcp://127.0.0.1:${String(from)}`], {
      stdio: 'ignore',
    });
    const gone = new Promise((resolve) => gpsd.once('exit', resolve));
    endings.push(async () => {
      gpsd.kill('SIGKILL');
      await gone;
    });
    const { surroundings, trips } = await drive({ speed: ['gpsd'], position: 'gpsd', gpsd: { port } });
    await until(() => trips.length > 0 && surroundings.position() !== null);
    expect(trips).toEqual(['start by speed']);
    expect(surroundings.speedKmh()).toBeCloseTo(60, 0);
    expect(surroundings.position()?.latitudeDeg).toBeCloseTo(48.12, 1);
    expect(surroundings.position()?.accuracyM).toBeGreaterThan(0);
  });
});

describe('topics of the vehicle', () => {
  it('begin and end a trip by the ignition, and tell the speed', async () => {
    const broker = await startAedes(await freePort());
    endings.push(() => broker.kill());
    const publish = (topic: string, text: string, retain = false) =>
      new Promise<void>((resolve) => {
        const packet = {
          cmd: 'publish',
          topic,
          payload: Buffer.from(text),
          qos: 0,
          retain,
          dup: false,
        } as const;
        broker.broker.publish(packet, () => resolve());
      });
    await publish('Vehicle/Speed', '99', true);
    const { surroundings, trips, health } = await drive({
      speed: ['mqtt'],
      ignition: 'mqtt',
      mqtt: { broker: broker.url },
    });
    await until(() => broker.clients().some(({ id }) => id === 'car-1-context'));
    const signal = (topic: string, text: string, done: () => boolean) =>
      until(() => {
        void publish(topic, text);
        return done();
      });
    await signal('Vehicle/LowVoltageSystemState', '{"value":"ON"}', () => trips.length === 1);
    // A retained speed is of unknown age.
    expect(surroundings.speedKmh()).toBeNull();
    await signal('Vehicle/Speed', '{"value": 42.5}', () => surroundings.speedKmh() === 42.5);
    await publish('Vehicle/Speed', 'fast');
    await until(() => health.snapshot().counters['contextDropped'] === 1);
    await signal('Vehicle/LowVoltageSystemState', 'OFF', () => trips.length === 2);
    expect(trips).toEqual(['start by ignition', 'end by ignition']);
  });
});
