/**
 * How far each eye is open, and whether it can be read at all. Not seen is never closed.
 * Input: landmarks in picture pixels, the fitted head, the picture, the lids over time; now and then the eye
 * network's answer, where there is one. Output: an EyeReading per eye; EAR is a ratio without unit.
 *
 *   EAR (landmarks) ----------+--> shut? ----> lids: looking down?
 *   structure (luma) ----+    |
 *   eye network ---------+----+--> covered? squinting? confidence
 *
 * EAR here = distance of the lids along the head's own vertical / the width that an eye of a head of this
 * size has. Dividing by the eye's width in the picture instead would double the EAR of a turned head.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import { EYE } from '../../models/face-mesh-points.ts';
import { leanOf } from '../../models/preprocess/face-boxes.ts';
import { createEyeCover, SHUT_EAR } from './eye-cover.ts';
import type { EyeCover } from './eye-cover.ts';
import type { EyeSide, EyeStates } from './eye-state.ts';
import { eyeStructure } from './eye-structure.ts';
import type { HeadFit } from './head-pose.ts';
import { createLids } from './lids.ts';
import type { FaceLandmarks } from './mesh.ts';
import type { EyeReading, EyeUnseenReason, FrameQuality } from './observation.ts';
import type { PictureView } from './picture.ts';

/** Both eyes of one driver, frame after frame. */
export interface Eyes {
  /** One call at a time. */
  read(input: EyeInput): Promise<{ readonly leftEye: EyeReading; readonly rightEye: EyeReading }>;
  /** No face in this frame: another one may come. */
  faceLost(): void;
  /** Another stream begins. */
  reset(): void;
}

/** An eye as measured, before the lids' history is asked about looking down. */
interface MeasuredEye {
  readonly ear: number;
  readonly confidence: number;
  readonly unseen: Exclude<EyeUnseenReason, 'eyes-down'> | null;
  /** The lids read as shut, but the network sees an open eye: narrowed, not closed. */
  readonly squinting: boolean;
}

/** All that an eye is measured from. */
export interface EyeInput {
  readonly picture: PictureView;
  readonly landmarks: FaceLandmarks;
  readonly head: HeadFit;
  readonly quality: FrameQuality;
  /** Of the mouth: a driver who speaks is awake. */
  readonly mar: number;
  readonly atMs: number;
}

/** Corner to corner on MediaPipe's canonical face, centimetres. */
const EYE_WIDTH_CM = 2.655;
/** The pairs in the middle of the lids: those of the classic EAR (Soukupova and Cech 2016) and between. */
const EAR_PAIRS = EYE.lidPairs.slice(2, 5);
/** Mesh points on the cheeks: skin that no glasses cover. */
const CHEEK = { rightEye: [50, 101, 118, 36], leftEye: [280, 330, 347, 266] } as const;

/** @param states asks the eye network; `null` = the landmarks and the picture's structure decide alone */
export function createEyes(config: PerceiveConfig, states: EyeStates | null = null): Eyes {
  const lids = createLids(config);
  const covers = { leftEye: createEyeCover(config), rightEye: createEyeCover(config) };
  const measure = (side: EyeSide, input: EyeInput) => measureEye(side, input, covers[side], states, config);
  return {
    async read(input) {
      const leftEye = await measure('leftEye', input);
      const rightEye = await measure('rightEye', input);
      const ear = earOfBoth(leftEye, rightEye);
      const down = lids.lookingDown(ear, input.mar, input.head.pose.pitchDeg, input.atMs);
      return { leftEye: readingOf(leftEye, down), rightEye: readingOf(rightEye, down) };
    },
    faceLost: () => lids.faceLost(),
    reset() {
      lids.reset();
      states?.reset();
      covers.leftEye.reset();
      covers.rightEye.reset();
    },
  };
}

/** Mean of the eyes that can be read, weighted by confidence. */
function earOfBoth(left: MeasuredEye, right: MeasuredEye): number | null {
  const weight = left.confidence + right.confidence;
  return weight > 0 ? (left.ear * left.confidence + right.ear * right.confidence) / weight : null;
}

async function measureEye(
  side: EyeSide,
  input: EyeInput,
  cover: EyeCover,
  states: EyeStates | null,
  config: PerceiveConfig,
): Promise<MeasuredEye> {
  const { picture, landmarks, head, quality, atMs } = input;
  const points = landmarks[side];
  const structure = eyeStructure(picture, points, landmarks.mesh, CHEEK[side]);
  const ear = eyeAspectRatio(points, head);
  const widthPx = EYE_WIDTH_CM * head.pxPerCm;
  const tooPoor = widthPx < config.minEyePx || quality.blurred || structure.cheek < config.darkBelow / 2;
  const farDeg = (side === 'leftEye' ? 1 : -1) * head.pose.yawDeg;
  const far = farDeg > config.farEyeYawDeg;
  const asked = { picture, points, leanRad: leanOf(landmarks.mesh), shut: ear < SHUT_EAR, atMs };
  const answer = tooPoor || far || states === null ? null : await states.ask(side, asked);
  const { covered, clearness, squinting } = cover.follow(structure, ear, answer, atMs);
  return {
    ear,
    confidence: tooPoor || far || covered ? 0 : confidenceOf(clearness, widthPx, farDeg, input, config),
    unseen: tooPoor ? 'poor-picture' : far ? 'profile' : covered ? 'covered' : null,
    squinting,
  };
}

/** The reading that leaves the stage. */
function readingOf({ ear, confidence, unseen, squinting }: MeasuredEye, lookingDown: boolean): EyeReading {
  if (unseen !== null || !(lookingDown || squinting)) return { ear, confidence, unseen };
  return { ear, confidence: 0, unseen: squinting ? 'poor-picture' : 'eyes-down' };
}

/** Lid distance along the head's vertical / eye width of this head. About .3 open, below .08 closed. */
export function eyeAspectRatio(eye: Float32Array, head: HeadFit): number {
  const downX = head.rotation[1]!;
  const downY = head.rotation[4]!;
  const length = Math.hypot(downX, downY);
  let sum = 0;
  for (const [upper, lower] of EAR_PAIRS) {
    const dx = eye[lower * 2]! - eye[upper * 2]!;
    const dy = eye[lower * 2 + 1]! - eye[upper * 2 + 1]!;
    sum += (dx * downX + dy * downY) / length;
  }
  return Math.max(0, sum / EAR_PAIRS.length / (head.pxPerCm * EYE_WIDTH_CM));
}

/** Falls towards 0 where one of the limits comes near: an eye not clearly one, small or far, a poor fit. */
function confidenceOf(
  clearness: number,
  widthPx: number,
  farDeg: number,
  input: EyeInput,
  config: PerceiveConfig,
): number {
  const size = widthPx / (2 * config.minEyePx);
  const turned = (config.farEyeYawDeg + 5 - farDeg) / 15;
  const factors = [clearness, size, turned, input.head.pose.confidence, input.landmarks.score];
  return factors.reduce((product, factor) => product * Math.min(1, Math.max(0, factor)), 1);
}
