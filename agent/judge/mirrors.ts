/**
 * Directions in which a short look belongs to driving. In: a direction from the neutral pose, degrees.
 * Out: the name of the mirror, or `null`.
 */
import type { JudgeConfig } from '../../config/schema.ts';

/** A direction from the neutral pose: yaw positive to the driver's left, pitch positive up, degrees. */
export interface Direction {
  readonly yawDeg: number;
  readonly pitchDeg: number;
}

/** Which mirror lies in that direction; zones are given for a driver on the left and mirrored for the right. */
export function mirrorAt(look: Direction, config: JudgeConfig['distraction']): string | null {
  const yawDeg = config.driverSide === 'left' ? look.yawDeg : -look.yawDeg;
  for (const zone of config.mirrorZones) {
    const inYaw = yawDeg >= zone.yawMinDeg && yawDeg <= zone.yawMaxDeg;
    const inPitch = look.pitchDeg >= zone.pitchMinDeg && look.pitchDeg <= zone.pitchMaxDeg;
    if (inYaw && inPitch) return zone.name;
  }
  return null;
}
