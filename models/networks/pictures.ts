/**
 * The networks that look: emotion and sex of a face, state of an eye, mouth.
 * Input: a gray crop of any size (models/preprocess/face-boxes.ts says which part of the face). Output:
 * calibrated probabilities. Each keeps its buffers: one call at a time.
 */
import type { Network } from '../engines/engine.ts';
import { EMOTIONS, PREPROCESSING, SEXES, type Emotion, type Sex } from '../preprocess/constants.ts';
import { createSquarer, standardise, type GrayPicture } from '../preprocess/gray-picture.ts';
import type { Temperatures } from './calibration.ts';
import { createClassifier, type Head, type Probabilities } from './classifier.ts';

export type EyeState = 'open' | 'closed' | 'not_visible';
export type MouthState = 'yawn' | 'no_yawn';

/** Answers one question about a crop. */
export interface Looker<Answer> {
  of(crop: GrayPicture): Promise<Answer>;
}

/** The same emotions after two teachers: FER2013's labels, and FER+ votes (the product's). */
export interface FaceEmotion {
  readonly fer: Probabilities<Emotion>;
  readonly ferplus: Probabilities<Emotion>;
}

export function createFaceEmotion(network: Network, temperatures: Temperatures): Looker<FaceEmotion> {
  const heads = [head(EMOTIONS, temperatures['fer']), head(EMOTIONS, temperatures['ferplus'])];
  const look = createLooker(network, PREPROCESSING.face, heads);
  return {
    async of(crop) {
      const [fer, ferplus] = await look(crop);
      return { fer: fer as Probabilities<Emotion>, ferplus: ferplus as Probabilities<Emotion> };
    },
  };
}

/** The source system's network: one head of emotions, not calibrated. */
export const createSourceImage = (network: Network): Looker<Probabilities<Emotion>> =>
  oneQuestion(network, PREPROCESSING.sourceImage, head(EMOTIONS, undefined));

export const createFaceSex = (network: Network, temperatures: Temperatures): Looker<Probabilities<Sex>> =>
  oneQuestion(network, PREPROCESSING.faceSex, head(SEXES, temperatures['only']));

export const createEyeState = (
  network: Network,
  temperatures: Temperatures,
): Looker<Probabilities<EyeState>> =>
  oneQuestion(network, PREPROCESSING.eye, head(PREPROCESSING.eye.labels as EyeState[], temperatures['only']));

/** The crop is letterboxed, not stretched: how far the mouth is open stays visible. */
export const createMouth = (
  network: Network,
  temperatures: Temperatures,
): Looker<Probabilities<MouthState>> =>
  oneQuestion(
    network,
    PREPROCESSING.mouth,
    head(PREPROCESSING.mouth.labels as MouthState[], temperatures['only']),
    'letterbox',
  );

interface Shape {
  readonly side: number;
  readonly minStd: number;
}

const head = <Label extends string>(
  labels: readonly Label[],
  temperature: number | undefined,
): Head<Label> => ({
  labels,
  temperature: temperature ?? 1,
});

function oneQuestion<Label extends string>(
  network: Network,
  shape: Shape,
  asked: Head<Label>,
  fit: 'stretch' | 'letterbox' = 'stretch',
): Looker<Probabilities<Label>> {
  const look = createLooker(network, shape, [asked], fit);
  return { of: async (crop) => (await look(crop))[0] as Probabilities<Label> };
}

function createLooker(
  network: Network,
  { side, minStd }: Shape,
  heads: readonly Head[],
  fit: 'stretch' | 'letterbox' = 'stretch',
): (crop: GrayPicture) => Promise<readonly Probabilities[]> {
  const squarer = createSquarer(side);
  const classifier = createClassifier(network, [1, 1, side, side], heads);
  return (crop) => {
    squarer[fit](crop);
    standardise(squarer.pixels, minStd, classifier.input);
    return classifier.answer();
  };
}
