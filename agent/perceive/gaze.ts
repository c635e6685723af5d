/**
 * Where the eyes look within the head, from the irises.
 * Input: irises and eye corners in picture pixels, the fitted head. Output: degrees relative to the head,
 * yaw positive to the driver's left, pitch positive up; `null` when no eye shows it.
 *
 * Each eyeball is a sphere behind the middle of the eye's corners; where the iris appears on it is where
 * it looks. Good for changes (a look at a mirror shows as 20-30 degrees while the head still rests); the
 * level differs by a few degrees from person to person, so the neutral gaze has to be learned.
 */
import { EYE, IRIS } from '../../models/face-mesh-points.ts';
import type { HeadFit } from './head-pose.ts';
import type { FaceLandmarks } from './mesh.ts';
import type { EyeReading, Gaze } from './observation.ts';

/** Radius of an eyeball at the iris (anatomy: 12 mm) and how deep its middle lies behind the corners. */
const EYEBALL_CM = 1.2;
const EYEBALL_DEPTH_CM = 0.9;
/** The iris network sees each eye turned outwards and up by so much (median over four clips). */
const OUTWARD_DEG = 7;
const UPWARD_DEG = 10;
/** Below this EAR the lids hide the iris and the network guesses. */
const LEAST_OPEN_EAR = 0.14;
/** Eyes that disagree by so much are noise. */
const DISAGREE_DEG = 30;

interface Look {
  readonly yawDeg: number;
  readonly pitchDeg: number;
}

export function measureGaze(
  landmarks: FaceLandmarks,
  head: HeadFit,
  leftEye: EyeReading,
  rightEye: EyeReading,
): Gaze | null {
  const left = shows(leftEye) ? look(landmarks.leftEye, landmarks.leftIris, head, 1) : null;
  const right = shows(rightEye) ? look(landmarks.rightEye, landmarks.rightIris, head, -1) : null;
  if (left === null || right === null) {
    const one = left ?? right;
    const confidence = left === null ? rightEye.confidence : leftEye.confidence;
    return one && { ...one, confidence: confidence * ONE_EYE_CONFIDENCE };
  }
  const share = leftEye.confidence / (leftEye.confidence + rightEye.confidence);
  const apartDeg = Math.hypot(left.yawDeg - right.yawDeg, left.pitchDeg - right.pitchDeg);
  return {
    yawDeg: left.yawDeg * share + right.yawDeg * (1 - share),
    pitchDeg: left.pitchDeg * share + right.pitchDeg * (1 - share),
    confidence: Math.max(leftEye.confidence, rightEye.confidence) * Math.max(0, 1 - apartDeg / DISAGREE_DEG),
  };
}

/** One eye alone cannot be checked against the other. */
const ONE_EYE_CONFIDENCE = 0.7;

const shows = (eye: EyeReading) => eye.unseen === null && eye.confidence > 0 && eye.ear >= LEAST_OPEN_EAR;

/** @param outward 1 for the left eye (outwards is to the driver's left), -1 for the right */
function look(eye: Float32Array, iris: Float32Array, head: HeadFit, outward: 1 | -1): Look {
  const r = head.rotation;
  const middleX = (eye[EYE.outerCorner * 2]! + eye[EYE.innerCorner * 2]!) / 2;
  const middleY = (eye[EYE.outerCorner * 2 + 1]! + eye[EYE.innerCorner * 2 + 1]!) / 2;
  // From the eyeball's middle to the iris, in the picture, as a share of the radius.
  const x = ((iris[IRIS.centre * 2]! - middleX) / head.pxPerCm - EYEBALL_DEPTH_CM * r[2]!) / EYEBALL_CM;
  const y = ((iris[IRIS.centre * 2 + 1]! - middleY) / head.pxPerCm - EYEBALL_DEPTH_CM * r[5]!) / EYEBALL_CM;
  const z = -Math.sqrt(Math.max(0.05, 1 - x * x - y * y));
  // Back into the head: the transposed rotation.
  const headX = r[0]! * x + r[3]! * y + r[6]! * z;
  const headY = r[1]! * x + r[4]! * y + r[7]! * z;
  const headZ = r[2]! * x + r[5]! * y + r[8]! * z;
  return {
    yawDeg: degrees(Math.atan2(headX, -headZ)) - outward * OUTWARD_DEG,
    pitchDeg: degrees(Math.atan2(-headY, Math.hypot(headX, headZ))) - UPWARD_DEG,
  };
}

const degrees = (radians: number) => (radians * 180) / Math.PI;
