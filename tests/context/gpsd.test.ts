/** gpsd as a source: what it says, and every way in which it can fail. */
import { afterEach, describe, expect, it } from 'vitest';
import { openGpsd } from '../../agent/uplink/context/gpsd.ts';
import { readGpsdLine } from '../../agent/uplink/context/gpsd-report.ts';
import type { ContextSource, Reading } from '../../hardware/context/context-source.ts';
import { until } from '../link/fixtures.ts';
import { freePort } from '../uplink/brokers.ts';
import { startGpsd, tpv, type FakeGpsd } from './gpsd-server.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function serve(port?: number, devices?: object[]): Promise<FakeGpsd> {
  const gpsd = await startGpsd(port, devices);
  endings.push(() => gpsd.kill());
  return gpsd;
}
function open(port: number): { source: ContextSource; readings: Reading[]; unreadable: () => number } {
  const readings: Reading[] = [];
  let unreadable = 0;
  const source = openGpsd(
    { host: '127.0.0.1', port, retry: { retryMinMs: 20, retryMaxMs: 50, silentAfterMs: 1000 } },
    { onReading: (reading) => readings.push(reading), onUnreadable: () => (unreadable += 1) },
  );
  endings.push(() => source.close());
  return { source, readings, unreadable: () => unreadable };
}

describe('a line', () => {
  it('with a fix tells speed in km/h and position', () => {
    expect(readGpsdLine(JSON.stringify(tpv(16.668)))).toEqual({
      kind: 'reading',
      reading: {
        speedKmh: 60,
        position: { latitudeDeg: 48.117966667, longitudeDeg: 11.516666667, accuracyM: 17.1 },
      },
    });
  });

  it('tells only what it holds', () => {
    expect(readGpsdLine('{"class":"TPV","mode":2,"speed":0}')).toEqual({
      kind: 'reading',
      reading: { speedKmh: 0 },
    });
    expect(readGpsdLine('{"class":"TPV","mode":2,"lat":1,"lon":2,"eph":-1}')).toEqual({
      kind: 'reading',
      reading: { position: { latitudeDeg: 1, longitudeDeg: 2, accuracyM: null } },
    });
  });

  it.each([
    ['without a fix', { class: 'TPV', mode: 1, speed: 30 }, 'fault'],
    ['without a receiver', { class: 'DEVICES', devices: [] }, 'fault'],
    ['of the satellites', { class: 'SKY', satellites: [] }, 'other'],
    ['off the globe', tpv(10, { lat: 91 }), 'unreadable'],
    ['with words for a speed', tpv(10, { speed: 'fast' }), 'unreadable'],
  ])('%s is no reading', (_, report, kind) => {
    expect(readGpsdLine(JSON.stringify(report)).kind).toBe(kind);
  });

  it.each(['', 'null', '7', '[]', '{"class":"TPV"', 'HTTP/1.1 400 Bad Request'])(
    'that is no report (%s) does not throw',
    (line) => expect(['other', 'unreadable']).toContain(readGpsdLine(line).kind),
  );
});

describe('gpsd', () => {
  it('is watched, and read whatever the lines are cut into', async () => {
    const gpsd = await serve();
    const { source, readings, unreadable } = open(gpsd.port);
    await until(() => gpsd.watchers() === 1);
    gpsd.say(tpv(10), 'rubbish', { class: 'SKY' }, tpv(11));
    await until(() => readings.length === 2 && unreadable() === 1);
    expect(readings.map(({ speedKmh }) => speedKmh)).toEqual([36, 39.6]);
    expect(source.fault).toBeNull();
  });

  it('is waited for where it does not run, and found again after it was restarted', async () => {
    const port = await freePort();
    const { source, readings } = open(port);
    await until(() => source.fault !== null);
    expect(source.fault).toBe(`gpsd at 127.0.0.1:${String(port)}: nobody listens there`);
    for (const round of [1, 2]) {
      const gpsd = await startGpsd(port);
      await until(() => gpsd.watchers() === 1);
      gpsd.say(tpv(10));
      await until(() => readings.length === round && source.fault === null);
      await gpsd.kill();
      await until(() => source.fault !== null);
    }
  });

  it('is said to have no fix, or no receiver', async () => {
    const gpsd = await serve();
    const { source, readings } = open(gpsd.port);
    await until(() => gpsd.watchers() === 1);
    gpsd.say({ class: 'TPV', mode: 1 });
    await until(() => source.fault !== null);
    expect(source.fault).toMatch(/: has no fix$/);
    gpsd.say(tpv(3));
    await until(() => source.fault === null);
    expect(readings).toHaveLength(1);
    const empty = open((await serve(0, [])).port);
    await until(() => empty.source.fault !== null);
    expect(empty.source.fault).toMatch(/: knows no receiver$/);
  });

  it('that falls silent is left and asked again', async () => {
    const gpsd = await serve();
    const { source, readings } = open(gpsd.port);
    await until(() => gpsd.watchers() === 1);
    gpsd.say(tpv(10));
    await until(() => readings.length === 1);
    await until(() => source.fault !== null);
    expect(source.fault).toMatch(/nothing more arrived for/);
    await until(() => {
      gpsd.say(tpv(12));
      return source.fault === null;
    });
  });

  it('that is something else is not read without end', async () => {
    const gpsd = await serve();
    const { source } = open(gpsd.port);
    await until(() => gpsd.watchers() === 1);
    gpsd.say('x'.repeat(100_000));
    await until(() => source.fault !== null);
    expect(source.fault).toMatch(/what answers is no gpsd/);
  });
});
