/**
 * One network of ours that looks, ready to answer about a crop or about a face in a whole picture.
 * Output: probabilities of the task's labels; what is `null` cannot be answered.
 */
import type { Network } from '../../models/engines/engine.ts';
import type { TrainedName } from '../../models/manifest.ts';
import type { Temperatures } from '../../models/networks/calibration.ts';
import { likeliest, meanOf, type Probabilities } from '../../models/networks/classifier.ts';
import {
  createEyeState,
  createFaceEmotion,
  createFaceSex,
  createMouth,
  createSourceImage,
} from '../../models/networks/pictures.ts';
import { eyeBox, faceBox, headBox, mouthBox } from '../../models/preprocess/face-boxes.ts';
import type { GrayPicture } from '../../models/preprocess/gray-picture.ts';
import { createBoxCutter } from '../../models/preprocess/turned-box.ts';
import type { FoundFace } from './faces.ts';

/** The two teachers of `face-emotion`. */
export type EmotionHead = 'fer' | 'ferplus';

export interface FaceLooker {
  /** The whole picture is the crop. */
  ofCrop(crop: GrayPicture): Promise<Probabilities>;
  /** The part of the picture that the network was taught to see of a face. */
  ofFace(picture: GrayPicture, face: FoundFace): Promise<Probabilities>;
}

/** Most pixels of a cut's side: five times what the largest network sees. */
const LONGEST_CUT = 320;

/** @param head which teacher of `face-emotion` answers */
export function createFaceLooker(
  kind: TrainedName,
  network: Network,
  temperatures: Temperatures,
  head: EmotionHead,
): FaceLooker {
  const look = lookerOf(kind, network, temperatures, head);
  const cutter = createBoxCutter(LONGEST_CUT);
  return {
    ofCrop: look,
    async ofFace(picture, { landmarks, angleRad }) {
      const { mesh, rightEye, leftEye, lips } = landmarks;
      if (kind === 'eye-state') {
        const right = await look(cutter.cut(picture, eyeBox(rightEye, angleRad)));
        return meanOf([right, await look(cutter.cut(picture, eyeBox(leftEye, angleRad)))]);
      }
      if (kind === 'mouth') return look(cutter.cut(picture, mouthBox(lips, angleRad)));
      return look(cutter.cut(picture, kind === 'face-sex' ? headBox(mesh) : faceBox(mesh)));
    },
  };
}

function lookerOf(
  kind: TrainedName,
  network: Network,
  temperatures: Temperatures,
  head: EmotionHead,
): FaceLooker['ofCrop'] {
  if (kind === 'source-image') {
    const source = createSourceImage(network);
    return (crop) => source.of(crop);
  }
  if (kind === 'face-emotion') {
    const both = createFaceEmotion(network, temperatures);
    return async (crop) => (await both.of(crop))[head];
  }
  const create = { 'face-sex': createFaceSex, 'eye-state': createEyeState, mouth: createMouth }[
    kind as string
  ];
  if (create === undefined) throw new Error(`network '${kind}' looks at no pictures`);
  const one = create(network, temperatures);
  return (crop) => one.of(crop);
}

/** The answer in the labels of the tables: an eye that cannot be seen is no answer. */
export function answerIn(probabilities: Probabilities): string | null {
  const answer = likeliest(probabilities);
  return answer === 'not_visible' ? null : answer;
}
