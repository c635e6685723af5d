/**
 * What real clips measure like: noise, dropouts, blinks, pose spread. The figures in `statistics.json` are
 * made by `scripts/hours-statistics.ts` from replays; nothing of the recordings themselves is here.
 */
import figures from './statistics.json' with { type: 'json' };

/** An angle of a head or of eyes at rest, degrees. */
export interface AngleStatistics {
  readonly median: number;
  /** Robust spread: slow movement and noise together. */
  readonly sd: number;
  /** Noise of single frames. */
  readonly noise: number;
}

/** One clip. Shares 0-1; EAR and MAR are ratios; `null` = not shown in the clip. */
export interface ClipStatistics {
  readonly clip: string;
  readonly frames: number;
  readonly fps: number;
  readonly openEar: number;
  readonly openEarSd: number;
  readonly earNoise: number;
  readonly eyeConfidence: number;
  readonly closuresPerMinute: number;
  readonly medianClosureMs: number | null;
  readonly eyesUnseenShare: number;
  readonly eyesUnseenRunMs: number | null;
  readonly oneEyeUnseenShare: number;
  readonly faceLostShare: number;
  readonly yaw: AngleStatistics;
  readonly pitch: AngleStatistics;
  readonly roll: AngleStatistics;
  readonly gazeYaw: AngleStatistics;
  readonly gazePitch: AngleStatistics;
  readonly quietMar: number;
  readonly marNoise: number;
  readonly widestMar: number;
}

export const clipStatistics: readonly ClipStatistics[] = figures;
