/**
 * Which recordings each network is calibrated and compared on, how they become its input, and what its
 * outputs mean. Calibration sees the training split alone; comparison sees no training data. The Kaggle eyes
 * are only ever compared on.
 */
import { EMOTIONS, PREPROCESSING, SEXES } from '../preprocess/constants.ts';

/** A set of models/readers/export.py, and the splits of it that are used. */
export interface Source {
  readonly set: string;
  readonly splits: readonly string[];
}

/** Some of the network's outputs, of which the largest is its answer. */
export interface Head {
  readonly name: string;
  readonly labels: readonly string[];
  /** Where its first logit stands. */
  readonly first: number;
  /** Column of the set's table that holds the truth. */
  readonly column: 'label' | 'sex' | 'ferplus' | 'sex label';
}

/** From a file to network input: see samples.ts. */
export type Reading =
  | {
      readonly kind: 'picture';
      readonly side: number;
      readonly minStd: number;
      readonly fit: 'stretch' | 'letterbox';
    }
  | { readonly kind: 'log-mel' }
  | { readonly kind: 'mean-mfcc' };

export interface Recipe {
  readonly reading: Reading;
  readonly heads: readonly Head[];
  readonly calibration: readonly Source[];
  readonly comparison: readonly Source[];
}

const picture = (
  { side, minStd }: { readonly side: number; readonly minStd: number },
  fit: 'stretch' | 'letterbox' = 'stretch',
): Reading => ({ kind: 'picture', side, minStd, fit });

const train = (...sets: string[]): Source[] => sets.map((set) => ({ set, splits: ['train'] }));
const unseen = (...sets: string[]): Source[] =>
  sets.map((set) => ({ set, splits: ['val', 'test', 'holdout'] }));

/** Emotion first, then sex, as models/training/voice.py lays them out. */
const voiceHeads = (emotions: readonly string[]): Head[] => [
  { name: 'emotion', labels: emotions, first: 0, column: 'label' },
  { name: 'sex', labels: SEXES, first: emotions.length, column: 'sex' },
];

export const RECIPES: Readonly<Record<string, Recipe>> = {
  'face-emotion': {
    reading: picture(PREPROCESSING.face),
    heads: [
      { name: 'fer', labels: EMOTIONS, first: 0, column: 'label' },
      { name: 'ferplus', labels: EMOTIONS, first: EMOTIONS.length, column: 'ferplus' },
    ],
    calibration: train('fer2013'),
    comparison: [{ set: 'fer2013', splits: ['test'] }],
  },
  'face-sex': {
    reading: picture(PREPROCESSING.faceSex),
    heads: [{ name: 'sex', labels: PREPROCESSING.faceSex.labels, first: 0, column: 'label' }],
    calibration: train('utkface'),
    comparison: unseen('utkface'),
  },
  'eye-state': {
    reading: picture(PREPROCESSING.eye),
    heads: [{ name: 'eye', labels: PREPROCESSING.eye.labels, first: 0, column: 'label' }],
    calibration: train('cew', 'mrl'),
    comparison: unseen('cew', 'mrl', 'kaggle-eyes'),
  },
  mouth: {
    reading: picture(PREPROCESSING.mouth, 'letterbox'),
    heads: [{ name: 'mouth', labels: PREPROCESSING.mouth.labels, first: 0, column: 'label' }],
    calibration: train('yawdd-mouths'),
    comparison: unseen('yawdd-mouths'),
  },
  voice: {
    reading: { kind: 'log-mel' },
    heads: voiceHeads(EMOTIONS),
    calibration: train('crema-d', 'ravdess', 'ravdess-song', 'savee', 'tess'),
    comparison: unseen('crema-d', 'ravdess', 'ravdess-song', 'savee', 'tess', 'emodb'),
  },
  'voice-open': {
    reading: { kind: 'log-mel' },
    // No recording of CREMA-D is labelled surprise.
    heads: voiceHeads(EMOTIONS.slice(0, -1)),
    calibration: train('crema-d'),
    comparison: unseen('crema-d', 'ravdess', 'savee', 'tess', 'emodb'),
  },
  'source-image': {
    reading: picture(PREPROCESSING.sourceImage),
    heads: [{ name: 'fer', labels: EMOTIONS, first: 0, column: 'label' }],
    calibration: train('fer2013'),
    // PublicTest chose its epoch but trained nothing.
    comparison: [{ set: 'fer2013', splits: ['test'] }],
  },
  'source-voice': {
    reading: { kind: 'mean-mfcc' },
    heads: [
      {
        name: 'sexAndEmotion',
        labels: SEXES.flatMap((sex) => EMOTIONS.map((emotion) => `${sex} ${emotion}`)),
        first: 0,
        column: 'sex label',
      },
    ],
    calibration: train('crema-d', 'ravdess', 'savee', 'tess'),
    // By its protocol every speaker of those corpora is in its training: these are not.
    comparison: unseen('ravdess-song', 'emodb'),
  },
};

/** Sounds of a moving car, mixed into every other voice: of its split, of these classes. */
export const NOISE_SET = 'noise';
export const NOISE_CLASSES: readonly string[] = [
  'car-interior',
  'train-interior',
  'diesel-engine',
  'petrol-engine',
  'truck',
  'bus',
  'traffic-car',
  'street',
];
