/**
 * Several drivers one after another: when the face has been away for a while, whoever comes back is learned
 * beside the driver before, and replaces what was known of that one where they differ.
 *
 * In: what is known, and the newcomer's first seconds. Out: which of the two to go on with.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { openEarOf, untaughtEyes } from './eyes.ts';
import type { EyesState } from './eyes.ts';
import { unlearnedNeutral } from './neutral-pose.ts';
import type { NeutralState } from './neutral-pose.ts';

/** What is known of a driver. */
export interface KnownDriver {
  readonly eyes: EyesState;
  readonly neutral: NeutralState;
}

export const unknownDriver: KnownDriver = { eyes: untaughtEyes, neutral: unlearnedNeutral };

/** Whether enough is known of the newcomer to compare. */
export function isComparable(newcomer: KnownDriver): boolean {
  return newcomer.neutral.pose !== null;
}

/** Resting pose or open-eye level differ by more than one driver's do. */
export function isAnotherDriver(before: KnownDriver, newcomer: KnownDriver, config: JudgeConfig): boolean {
  const known = before.neutral.pose;
  const seen = newcomer.neutral.pose;
  if (known === null || seen === null) return true;
  const turnDeg = Math.abs(known.yawDeg - seen.yawDeg);
  const tiltDeg = Math.abs(known.pitchDeg - seen.pitchDeg);
  if (Math.max(turnDeg, tiltDeg) > config.calibration.otherPoseDeg) return true;
  const earBefore = meanOpenEar(before.eyes, config.eyes);
  return Math.abs(meanOpenEar(newcomer.eyes, config.eyes) / earBefore - 1) > config.calibration.otherEarShare;
}

function meanOpenEar(eyes: EyesState, config: JudgeConfig['eyes']): number {
  return (openEarOf(eyes.left, config) + openEarOf(eyes.right, config)) / 2;
}
