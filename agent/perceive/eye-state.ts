/**
 * What the eye network says of an eye, and when it is asked: at a low fixed rate, and more often while the
 * lids are shut, for that is when a wrong answer of the landmarks costs most.
 * Input: the luma plane and the points of an eye in picture pixels, its EAR, the time. Output: probabilities.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import type { Probabilities } from '../../models/networks/classifier.ts';
import type { EyeState, Looker } from '../../models/networks/pictures.ts';
import { eyeBox } from '../../models/preprocess/face-boxes.ts';
import { packed } from '../../models/preprocess/gray-picture.ts';
import { createBoxCutter } from '../../models/preprocess/turned-box.ts';
import type { PictureView } from './picture.ts';

export type EyeSide = 'leftEye' | 'rightEye';
export type EyeStateNetwork = Looker<Probabilities<EyeState>>;

/** An eye that can be looked at. */
export interface EyeToAsk {
  readonly picture: PictureView;
  /** 71 x (x, y). */
  readonly points: Float32Array;
  /** Of the line through both eyes. */
  readonly leanRad: number;
  readonly shut: boolean;
  readonly atMs: number;
}

export interface EyeStates {
  /** `null` when it is not time yet. One call at a time. */
  ask(side: EyeSide, eye: EyeToAsk): Promise<Probabilities<EyeState> | null>;
  /** Another stream begins: it is time. */
  reset(): void;
}

/** Twice the network's 32 is enough to average over. */
const LONGEST_CROP_PX = 64;

/** @param network `eye-state` of models/manifest.ts */
export function createEyeStates(network: EyeStateNetwork, config: PerceiveConfig): EyeStates {
  const cutter = createBoxCutter(LONGEST_CROP_PX);
  const askedMs = { leftEye: -Infinity, rightEye: -Infinity };
  return {
    async ask(side, { picture, points, leanRad, shut, atMs }) {
      const everyMs = shut ? config.eyeStateShutEveryMs : config.eyeStateEveryMs;
      if (atMs - askedMs[side] < everyMs) return null;
      askedMs[side] = atMs;
      // The luma plane comes first in both layouts, and is a gray picture.
      const luma = packed(picture.pixels, picture.width, picture.height);
      return network.of(cutter.cut(luma, eyeBox(points, leanRad)));
    },
    reset() {
      askedMs.leftEye = askedMs.rightEye = -Infinity;
    },
  };
}
