/**
 * How far each eye is open, and whether it can be read at all. Not seen is never closed.
 * Input: landmarks in picture pixels, the fitted head, the picture, the lids over time.
 * Output: an EyeReading per eye; EAR is a ratio without unit.
 *
 * EAR here = distance of the lids along the head's own vertical / the width that an eye of a head of this
 * size has. Dividing by the eye's width in the picture instead would double the EAR of a turned head.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import { EYE } from '../../models/face-mesh-points.ts';
import { eyeStructure } from './eye-structure.ts';
import type { EyeStructure } from './eye-structure.ts';
import type { HeadFit } from './head-pose.ts';
import { createLids } from './lids.ts';
import type { FaceLandmarks } from './mesh.ts';
import type { EyeReading, EyeUnseenReason, FrameQuality } from './observation.ts';
import type { PictureView } from './picture.ts';

/** Both eyes of one driver, frame after frame. */
export interface Eyes {
  read(input: EyeInput): { readonly leftEye: EyeReading; readonly rightEye: EyeReading };
  /** No face in this frame: another one may come. */
  faceLost(): void;
  /** Another stream begins. */
  reset(): void;
}

/** What is remembered of one eye between frames. */
interface EyeMemory {
  /** Time of the frame before. */
  atMs: number;
  /** Followed mean of `EyeStructure.darkest`. */
  darkest: number;
  /** Followed mean of `EyeStructure.socket`. */
  socket: number;
  covered: boolean;
}

const newMemory = (): EyeMemory => ({ atMs: -Infinity, darkest: 0, socket: 1, covered: false });

/** An eye as measured, before the lids' history is asked about looking down. */
interface MeasuredEye {
  readonly ear: number;
  readonly confidence: number;
  readonly unseen: Exclude<EyeUnseenReason, 'eyes-down'> | null;
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
/** One glint or one frame of motion blur does not change what covers an eye. */
const FOLLOW_MS = 300;

export function createEyes(config: PerceiveConfig): Eyes {
  const lids = createLids(config);
  let left = newMemory();
  let right = newMemory();
  return {
    read(input) {
      const leftEye = measureEye('leftEye', input, left, config);
      const rightEye = measureEye('rightEye', input, right, config);
      const ear = earOfBoth(leftEye, rightEye);
      const down = lids.lookingDown(ear, input.mar, input.head.pose.pitchDeg, input.atMs);
      return { leftEye: readingOf(leftEye, down), rightEye: readingOf(rightEye, down) };
    },
    faceLost: () => lids.faceLost(),
    reset() {
      lids.reset();
      left = newMemory();
      right = newMemory();
    },
  };
}

/** Mean of the eyes that can be read, weighted by confidence. */
function earOfBoth(left: MeasuredEye, right: MeasuredEye): number | null {
  const weight = left.confidence + right.confidence;
  return weight > 0 ? (left.ear * left.confidence + right.ear * right.confidence) / weight : null;
}

function measureEye(
  side: 'leftEye' | 'rightEye',
  input: EyeInput,
  memory: EyeMemory,
  config: PerceiveConfig,
): MeasuredEye {
  const points = input.landmarks[side];
  const structure = eyeStructure(input.picture, points, input.landmarks.mesh, CHEEK[side]);
  const ear = eyeAspectRatio(points, input.head);
  const closed = ear < CLOSED_EAR;
  follow(memory, structure, closed, input.atMs, config);
  const widthPx = EYE_WIDTH_CM * input.head.pxPerCm;
  const tooPoor =
    widthPx < config.minEyePx || input.quality.blurred || structure.cheek < config.darkBelow / 2;
  const farDeg = (side === 'leftEye' ? 1 : -1) * input.head.pose.yawDeg;
  const far = farDeg > config.farEyeYawDeg;
  return {
    ear,
    confidence: tooPoor || far || memory.covered ? 0 : confidenceOf(memory, widthPx, farDeg, input, config),
    unseen: tooPoor ? 'poor-picture' : far ? 'profile' : memory.covered ? 'covered' : null,
  };
}

/** The reading that leaves the stage. */
function readingOf(eye: MeasuredEye, lookingDown: boolean): EyeReading {
  if (eye.unseen !== null || !lookingDown) return eye;
  return { ear: eye.ear, confidence: 0, unseen: 'eyes-down' };
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

/** Covered is decided on followed means, with hysteresis; a face that was away begins anew. */
function follow(
  memory: EyeMemory,
  { darkest, socket }: EyeStructure,
  closed: boolean,
  atMs: number,
  config: PerceiveConfig,
): void {
  const elapsedMs = atMs - memory.atMs;
  const share = elapsedMs > 4 * FOLLOW_MS ? 1 : 1 - Math.exp(-Math.max(0, elapsedMs) / FOLLOW_MS);
  const structure = closed ? darkest - LASHES_ONLY : darkest;
  memory.darkest += share * (Math.min(structure, 1.2) - memory.darkest);
  memory.socket += share * (Math.min(socket, 1.2) - memory.socket);
  memory.atMs = atMs;
  const limit = config.eyeDarkestAbove - (memory.covered ? HYSTERESIS : 0);
  const lensLimit = config.eyeSocketBelow + (memory.covered ? HYSTERESIS : 0);
  memory.covered =
    memory.darkest > limit ||
    memory.socket < BLACK_LENS ||
    (memory.socket < lensLimit && memory.darkest > config.eyeDarkestAbove / 2);
}

const HYSTERESIS = 0.05;
/** Skin below the eye / cheek that no shadow explains (measured: 1 % of drivers' frames are below). */
const BLACK_LENS = 0.15;
/** A closed eye shows its lashes only, in a small picture a faint line (measured there: up to .65). */
const LASHES_ONLY = 0.2;
/** Below this EAR the lids are shut or nearly so (measured: closed .00-.07). */
const CLOSED_EAR = 0.1;

/** Falls towards 0 where one of the limits comes near: weak structure, a small or a far eye, a poor fit. */
function confidenceOf(
  memory: EyeMemory,
  widthPx: number,
  farDeg: number,
  input: EyeInput,
  config: PerceiveConfig,
): number {
  const structure = (config.eyeDarkestAbove - memory.darkest) / (config.eyeDarkestAbove / 4);
  const size = widthPx / (2 * config.minEyePx);
  const turned = (config.farEyeYawDeg + 5 - farDeg) / 15;
  const factors = [structure, size, turned, input.head.pose.confidence, input.landmarks.score];
  return factors.reduce((product, factor) => product * Math.min(1, Math.max(0, factor)), 1);
}
