/** Telemetry alone: sent at once, kept while offline, spilled rarely, sent later as history. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { telemetryMessage } from '../../agent/contract/index.ts';
import { lineOf, fromWatch, readLine, type LinkMeasurement } from '../../agent/link/messages.ts';
import { openStore } from '../../agent/store/database.ts';
import type { Store } from '../../agent/store/store.ts';
import { deviceLoad } from '../../agent/uplink/device.ts';
import { createTelemetry, type TelemetryOptions } from '../../agent/uplink/telemetry.ts';
import { logger, measurement, until } from '../link/fixtures.ts';
import { folder, storeConfig } from '../store/drafts.ts';
import { affectOf } from '../stories/affect.ts';
import { fakeSession, settle } from './sessions.ts';

let place: ReturnType<typeof folder>;
let store: Store;
let nowMs: number;

beforeEach(() => {
  place = folder();
  store = openStore(place.file, storeConfig(), 'uplink');
  nowMs = 1_000_000;
});
afterEach(() => {
  store.close();
  place.remove();
});

function told(): LinkMeasurement {
  const read = readLine(fromWatch, lineOf(measurement(5000)).trim());
  if (!('message' in read) || read.message.type !== 'measurement') throw new Error('no measurement');
  return read.message;
}

function telemetry(changes: Partial<TelemetryOptions> = {}) {
  return createTelemetry({
    speaker: {
      deviceId: 'car-1',
      softwareVersion: '0.0.0',
      clock: {
        bootId: 'boot-1',
        monotonicMs: () => nowMs,
        wallTime: () => '2026-01-01T00:00:00.000Z',
        state: () => 'unknown',
      },
    },
    store,
    expiryS: 600,
    spillEveryMs: 300_000,
    measurement: told,
    tripId: () => null,
    profile: 'fleet',
    load: () => Promise.resolve({ cpuPercent: 12.5, temperatureC: null }),
    log: logger().log,
    ...changes,
  });
}

describe('telemetry', () => {
  it('says what the contract says, may expire, and is news', async () => {
    const session = fakeSession({ answers: true });
    const sender = telemetry();
    sender.begin(session);
    await sender.sample();
    const [sent] = session.published;
    expect(telemetryMessage.parse(sent?.message)).toEqual(sent?.message);
    expect(sent).toMatchObject({
      topic: 'cabinwatch/v1/car-1/telemetry',
      message: {
        historical: false,
        capturedAtMs: 5000,
        driver: { perclos60: 0.04, kssEstimate: 4, level: 0 },
        device: { fps: 29.9, framesDropped: 3, cpuPercent: 12.5, temperatureC: null, outboxDepth: 0 },
        speedKmh: 62,
      },
      options: { qos: 1, expiryS: 600 },
    });
  });

  it.each([
    ['fleet', null],
    ['research', { face: affectOf({ happy: 1 }), voice: null }],
  ] as const)('in the profile %s tells of emotions only what that allows', async (profile, affect) => {
    const session = fakeSession({ answers: true });
    const felt = { face: affectOf({ happy: 1 }), voice: null };
    const sender = telemetry({ profile, measurement: () => ({ ...told(), affect: felt }) });
    sender.begin(session);
    await sender.sample();
    const message = telemetryMessage.parse(session.published[0]?.message);
    expect(message.driver?.affect).toEqual(affect);
  });

  it('knows nothing of the driver while watch is away', async () => {
    const session = fakeSession({ answers: true });
    const sender = telemetry({ measurement: () => null });
    sender.begin(session);
    await sender.sample();
    expect(telemetryMessage.parse(session.published[0]?.message)).toMatchObject({
      driver: null,
      device: { fps: null, memoryMb: null },
    });
  });

  it('keeps samples while offline, writes them in few batches, and sends all later as history, in order', async () => {
    const spills: number[] = [];
    const spillTelemetry: Store['spillTelemetry'] = (rows) => {
      spills.push(rows.length);
      return store.spillTelemetry(rows);
    };
    const sender = telemetry({ store: { ...store, spillTelemetry } });
    const ids: unknown[] = [];
    for (let n = 0; n < 65; n += 1) {
      nowMs += 10_000;
      await sender.sample();
    }
    expect(spills).toEqual([30, 30]);
    const session = fakeSession({ answers: true });
    sender.begin(session);
    await until(() => session.published.length === 65);
    for (const { message } of session.published) {
      expect(message['historical']).toBe(true);
      ids.push(message['messageId']);
    }
    expect(ids).toEqual([...ids].sort());
    expect(store.takeTelemetry(10)).toEqual([]);
  });

  it('kept before the clock was set carries the corrected time beside the original', async () => {
    let clock: 'unsynchronised' | 'synchronised' = 'unsynchronised';
    const speaker = {
      deviceId: 'car-1',
      softwareVersion: '0.0.0',
      clock: {
        bootId: 'boot-1',
        monotonicMs: () => nowMs,
        wallTime: () => (clock === 'synchronised' ? '2026-06-01T12:00:00.000Z' : '1970-01-01T00:00:05.000Z'),
        state: () => clock,
      },
    };
    const sender = telemetry({ speaker, measurement: () => null });
    await sender.sample();
    nowMs += 90_000;
    clock = 'synchronised';
    const session = fakeSession({ answers: true });
    sender.begin(session);
    await until(() => session.published.length === 1);
    expect(telemetryMessage.parse(session.published[0]?.message)).toMatchObject({
      clock: 'unsynchronised',
      wallTime: '1970-01-01T00:00:05.000Z',
      wallTimeCorrected: '2026-06-01T11:58:30.000Z',
    });
  });

  it('keeps what a session did not take for the next one', async () => {
    const sender = telemetry();
    for (let n = 0; n < 5; n += 1) await sender.sample();
    const first = fakeSession();
    sender.begin(first);
    first.published[0]?.answer();
    await settle();
    sender.end();
    first.published[1]?.lose();
    await settle();
    const second = fakeSession({ answers: true });
    sender.begin(second);
    await until(() => second.published.length === 4);
    expect(second.published[0]?.message['messageId']).toBe(first.published[1]?.message['messageId']);
  });

  it('hands the rest to the store when it ends', async () => {
    const sender = telemetry();
    for (let n = 0; n < 3; n += 1) await sender.sample();
    sender.close();
    expect(store.takeTelemetry(10)).toHaveLength(3);
  });

  it('stays bounded when the store takes nothing', async () => {
    const spillTelemetry = () => {
      throw new Error('disk full');
    };
    const sender = telemetry({ store: { ...store, spillTelemetry } });
    for (let n = 0; n < 2100; n += 1) await sender.sample();
    const session = fakeSession({ answers: true });
    sender.begin(session);
    await until(() => session.published.length >= 2000);
    await settle();
    expect(session.published).toHaveLength(2000);
  });
});

describe('the load of the device', () => {
  it('is a number or not known', async () => {
    const { cpuPercent, temperatureC } = await deviceLoad();
    expect(cpuPercent).toBeGreaterThanOrEqual(0);
    expect(temperatureC === null || temperatureC > -60).toBe(true);
  });
});
