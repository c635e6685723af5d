/** Who speaks, in every message that leaves: device, boot, trip, clock, versions. */
import type { ResolvedConfig } from '../config/load.ts';
import type { Clock } from './clock.ts';
import type { AlertContext } from './contract/index.ts';
import type { Surroundings } from './surroundings.ts';
import { VERSION } from './version.ts';

/** The part of a message that says who speaks, and where. */
export function speakerOf(
  config: Pick<ResolvedConfig, 'deviceId'>,
  clock: Clock,
  tripId: string | null,
  surroundings: Pick<Surroundings, 'speedKmh' | 'position'>,
  modelVersions: Readonly<Record<string, string>>,
): Omit<AlertContext, 'messageId'> {
  return {
    deviceId: config.deviceId,
    bootId: clock.bootId,
    tripId,
    wallTime: clock.wallTime(),
    clock: clock.state(),
    softwareVersion: VERSION,
    modelVersions,
    speedKmh: surroundings.speedKmh(),
    position: surroundings.position(),
  };
}
