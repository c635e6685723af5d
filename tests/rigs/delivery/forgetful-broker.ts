/**
 * A real broker takes every alert while no fleet listens, and is killed: its PUBACKs were worth nothing.
 * The real uplink loses nothing, for it waits for the fleet's own acknowledgement; one that deletes before
 * that must lose something, or this rig could not show a loss at all.
 */
import { freePort } from '../../uplink/brokers.ts';
import { until, type Part, type PartResult } from '../rig.ts';
import { startBroker } from './broker.ts';
import { openFleet } from './fleet.ts';
import { judgeDelivery, type Verdict } from './oracle.ts';
import { startRoles } from './roles.ts';
import { openVehicle } from './vehicle.ts';

const DRIVE_WITHIN_MS = 120_000;
const DELIVERED_WITHIN_MS = 30_000;

export const forgetfulBroker: Part = {
  name: 'forgetful broker',
  shows: 'a broker that dies with what it took: nothing is lost, but by an uplink broken on purpose',
  async run(): Promise<PartResult> {
    const real = await deliver();
    const weak = await deliver('weak');
    const lostByWeak = weak.counts['lost'] ?? 0;
    return {
      counts: { ...real.counts, 'lost by the uplink broken on purpose': lostByWeak },
      faults: [
        ...real.faults,
        ...(lostByWeak > 0 ? [] : ['the uplink broken on purpose lost nothing: this rig shows nothing']),
      ],
    };
  },
};

async function deliver(uplink?: 'weak'): Promise<Verdict> {
  const port = await freePort();
  const first = await startBroker(port);
  const vehicle = await openVehicle({ times: 1, pace: 'lossless', brokerPort: port });
  const onlooker = openFleet(port, false);
  const { supervised } = startRoles(vehicle, uplink);
  const endings = [() => supervised.stop(), () => onlooker.close(), () => first.kill()];
  try {
    await until('the end of the drive', () => vehicle.isDriveOver(), DRIVE_WITHIN_MS);
    await until('an alert at the broker', () => onlooker.came.length > 0, DELIVERED_WITHIN_MS);
    await first.kill();
    const taken = onlooker.came.length;
    const second = await startBroker(port);
    const fleet = openFleet(port);
    endings.push(
      () => fleet.close(),
      () => second.kill(),
    );
    await until('delivery', () => fleet.consumer.connected && vehicle.waiting() === 0, DELIVERED_WITHIN_MS);
    const { counts, faults } = judgeDelivery(vehicle.committed(), fleet.came);
    return { counts: { 'taken by the first broker': taken, ...counts }, faults };
  } finally {
    for (const end of endings) await end();
    vehicle.remove();
  }
}
