/**
 * From eye aspect ratio to closure, by each driver's own open-eye level.
 *
 * In: EAR of both eyes. Out: closure 0 (open) - 1 (closed), `null` when neither eye can be read.
 * The level is an upper quantile of the driver's EAR, shrunk towards a typical one while little was seen;
 * once settled it falls only slowly, so that drooping lids do not become the norm.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { EyeReading, EyeUnseenReason, FaceSeen } from '../perceive/observation.ts';
import { addSample, emptyHistogram, quantile } from './histogram.ts';
import type { Histogram } from './histogram.ts';

const MS_PER_MINUTE = 60_000;
/** Range and resolution of the learned EAR; finer than its noise (.02). */
const EAR_RANGE = { from: 0.1, to: 0.6, binWidth: 0.005 } as const;

/** What is known of one eye. */
export interface EyeLevel {
  readonly seen: Histogram;
  /** Seen time that was learned from. */
  readonly learnedMs: number;
  /** `null` until anything was learned: the default holds. */
  readonly openEar: number | null;
}

export interface EyesState {
  readonly left: EyeLevel;
  readonly right: EyeLevel;
}

/** Both eyes read as one. */
export interface EyesRead {
  /** 0 open - 1 closed; `null` = not seen. */
  readonly closure: number | null;
  readonly ear: number | null;
  /** Why not seen. */
  readonly unseen: EyeUnseenReason | null;
}

const untaughtEye: EyeLevel = {
  seen: emptyHistogram(EAR_RANGE.from, EAR_RANGE.to, EAR_RANGE.binWidth),
  learnedMs: 0,
  openEar: null,
};
export const untaughtEyes: EyesState = { left: untaughtEye, right: untaughtEye };

/**
 * Closure of both eyes: the mean of those that can be read, weighted by their confidence; `before` = they
 * were read in the frame before.
 */
export function readEyes(
  eyes: EyesState,
  face: FaceSeen,
  before: boolean,
  config: JudgeConfig['eyes'],
): EyesRead {
  const limitDeg = config.readableYawDeg + (before ? config.readableBackDeg : 0);
  const side = Math.abs(face.pose.yawDeg) > limitDeg;
  if (side) return { closure: null, ear: null, unseen: 'profile' };
  const left = readable(face.leftEye, config) ? face.leftEye : null;
  const right = readable(face.rightEye, config) ? face.rightEye : null;
  if (left === null && right === null) return { closure: null, ear: null, unseen: whyUnseen(face) };
  const leftWeight = left?.confidence ?? 0;
  const rightWeight = right?.confidence ?? 0;
  const mean = (ofLeft: number, ofRight: number) =>
    (leftWeight * ofLeft + rightWeight * ofRight) / (leftWeight + rightWeight);
  return {
    closure: mean(closureOf(face.leftEye, eyes.left, config), closureOf(face.rightEye, eyes.right, config)),
    ear: mean(face.leftEye.ear, face.rightEye.ear),
    unseen: null,
  };
}

/** Learns the open-eye level from a look that is worth learning from (road ahead, mouth shut). */
export function learnEyes(
  eyes: EyesState,
  face: FaceSeen,
  elapsedMs: number,
  config: JudgeConfig['eyes'],
): EyesState {
  return {
    left: learnEye(eyes.left, face.leftEye, elapsedMs, config),
    right: learnEye(eyes.right, face.rightEye, elapsedMs, config),
  };
}

/** The open-eye level in use. */
export function openEarOf(level: EyeLevel, config: JudgeConfig['eyes']): number {
  return level.openEar ?? config.defaultOpenEar;
}

function closureOf(eye: EyeReading, level: EyeLevel, config: JudgeConfig['eyes']): number {
  const openEar = openEarOf(level, config);
  const closedEar = openEar * config.closedEarRatio;
  return Math.min(1, Math.max(0, (openEar - eye.ear) / (openEar - closedEar)));
}

function learnEye(
  level: EyeLevel,
  eye: EyeReading,
  elapsedMs: number,
  config: JudgeConfig['eyes'],
): EyeLevel {
  const open = eye.ear >= config.minOpenEar && eye.ear <= config.maxOpenEar;
  if (!open || !readable(eye, config)) return level;
  const seen = addSample(level.seen, eye.ear, elapsedMs, config.openMemoryMs);
  const learnedMs = Math.min(level.learnedMs + elapsedMs, config.openMemoryMs);
  const measured = quantile(seen, config.openQuantile) ?? config.defaultOpenEar;
  const shrunk =
    (measured * learnedMs + config.defaultOpenEar * config.openPriorMs) / (learnedMs + config.openPriorMs);
  const settled = level.openEar !== null && learnedMs >= config.openSettledMs;
  const fall = (config.openFallPerMinute * elapsedMs) / MS_PER_MINUTE;
  const floor = settled ? openEarOf(level, config) * (1 - fall) : 0;
  return { seen, learnedMs, openEar: Math.max(shrunk, floor) };
}

function readable(eye: EyeReading, config: JudgeConfig['eyes']): boolean {
  return eye.unseen === null && eye.confidence >= config.minConfidence;
}

/** The reason both share; where they differ, the one that is not the turned head. */
function whyUnseen(face: FaceSeen): EyeUnseenReason {
  const reasons = [face.leftEye.unseen, face.rightEye.unseen];
  return reasons.find((reason) => reason !== null && reason !== 'profile') ?? reasons[0] ?? 'poor-picture';
}
