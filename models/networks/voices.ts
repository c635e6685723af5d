/**
 * The networks that listen: emotion and sex of a voice.
 * Input: dB frames of speech at 16 kHz (models/preprocess/log-mel.ts), or, for the source system's network,
 * the samples of a recording at 22,050 Hz. Output: calibrated probabilities. One call at a time.
 */
import type { Network } from '../engines/engine.ts';
import { EMOTIONS, PREPROCESSING, SEXES, type Emotion, type Sex } from '../preprocess/constants.ts';
import { createWindowInput, MEL_BANDS, WINDOW_FRAMES } from '../preprocess/log-mel.ts';
import { createMeanMfcc } from '../preprocess/mfcc.ts';
import type { Temperatures } from './calibration.ts';
import { createClassifier, named, type Probabilities } from './classifier.ts';

export interface VoiceAnswer {
  /** Without `surprise` where the network does not know it (`voice-open`). */
  readonly emotion: Probabilities;
  readonly sex: Probabilities<Sex>;
}

export interface VoiceNetwork {
  /** @param db frames x 64; those of [from, to), at most 300, are heard */
  of(db: Float32Array, from: number, to: number): Promise<VoiceAnswer>;
}

/** @param emotions those that the network knows, in its order: all seven, or six for `voice-open` */
export function createVoice(
  network: Network,
  emotions: readonly Emotion[],
  temperatures: Temperatures,
): VoiceNetwork {
  const window = createWindowInput();
  const heads = [
    { labels: emotions, temperature: temperatures['emotion'] ?? 1 },
    { labels: SEXES, temperature: temperatures['sex'] ?? 1 },
  ];
  const classifier = createClassifier(network, [1, 1, MEL_BANDS, WINDOW_FRAMES], heads);
  return {
    async of(db, from, to) {
      window.write(db, from, to, classifier.input);
      const [emotion, sex] = await classifier.answer();
      return { emotion: emotion!, sex: sex as Probabilities<Sex> };
    },
  };
}

export interface SourceVoice {
  /** @param samples the recording from its begin, at 22,050 Hz */
  of(samples: Float32Array): Promise<VoiceAnswer>;
}

/** @param scaling mean and standard deviation of the 50 mean MFCCs over the training clips */
export function createSourceVoice(
  network: Network,
  scaling: { readonly mean: readonly number[]; readonly std: readonly number[] },
): SourceVoice {
  const { coefficients, used } = PREPROCESSING.sourceVoice;
  const mfcc = createMeanMfcc();
  const means = new Float32Array(coefficients);
  // 14 classes: the seven emotions of women, then those of men.
  const labels = SEXES.flatMap((sex) => EMOTIONS.map((emotion) => `${sex} ${emotion}`));
  const classifier = createClassifier(network, [1, 1, used], [{ labels, temperature: 1 }]);
  return {
    async of(samples) {
      mfcc.of(samples, means);
      for (let i = 0; i < used; i++) {
        const c = i + coefficients - used; // the first is loudness and is left out
        classifier.input[i] = (means[c]! - scaling.mean[c]!) / scaling.std[c]!;
      }
      const both = (await classifier.answer())[0]!;
      const sum = (has: (label: string) => boolean) =>
        labels.reduce((total, label) => total + (has(label) ? both[label]! : 0), 0);
      return {
        emotion: named(
          EMOTIONS,
          EMOTIONS.map((emotion) => sum((label) => label.endsWith(` ${emotion}`))),
        ),
        sex: named(
          SEXES,
          SEXES.map((sex) => sum((label) => label.startsWith(`${sex} `))),
        ),
      };
    },
  };
}
