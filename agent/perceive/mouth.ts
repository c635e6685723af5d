/**
 * How far the mouth is open.
 * Input: the 80 points of the lips in picture pixels and the fitted head.
 * Output: MAR = distance of the inner lips / width between the inner corners, a ratio without unit.
 * Beyond 20 degrees the width is set upright by the head's yaw: a turned head would otherwise seem to yawn.
 */
import { LIPS } from '../../models/face-mesh-points.ts';
import type { HeadFit } from './head-pose.ts';
import type { FaceLandmarks } from './mesh.ts';

/** The pairs in the middle of the inner lips. */
const MAR_PAIRS = LIPS.innerPairs.slice(3, 6);
/** Cosine of the turn up to which the width is taken as it appears (20 degrees). */
const TURNED = 0.94;
/** Cosine of the turn beyond which the width can no longer be set upright (66 degrees). */
const LEAST_FORESHORTENING = 0.4;

export function measureMouth(
  landmarks: FaceLandmarks,
  head: HeadFit,
): { readonly mar: number; readonly confidence: number } {
  // How long the head's ear-to-ear axis appears in the picture: 1 frontal, cos(yaw) turned.
  const foreshortening = Math.hypot(head.rotation[0]!, head.rotation[3]!);
  return {
    mar: mouthAspectRatio(
      landmarks.lips,
      Math.min(1, Math.max(LEAST_FORESHORTENING, foreshortening) / TURNED),
    ),
    confidence: landmarks.score * head.pose.confidence * Math.min(1, foreshortening / LEAST_FORESHORTENING),
  };
}

/** @param foreshortening factor by which the width appears shorter than it is */
export function mouthAspectRatio(lips: Float32Array, foreshortening: number): number {
  const distance = (a: number, b: number) =>
    Math.hypot(lips[a * 2]! - lips[b * 2]!, lips[a * 2 + 1]! - lips[b * 2 + 1]!);
  const gap = MAR_PAIRS.reduce((sum, [upper, lower]) => sum + distance(upper, lower), 0) / MAR_PAIRS.length;
  const width = distance(LIPS.innerRightCorner, LIPS.innerLeftCorner) / foreshortening;
  return width > 0 ? gap / width : 0;
}
