/** Boot in 1970, then the clock is set: alerts carry both times. */
import { afterEach, describe, expect, it } from 'vitest';
import { makeAlert, newMessageId, outboxMessage } from '../../agent/contract/index.ts';
import type { AlertMessage, ClockState } from '../../agent/contract/index.ts';
import { alertLine } from '../../agent/fleet/words.ts';
import { openStore } from '../../agent/store/database.ts';
import { correctedWallTime } from '../../agent/uplink/corrected-time.ts';
import { runUplink } from '../../agent/uplink/uplink.ts';
import { contextConfig } from '../../config/schema/context.ts';
import { logger, until } from '../link/fixtures.ts';
import { folder, storeConfig } from '../store/drafts.ts';
import { freePort, settings, startAedes } from './brokers.ts';
import { openFleet } from './rig.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const JUMP_MS = Date.UTC(2026, 5, 1, 12, 0, 0);
/** A computer without a clock battery: it begins in 1970 and jumps when `set`. */
function computer(bootId = 'boot-1') {
  let state: ClockState = 'unsynchronised';
  let wallMs = 0;
  let monotonicMs = 5000;
  return {
    clock: {
      bootId,
      monotonicMs: () => monotonicMs,
      wallTime: () => new Date(wallMs).toISOString(),
      state: () => state,
    },
    pass: (ms: number) => {
      monotonicMs += ms;
      wallMs += ms;
    },
    set: () => {
      state = 'synchronised';
      wallMs = JUMP_MS;
    },
  };
}
const noted = { bootId: 'boot-1', clock: 'unsynchronised', capturedAtMs: 5000 } as const;

describe('the corrected time', () => {
  it('is the time that has passed before the time now', () => {
    const { clock, pass, set } = computer();
    pass(60_000);
    expect(correctedWallTime(noted, clock)).toBeNull();
    set();
    expect(correctedWallTime(noted, clock)).toBe('2026-06-01T11:59:00.000Z');
    pass(3_600_000);
    expect(correctedWallTime(noted, clock)).toBe('2026-06-01T11:59:00.000Z');
  });

  it.each([
    ['the clock was right', { ...noted, clock: 'synchronised' }],
    ['it is of another boot', { ...noted, bootId: 'boot-0' }],
    ['nothing was captured', { bootId: 'boot-1', clock: 'unsynchronised' }],
    ['it is ahead of the time now', { ...noted, capturedAtMs: 9e9 }],
  ] as const)('is not made up when %s', (_, message) => {
    const { clock, set } = computer();
    set();
    expect(correctedWallTime(message, clock)).toBeNull();
  });
});

it('reaches the fleet beside the original, in the order of the numbers', async () => {
  const broker = await startAedes(await freePort());
  endings.push(() => broker.kill());
  const place = folder();
  endings.push(() => place.remove());
  const { clock, pass, set } = computer();
  const store = openStore(place.file, storeConfig(), 'watch');
  endings.push(() => store.close());
  for (let n = 0; n < 3; n += 1) {
    pass(10_000);
    if (n === 2) set();
    store.append(
      makeAlert(
        {
          alertKey: `run:${String(n)}`,
          phase: 'raised',
          kind: 'microsleep',
          severity: 3,
          level: 1,
          startMs: clock.monotonicMs() - 1000,
          atMs: clock.monotonicMs(),
          evidence: { closedMs: 1000 },
        },
        {
          messageId: newMessageId(),
          deviceId: 'car-1',
          bootId: clock.bootId,
          tripId: null,
          wallTime: clock.wallTime(),
          clock: clock.state(),
          softwareVersion: '0.0.0',
          modelVersions: {},
          speedKmh: null,
          position: null,
        },
      ),
    );
  }
  pass(100_000);
  const fleet = openFleet(broker.url, false);
  endings.push(() => fleet.consumer.close());
  const uplinkStore = openStore(place.file, storeConfig(), 'uplink');
  endings.push(() => uplinkStore.close());
  const uplink = runUplink({
    config: {
      deviceId: 'car-1',
      store: storeConfig(),
      uplink: settings(broker.url, { ack: 'consumer' }),
      context: contextConfig.parse({}),
    },
    store: uplinkStore,
    link: `${place.path}/watch.sock`,
    clock,
    softwareVersion: '0.0.0',
    log: logger().log,
  });
  endings.push(() => uplink.close());
  await until(() => fleet.came.length === 3);
  for (const message of fleet.came) expect(outboxMessage.parse(message)).toEqual(message);
  const alerts = fleet.came as AlertMessage[];
  expect(alerts.map(({ seq, wallTime, wallTimeCorrected }) => [seq, wallTime, wallTimeCorrected])).toEqual([
    [1, '1970-01-01T00:00:10.000Z', '2026-06-01T11:59:40.000Z'],
    [2, '1970-01-01T00:00:20.000Z', '2026-06-01T11:59:50.000Z'],
    [3, '2026-06-01T12:00:00.000Z', undefined],
  ]);
  expect(alerts.map((message) => alertLine(message).includes('its clock is not set'))).toEqual([
    false,
    false,
    false,
  ]);
});
