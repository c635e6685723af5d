/**
 * Recordings and the networks that hear them.
 * Input: files, decoded many at a time. Output: utterances, then calibrated probabilities: the mean over the
 * windows of a file, as `evaluate` has it; `null` = no speech.
 */
import { createHash } from 'node:crypto';
import { createSpeechCutter, type Utterance } from '../../agent/examine/speech.ts';
import { createVad } from '../../agent/perceive/vad.ts';
import type { Network } from '../../models/engines/engine.ts';
import type { TrainedName } from '../../models/manifest.ts';
import { scalingOf, type Temperatures } from '../../models/networks/calibration.ts';
import { meanOf } from '../../models/networks/classifier.ts';
import { createSourceVoice, createVoice, type VoiceAnswer } from '../../models/networks/voices.ts';
import { EMOTIONS } from '../../models/preprocess/constants.ts';
import {
  createLogMel,
  MEL_BANDS,
  trimSilence,
  WINDOW_FRAMES,
  windowStarts,
} from '../../models/preprocess/log-mel.ts';
import type { Said } from './said.ts';

const logMel = createLogMel();

/** A recording as the product hears it, and as a clip that is known to be one utterance. */
export interface Heard {
  readonly utterances: readonly Utterance[];
  readonly clip: Utterance;
}

export async function hear(samples: Float32Array, vad: Network, vadThreshold: number): Promise<Heard> {
  const cutter = createSpeechCutter(createVad(vad), vadThreshold);
  const utterances = [...(await cutter.hear(samples)), ...cutter.end()];
  return { utterances, clip: wholeClip(samples) };
}

/** Without the speech detector: quiet ends are cut off, the rest is speech, as the trainings take their clips. */
function wholeClip(samples: Float32Array): Utterance {
  const db = new Float32Array(logMel.frames(samples.length) * MEL_BANDS);
  const [from, to] = trimSilence(db, 0, logMel.decibels(samples, db));
  const windows = windowStarts(from, to).map(
    (start) => [start, Math.min(to, start + WINDOW_FRAMES)] as const,
  );
  return { startMs: 0, db, windows };
}

/** @returns answers to `emotion` and `sex`, and as `emotion alone` and `sex alone` those without the detector */
export function listenerOf(
  name: TrainedName,
  network: Network,
  temperatures: Temperatures,
): (heard: Heard) => Promise<Said> {
  const emotions = EMOTIONS.filter((emotion) => name !== 'voice-open' || emotion !== 'surprise');
  const voice = createVoice(network, emotions, temperatures);
  const meanOver = async (utterances: readonly Utterance[]) => {
    const answers: VoiceAnswer[] = [];
    for (const { db, windows } of utterances) {
      for (const window of windows) answers.push(await voice.of(db, ...window));
    }
    if (answers.length === 0) return { emotion: null, sex: null };
    return {
      emotion: meanOf(answers.map(({ emotion }) => emotion)),
      sex: meanOf(answers.map(({ sex }) => sex)),
    };
  };
  return async ({ utterances, clip }) => {
    const alone = await meanOver([clip]);
    const { emotion, sex } = await meanOver(utterances);
    return { emotion, sex, 'emotion alone': alone.emotion, 'sex alone': alone.sex };
  };
}

/** The source system's network hears a recording from its begin and knows no silence. */
export function sourceListenerOf(network: Network): (samples: Float32Array) => Promise<Said> {
  const source = createSourceVoice(network, scalingOf('source-voice'));
  return async (samples) => ({ ...(await source.of(samples)) });
}

/**
 * Speech with noise so far below it by mel power, as the trainings measure it: rumble below 50 Hz, which no
 * network hears, does not count. Where the noise begins depends on the file's name alone.
 */
export function inNoise(
  speech: Float32Array,
  noise: Float32Array,
  snrDb: number,
  name: string,
): Float32Array {
  const start = createHash('sha256').update(name).digest().readUInt32BE() % noise.length;
  const under = speech.map((_, i) => noise[(start + i) % noise.length]!);
  const gain = Math.sqrt(
    melPower(speech, true) / Math.max(melPower(under, false), 1e-12) / 10 ** (snrDb / 10),
  );
  return speech.map((value, i) => value + gain * under[i]!);
}

/** Mean over the frames; of speech without its quiet ends. */
function melPower(samples: Float32Array, isSpeech: boolean): number {
  const db = new Float32Array(logMel.frames(samples.length) * MEL_BANDS);
  const count = logMel.decibels(samples, db);
  const [from, to] = isSpeech ? trimSilence(db, 0, count) : [0, count];
  let sum = 0;
  for (let i = from * MEL_BANDS; i < to * MEL_BANDS; i++) sum += 10 ** (db[i]! / 10);
  return sum / Math.max(1, to - from);
}
