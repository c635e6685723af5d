/**
 * What the judge sees in one frame: the observation read with this driver's own open-eye level and neutral
 * pose. Plain data; kept in the state as the sight that holds until the next frame.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { EyeUnseenReason, FaceSeen, FrameQuality, NoFace } from '../perceive/observation.ts';
import { readEyes } from './eyes.ts';
import type { EyesState } from './eyes.ts';
import type { Direction } from './mirrors.ts';
import { calibrationOf, confidentGaze } from './neutral-pose.ts';
import type { NeutralState } from './neutral-pose.ts';

export type Picture = 'usable' | 'covered' | 'frozen';

/** One frame, read. `null` = not seen, never "no". */
export interface Sight {
  readonly atMs: number;
  readonly picture: Picture;
  readonly face: boolean;
  readonly closure: number | null;
  readonly ear: number | null;
  readonly eyesUnseen: EyeUnseenReason | null;
  readonly mar: number | null;
  /** Probability of a yawn by the mouth network; `null` where it was not asked. */
  readonly yawn: number | null;
  readonly yawDeg: number | null;
  readonly pitchDeg: number | null;
  readonly rollDeg: number | null;
  /** Head direction from the neutral pose; `null` also before there is one. */
  readonly head: Direction | null;
  /** Head and eyes together, where the gaze is certain. */
  readonly gaze: Direction | null;
  /** Looks off the road. */
  readonly away: boolean | null;
}

/** Reads a frame without the driver's face. */
export function sightOfNoFace(seen: NoFace): Sight {
  return { ...unseen, atMs: seen.atMs, picture: pictureOf(seen.quality) };
}

/** Reads a frame with the driver's face; `before` = the sight before it (hysteresis). */
export function sightOfFace(
  face: FaceSeen,
  eyes: EyesState,
  neutral: NeutralState,
  before: Sight | null,
  config: JudgeConfig,
): Sight {
  const picture = pictureOf(face.quality);
  if (picture !== 'usable') return { ...unseen, atMs: face.atMs, picture };
  const read = readEyes(eyes, face, before?.closure != null, config.eyes);
  const certain = face.pose.confidence >= config.face.minPoseConfidence;
  const head = certain ? headFromNeutral(face, neutral) : null;
  const gaze = head && gazeFromNeutral(face, head, neutral, config);
  const mouthRead = face.mouth.confidence >= config.mouth.minConfidence;
  return {
    atMs: face.atMs,
    picture,
    face: true,
    closure: read.closure,
    ear: read.ear,
    eyesUnseen: read.unseen,
    mar: mouthRead ? face.mouth.mar : null,
    yawn: mouthRead ? (face.mouth.yawn ?? null) : null,
    yawDeg: face.pose.yawDeg,
    pitchDeg: face.pose.pitchDeg,
    rollDeg: face.pose.rollDeg,
    head,
    gaze,
    away: head && isAway(head, gaze, read.unseen === 'eyes-down', neutral, before?.away === true, config),
  };
}

const unseen: Omit<Sight, 'atMs' | 'picture'> = {
  face: false,
  closure: null,
  ear: null,
  eyesUnseen: null,
  mar: null,
  yawn: null,
  yawDeg: null,
  pitchDeg: null,
  rollDeg: null,
  head: null,
  gaze: null,
  away: null,
};

function pictureOf(quality: FrameQuality): Picture {
  if (quality.covered) return 'covered';
  return quality.frozen ? 'frozen' : 'usable';
}

function headFromNeutral(face: FaceSeen, neutral: NeutralState): Direction | null {
  if (neutral.pose === null) return null;
  return {
    yawDeg: face.pose.yawDeg - neutral.pose.yawDeg,
    pitchDeg: face.pose.pitchDeg - neutral.pose.pitchDeg,
  };
}

function gazeFromNeutral(
  face: FaceSeen,
  head: Direction,
  neutral: NeutralState,
  config: JudgeConfig,
): Direction | null {
  const gaze = confidentGaze(face, config);
  if (gaze === null || neutral.pose === null) return null;
  return {
    yawDeg: head.yawDeg + gaze.yawDeg - neutral.pose.gazeYawDeg,
    pitchDeg: head.pitchDeg + gaze.pitchDeg - neutral.pose.gazePitchDeg,
  };
}

/**
 * Off the road by the head, or by head and eyes together, or eyes down; wider limits while calibrating,
 * narrower ones for the way back.
 */
function isAway(
  head: Direction,
  gaze: Direction | null,
  eyesDown: boolean,
  neutral: NeutralState,
  before: boolean,
  config: JudgeConfig,
): boolean {
  const limits = config.distraction;
  const inside = before ? limits.backDeg : 0;
  if (calibrationOf(neutral, config.calibration) !== 'done') {
    const limitDeg = config.calibration.provisionalAwayDeg - inside;
    return outside(head, limitDeg, limitDeg, limitDeg);
  }
  if (eyesDown) return true;
  const byHead = outside(
    head,
    limits.awayYawDeg - inside,
    limits.awayPitchDownDeg - inside,
    limits.awayPitchUpDeg - inside,
  );
  if (byHead || gaze === null) return byHead;
  const gazePitchDeg = limits.gazePitchDeg - inside;
  return outside(gaze, limits.gazeYawDeg - inside, gazePitchDeg, gazePitchDeg);
}

function outside(look: Direction, yawDeg: number, downDeg: number, upDeg: number): boolean {
  return Math.abs(look.yawDeg) > yawDeg || look.pitchDeg < -downDeg || look.pitchDeg > upDeg;
}
