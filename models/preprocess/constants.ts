/** The numbers that TypeScript and Python share: models/preprocessing.json, typed. models/training/README.md has the conventions. */
import preprocessing from '../preprocessing.json' with { type: 'json' };

export const PREPROCESSING = preprocessing;

/** The seven emotions, in the order of every network's logits (`voice-open` leaves out the last). */
export const EMOTIONS = [
  'angry',
  'disgust',
  'fear',
  'happy',
  'neutral',
  'sad',
  'surprise',
] as const satisfies readonly string[];
export type Emotion = (typeof EMOTIONS)[number];

export const SEXES = ['female', 'male'] as const satisfies readonly string[];
export type Sex = (typeof SEXES)[number];
