/** The three roles of a vehicle as children of the rig, under the supervisor of `cabinwatch run`. */
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { systemClock } from '../../../agent/clock.ts';
import { ROLES, supervise, type Supervised } from '../../../agent/supervise.ts';
import type { Vehicle } from './vehicle.ts';

/** Start of the drive after the start of the roles [ms]: they load first, so that no frame is passed over. */
const LOADING_MS = 8000;

export interface Roles {
  readonly supervised: Supervised;
  /** Start of the drive on the monotonic clock [ms]. */
  readonly originMs: number;
}

/** @param uplink another program for the uplink, to try the rig with one that is weak */
export function startRoles(vehicle: Vehicle, uplink?: 'weak'): Roles {
  const originMs = systemClock().monotonicMs() + LOADING_MS;
  const common = ['--config', vehicle.configFile];
  const main = uplink === undefined ? '../../../agent/main.ts' : './weak-main.ts';
  const supervised = supervise({
    roles: ROLES,
    argvOf: (role) => (role === 'watch' ? [...common, '--origin', String(originMs)] : common),
    log: pino({ level: 'silent' }),
    program: [process.execPath, fileURLToPath(new URL(main, import.meta.url))],
  });
  return { supervised, originMs };
}
