/**
 * What each network of ours is examined on: splits that trained nothing, in quiet and noise, in good and bad
 * light, and which part of each answer counts. The names in `on` are those of targets.json and of the cards.
 */
import type { TrainedName } from '../../models/manifest.ts';
import { EMOTIONS, PREPROCESSING, SEXES } from '../../models/preprocess/constants.ts';
import type { Row } from './test-data.ts';

/** One table of scores. */
export interface Question {
  readonly on: string;
  /** Which answer of the network: its head. */
  readonly head: 'fer' | 'ferplus' | 'sex' | 'eye' | 'mouth' | 'emotion' | 'emotion alone' | 'sex alone';
  /** Column of the truth. */
  readonly column: 'label' | 'sex' | 'ferplus';
  readonly labels: readonly string[];
  /** Left out = all rows whose truth is one of the labels. */
  readonly where?: (columns: Row['columns']) => boolean;
}

/** One pass over a split. */
export interface Exam {
  readonly set: string;
  readonly split: 'test' | 'holdout';
  /** Gray levels times this: little light, as a camera without gain sees it. */
  readonly light?: number;
  /** The one recording of a car's cabin, never trained on, so far below the speech. */
  readonly carSnrDb?: number;
  readonly questions: readonly Question[];
}

const DIM = { light: 0.1 } as const;
const DIMLY = 'at a tenth of the light';
const EYES = ['open', 'closed'];

const fer = (on: string, where?: Question['where']): Question => ({
  on,
  head: 'fer',
  column: 'label',
  labels: EMOTIONS,
  ...(where ? { where } : {}),
});
const plus = (on: string, where?: Question['where']): Question => ({
  ...fer(on, where),
  head: 'ferplus',
  column: 'ferplus',
});
const isNoCopy = (columns: Row['columns']): boolean => columns['copy'] === '';

const sexOf = (on: string, where?: Question['where']): Question => ({
  on,
  head: 'sex',
  column: 'sex',
  labels: SEXES,
  ...(where ? { where } : {}),
});
const sexByGroup = (column: 'age' | 'race', groups: readonly string[]): Question[] =>
  groups.map((group) => sexOf(`UTKFace, ${column} ${group}`, (columns) => columns[column] === group));

const eyes = (on: string): Question => ({ on, head: 'eye', column: 'label', labels: EYES });
const mouths = (on: string): Question => ({
  on,
  head: 'mouth',
  column: 'label',
  labels: PREPROCESSING.mouth.labels,
});

const emotionOf = (on: string, where?: Question['where']): Question => ({
  ...fer(on, where),
  head: 'emotion',
});
/** Emotion of all, of women and of men, and sex; then both without the speech detector. */
const voices = (on: string): Question[] => [
  emotionOf(on),
  ...SEXES.map((sex) => emotionOf(`${on}, ${sex}`, (columns) => columns['sex'] === sex)),
  sexOf(`${on}, sex`),
  { ...emotionOf(`${on}, no detector`), head: 'emotion alone' },
  { ...sexOf(`${on}, sex, no detector`), head: 'sex alone' },
];
const crema: readonly Exam[] = [
  { set: 'crema-d', split: 'test', questions: voices('CREMA-D') },
  ...[10, 0].map((carSnrDb): Exam => ({
    set: 'crema-d',
    split: 'test',
    carSnrDb,
    questions: voices(`CREMA-D in car noise at ${carSnrDb} dB`),
  })),
];
const GERMAN = 'EMO-DB (German)';
const german: Exam = { set: 'emodb', split: 'holdout', questions: voices(GERMAN) };
const publicTest: Exam = {
  set: 'fer2013',
  split: 'test',
  questions: [fer('PublicTest'), fer('PublicTest without pixel copies', isNoCopy)],
};

/** The first question of the first exam is the one that is scored again by chance samples. */
export const EXAMS: Readonly<Record<TrainedName, readonly Exam[]>> = {
  'face-emotion': [
    {
      ...publicTest,
      questions: [
        ...publicTest.questions,
        plus('FER+ majority'),
        plus('FER+ majority without pixel copies', isNoCopy),
      ],
    },
    {
      set: 'fer2013',
      split: 'test',
      ...DIM,
      questions: [fer(`PublicTest ${DIMLY}`), plus(`FER+ majority ${DIMLY}`)],
    },
  ],
  'source-image': [publicTest],
  'face-sex': [
    {
      set: 'utkface',
      split: 'test',
      questions: [
        sexOf('UTKFace'),
        ...sexByGroup('age', ['0-25', '26-45', '46-60', '61-120']),
        ...sexByGroup('race', ['White', 'Black', 'Asian', 'Indian', 'Others']),
      ],
    },
    { set: 'utkface', split: 'test', ...DIM, questions: [sexOf(`UTKFace ${DIMLY}`)] },
  ],
  'eye-state': [
    { set: 'cew', split: 'test', questions: [eyes('CEW')] },
    { set: 'cew', split: 'test', ...DIM, questions: [eyes(`CEW ${DIMLY}`)] },
    { set: 'kaggle-eyes', split: 'holdout', questions: [eyes('Kaggle eyes')] },
    { set: 'mrl', split: 'test', questions: [eyes('MRL (infrared, people seen in training)')] },
  ],
  mouth: [
    { set: 'yawdd-mouths', split: 'test', questions: [mouths('YawDD by group')] },
    { set: 'yawdd-mouths', split: 'test', ...DIM, questions: [mouths(`YawDD by group ${DIMLY}`)] },
  ],
  voice: [
    ...crema,
    { set: 'ravdess', split: 'test', questions: voices('RAVDESS') },
    { set: 'savee', split: 'test', questions: [emotionOf('SAVEE'), sexOf('SAVEE, sex')] },
    german,
  ],
  'voice-open': [...crema, german],
  'source-voice': [{ ...german, questions: [emotionOf(GERMAN), sexOf(`${GERMAN}, sex`)] }],
};
