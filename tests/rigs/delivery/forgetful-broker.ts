/**
 * A real broker takes every alert while no fleet listens, and is killed: its PUBACKs were worth nothing.
 * The uplink loses nothing all the same, for it waits for the fleet's own acknowledgement.
 */
import { freePort } from '../../uplink/brokers.ts';
import { until, type Part, type PartResult } from '../rig.ts';
import { startBroker } from './broker.ts';
import { openFleet } from './fleet.ts';
import { judgeDelivery } from './oracle.ts';
import { startRoles } from './roles.ts';
import { openVehicle } from './vehicle.ts';

const DRIVE_WITHIN_MS = 120_000;
const DELIVERED_WITHIN_MS = 30_000;

export const forgetfulBroker: Part = {
  name: 'forgetful broker',
  shows: 'a broker that takes alerts no fleet hears, and dies: nothing is lost',
  async run(): Promise<PartResult> {
    const port = await freePort();
    const first = await startBroker(port);
    const vehicle = await openVehicle({ times: 1, pace: 'lossless', brokerPort: port });
    const onlooker = openFleet(port, false);
    const { supervised } = startRoles(vehicle);
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
  },
};
