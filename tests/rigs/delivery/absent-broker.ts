/**
 * No broker during the whole drive: `cabinwatch run` keeps everything, and delivers it in order once there
 * is one.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, startAedes, type TestBroker } from '../../uplink/brokers.ts';
import { until, type Part, type PartResult, type RigOptions } from '../rig.ts';
import { openFleet, type Fleet } from './fleet.ts';
import {
  isAlert,
  judgeDelivery,
  judgeOrder,
  judgePhases,
  judgeTruth,
  together,
  type Committed,
} from './oracle.ts';
import { DEVICE, openVehicle, type Vehicle } from './vehicle.ts';

const MAIN = fileURLToPath(new URL('../../../agent/main.ts', import.meta.url));
const DRIVE_WITHIN_MS = 120_000;
/** How long `run` waits for the broker after the drive [s]. */
const LINGER_S = 60;
/** The vehicle goes on trying in vain so long after the drive [ms]. */
const IN_VAIN_MS = 1500;

export const absentBroker: Part = {
  name: 'absent broker',
  shows: 'no broker during the whole drive, then one: all alerts arrive, in order',
  async run({ full }: RigOptions) {
    const port = await freePort();
    const vehicle = await openVehicle({ times: full ? 10 : 2, pace: 'lossless', brokerPort: port });
    const roles = spawn(
      process.execPath,
      [MAIN, 'run', '--config', vehicle.configFile, '--linger', String(LINGER_S)],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    let broker: TestBroker | null = null;
    const fleet = openFleet(port);
    try {
      const kept = await driveWithoutBroker(vehicle, roles, fleet);
      broker = await brokerForFleetFirst(port, fleet);
      await until('the end of run', () => roles.exitCode !== null, LINGER_S * 1000);
      return verdict(vehicle, fleet, kept, roles.exitCode);
    } finally {
      await end(roles);
      await fleet.close();
      await broker?.kill();
      vehicle.remove();
    }
  },
};

/** @returns how many messages waited when the drive was over */
async function driveWithoutBroker(vehicle: Vehicle, roles: ChildProcess, fleet: Fleet): Promise<number> {
  await until(
    'the end of the drive',
    () => vehicle.isDriveOver() || roles.exitCode !== null,
    DRIVE_WITHIN_MS,
  );
  await sleep(IN_VAIN_MS);
  if (roles.exitCode !== null) throw new Error(`run ended with ${roles.exitCode} before a broker was there`);
  if (fleet.came.length > 0) throw new Error('something was delivered without a broker');
  return vehicle.waiting();
}

/** By QoS 1 alone a message for nobody is gone for now, and comes later than others: the fleet is there first. */
async function brokerForFleetFirst(port: number, fleet: Fleet): Promise<TestBroker> {
  return startAedes(port, {
    authenticate(client, _user, _password, answer) {
      if (client.id !== DEVICE) answer(null, true);
      else
        void until('the fleet', () => fleet.consumer.connected, LINGER_S * 1000).then(() =>
          answer(null, true),
        );
    },
  });
}

function verdict(vehicle: Vehicle, fleet: Fleet, kept: number, status: number | null): PartResult {
  const committed = vehicle.committed();
  const { counts, faults } = together(
    judgeDelivery(committed, fleet.came),
    judgeOrder(fleet.came),
    judgePhases(committed.messages),
    judgeTruth(committed.messages, vehicle.drive.closures, originOf(committed, vehicle)),
  );
  const live = fleet.came.filter(({ historical }) => !historical).length;
  return {
    counts: { 'kept without a broker': kept, ...counts },
    faults: [
      ...faults,
      ...(kept === committed.lastSeq
        ? []
        : [`${kept} of ${committed.lastSeq} messages waited for the broker`]),
      ...(live === 0 ? [] : [`${live} messages say that they are not of the past`]),
      ...(status === 0 ? [] : [`run ended with ${status ?? 'a signal'}, not 0`]),
    ],
  };
}

/** `run` starts the drive when it likes: the first closure tells when that was. */
function originOf({ messages }: Committed, { drive }: Vehicle): number {
  const first = messages.filter(isAlert).find(({ kind }) => kind === 'microsleep');
  return (first?.startedAtMs ?? 0) - drive.closures[0]!.startS * 1000;
}

async function end(roles: ChildProcess): Promise<void> {
  if (roles.exitCode !== null || roles.signalCode !== null) return;
  const gone = new Promise((resolve) => roles.once('exit', resolve));
  roles.kill('SIGTERM');
  await gone;
}
