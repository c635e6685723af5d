/** The wall clock jumps while alerts are on their way: boot in 1970, a year forward, a year back. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { until } from '../link/fixtures.ts';
import { freePort, startAedes, type AedesBroker } from './brokers.ts';
import { openFleet, openVehicle, upTo, type Fleet, type Vehicle } from './rig.ts';

let broker: AedesBroker;
let car: Vehicle;
let fleet: Fleet;

beforeEach(async () => {
  // The date alone: timers go on by the monotonic clock, as in a process whose wall clock is set.
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  broker = await startAedes(await freePort());
  car = openVehicle();
  fleet = openFleet(broker.url, true);
});
afterEach(async () => {
  await fleet.consumer.close();
  await car.end();
  await broker.kill();
  vi.useRealTimers();
});

const YEAR_MS = 365 * 86_400_000;

it('neither loses nor reorders nor repeats one, connected or not', async () => {
  car.start(broker.url, { ack: 'consumer' });
  car.alert(2);
  await until(() => fleet.came.length === 2);
  for (const now of [
    Date.UTC(2026, 0, 1),
    Date.UTC(2026, 0, 1) + YEAR_MS,
    Date.UTC(2026, 0, 1) - YEAR_MS,
    0,
  ]) {
    vi.setSystemTime(now);
    const before = fleet.came.length;
    car.alert(2);
    await until(() => fleet.came.length === before + 2);
  }
  const { port } = broker;
  await broker.kill();
  car.alert(3);
  vi.setSystemTime(Date.UTC(2027, 0, 1));
  car.alert(3);
  broker = await startAedes(port);
  await until(() => fleet.came.length === 16);
  await until(() => car.waiting().length === 0);
  expect(fleet.seqs()).toEqual(upTo(16));
  expect(fleet.missing).toEqual([]);
});
