/** Who speaks, in every message that leaves: device, boot, trip, clock, versions. */
import type { ResolvedConfig } from '../config/load.ts';
import { NETWORKS } from '../models/manifest.ts';
import type { Clock } from './clock.ts';
import type { AlertContext } from './contract/index.ts';
import { VERSION } from './version.ts';

/** A hash so short still tells two networks apart. */
const HASH_DIGITS = 12;

/** The part of a message that says who speaks; position follows with the vehicle's context. */
export function speakerOf(
  config: Pick<ResolvedConfig, 'deviceId'>,
  clock: Clock,
  tripId: string | null,
  speedKmh: number | null,
): Omit<AlertContext, 'messageId'> {
  return {
    deviceId: config.deviceId,
    bootId: clock.bootId,
    tripId,
    wallTime: clock.wallTime(),
    clock: clock.state(),
    softwareVersion: VERSION,
    modelVersions: MODEL_VERSIONS,
    speedKmh,
    position: null,
  };
}

const MODEL_VERSIONS = Object.fromEntries(
  Object.values(NETWORKS).map((network) => [network.name, network.sha256.slice(0, HASH_DIGITS)]),
);
