/**
 * Pictures and the networks that look at them.
 * Input: files of crops. Output: calibrated probabilities by head, as in the product.
 */
import { grayOf, readPicture } from '../../agent/examine/picture-file.ts';
import { answerIn } from '../../agent/examine/lookers.ts';
import type { Network } from '../../models/engines/engine.ts';
import type { TrainedName } from '../../models/manifest.ts';
import type { Temperatures } from '../../models/networks/calibration.ts';
import type { Probabilities } from '../../models/networks/classifier.ts';
import {
  createEyeState,
  createFaceEmotion,
  createFaceSex,
  createMouth,
  createSourceImage,
} from '../../models/networks/pictures.ts';
import { packed, type GrayPicture } from '../../models/preprocess/gray-picture.ts';
import type { Said } from './said.ts';

export async function readGray(file: string, light: number): Promise<GrayPicture> {
  const gray = grayOf(await readPicture(file));
  if (light === 1) return gray;
  return packed(
    gray.pixels.map((level) => Math.round(level * light)),
    gray.width,
    gray.height,
  );
}

/** @returns what the network says of a crop, by head */
export function lookerOf(
  name: TrainedName,
  network: Network,
  temperatures: Temperatures,
): (crop: GrayPicture) => Promise<Said> {
  if (name === 'face-emotion') {
    const both = createFaceEmotion(network, temperatures);
    return async (crop) => ({ ...(await both.of(crop)) });
  }
  const [head, one] = oneHead(name, network, temperatures);
  return async (crop) => {
    const found: Probabilities = await one.of(crop);
    return { [head]: answerIn(found) === null ? null : found };
  };
}

function oneHead(name: TrainedName, network: Network, temperatures: Temperatures) {
  if (name === 'source-image') return ['fer', createSourceImage(network)] as const;
  if (name === 'face-sex') return ['sex', createFaceSex(network, temperatures)] as const;
  if (name === 'eye-state') return ['eye', createEyeState(network, temperatures)] as const;
  if (name === 'mouth') return ['mouth', createMouth(network, temperatures)] as const;
  throw new Error(`network '${name}' looks at no pictures`);
}
