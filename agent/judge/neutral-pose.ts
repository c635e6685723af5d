/**
 * Where this driver's head rests when looking at the road, for any place of the camera.
 *
 * In: head pose (and gaze) of frames with a certain pose, ms of face time. Out: the neutral pose, degrees,
 * as a robust median that adapts slowly; `calibrating` after a few seconds, `done` after a minute.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { FaceSeen } from '../perceive/observation.ts';
import { addSample, emptyHistogram, quantile } from './histogram.ts';
import type { Histogram } from './histogram.ts';

/** Angles that are told apart, and how finely (the median is interpolated within a bin). */
const ANGLE_RANGE = { from: -90, to: 90, binWidth: 1 } as const;
const MEDIAN = 0.5;

export type Calibration = 'none' | 'calibrating' | 'done';

export interface NeutralPose {
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly rollDeg: number;
  /** Usual direction of the eyes in the head. */
  readonly gazeYawDeg: number;
  readonly gazePitchDeg: number;
}

export interface NeutralState {
  readonly yaw: Histogram;
  readonly pitch: Histogram;
  readonly roll: Histogram;
  readonly gazeYaw: Histogram;
  readonly gazePitch: Histogram;
  readonly faceMs: number;
  /** `null` until provisional. */
  readonly pose: NeutralPose | null;
}

const noAngles = emptyHistogram(ANGLE_RANGE.from, ANGLE_RANGE.to, ANGLE_RANGE.binWidth);
export const unlearnedNeutral: NeutralState = {
  yaw: noAngles,
  pitch: noAngles,
  roll: noAngles,
  gazeYaw: noAngles,
  gazePitch: noAngles,
  faceMs: 0,
  pose: null,
};

/** How far the calibration is. */
export function calibrationOf(neutral: NeutralState, config: JudgeConfig['calibration']): Calibration {
  if (neutral.pose === null) return 'none';
  return neutral.faceMs >= config.doneMs ? 'done' : 'calibrating';
}

/** Learns from a frame that stands for `elapsedMs`; `away` = the driver looks off the road. */
export function learnNeutral(
  neutral: NeutralState,
  face: FaceSeen,
  elapsedMs: number,
  away: boolean,
  config: JudgeConfig,
): NeutralState {
  const settled = calibrationOf(neutral, config.calibration) === 'done';
  const weight = elapsedMs * (away && settled ? config.calibration.awayWeight : 1);
  const add = (h: Histogram, angle: number) => addSample(h, angle, weight, config.calibration.memoryMs);
  const gaze = confidentGaze(face, config);
  const learned = {
    yaw: add(neutral.yaw, face.pose.yawDeg),
    pitch: add(neutral.pitch, face.pose.pitchDeg),
    roll: add(neutral.roll, face.pose.rollDeg),
    gazeYaw: gaze ? add(neutral.gazeYaw, gaze.yawDeg) : neutral.gazeYaw,
    gazePitch: gaze ? add(neutral.gazePitch, gaze.pitchDeg) : neutral.gazePitch,
    faceMs: Math.min(neutral.faceMs + elapsedMs, config.calibration.memoryMs),
  };
  const known = learned.faceMs >= config.calibration.provisionalMs;
  return { ...learned, pose: known ? medianPose(learned, config.calibration.maxOffsetDeg) : null };
}

/** The gaze of a frame if it is certain enough to be used. */
export function confidentGaze(face: FaceSeen, config: JudgeConfig): FaceSeen['gaze'] {
  return face.gaze !== null && face.gaze.confidence >= config.distraction.minGazeConfidence
    ? face.gaze
    : null;
}

function medianPose(learned: Omit<NeutralState, 'pose'>, maxOffsetDeg: number): NeutralPose {
  const median = (h: Histogram) => Math.min(maxOffsetDeg, Math.max(-maxOffsetDeg, quantile(h, MEDIAN) ?? 0));
  return {
    yawDeg: median(learned.yaw),
    pitchDeg: median(learned.pitch),
    rollDeg: median(learned.roll),
    gazeYawDeg: median(learned.gazeYaw),
    gazePitchDeg: median(learned.gazePitch),
  };
}
