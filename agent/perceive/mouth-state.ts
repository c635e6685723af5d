/**
 * Does an open mouth yawn? Asked of the mouth network only while the landmarks see the mouth open.
 * Input: the luma plane, the lips in picture pixels, MAR, the time. Output: probability of a yawn, 0-1.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import type { Probabilities } from '../../models/networks/classifier.ts';
import type { Looker, MouthState } from '../../models/networks/pictures.ts';
import { leanOf, mouthBox } from '../../models/preprocess/face-boxes.ts';
import { packed } from '../../models/preprocess/gray-picture.ts';
import { createBoxCutter } from '../../models/preprocess/turned-box.ts';
import type { FaceLandmarks } from './mesh.ts';
import type { PictureView } from './picture.ts';

export interface MouthStates {
  /** `null` when the mouth is not open wide enough, or it is not time yet. One call at a time. */
  ask(picture: PictureView, landmarks: FaceLandmarks, mar: number, atMs: number): Promise<number | null>;
  /** Another stream begins: it is time. */
  reset(): void;
}

/** Twice the network's 32 is enough to average over. */
const LONGEST_CROP_PX = 64;

/** @param network `mouth` of models/manifest.ts */
export function createMouthStates(
  network: Looker<Probabilities<MouthState>>,
  { mouthStateFromMar, mouthStateEveryMs }: PerceiveConfig,
): MouthStates {
  const cutter = createBoxCutter(LONGEST_CROP_PX);
  let askedMs = -Infinity;
  return {
    async ask({ pixels, width, height }, { lips, mesh }, mar, atMs) {
      if (mar < mouthStateFromMar || atMs - askedMs < mouthStateEveryMs) return null;
      askedMs = atMs;
      const crop = cutter.cut(packed(pixels, width, height), mouthBox(lips, leanOf(mesh)));
      return (await network.of(crop)).yawn;
    },
    reset() {
      askedMs = -Infinity;
    },
  };
}
