/**
 * Several faces, one driver: which of the detected faces is watched.
 * Input: faces in picture pixels, the seat side by config. Output: one face, or none.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import type { DetectedFace } from './detector.ts';

/** A face this much smaller than the largest sits behind or outside (rear seat, another car). */
const REAR_SEAT_SIZE = 0.6;

/**
 * The driver among the faces. Small ones (rear seats) are left out first; of the rest the one farthest
 * to the configured side of the picture is taken, or the largest where the side is `any`.
 */
export function chooseDriver(
  faces: readonly DetectedFace[],
  seat: PerceiveConfig['seat'],
): DetectedFace | null {
  const largest = Math.max(...faces.map((face) => face.width));
  const front = faces.filter((face) => face.width >= REAR_SEAT_SIZE * largest);
  const middle = (face: DetectedFace) => face.x + face.width / 2;
  const prefer = {
    any: (face: DetectedFace) => face.width,
    left: (face: DetectedFace) => -middle(face),
    right: middle,
  }[seat];
  return front.reduce<DetectedFace | null>(
    (best, face) => (best === null || prefer(face) > prefer(best) ? face : best),
    null,
  );
}
