/**
 * What is heard in a recording: speech window by window, or no speech at all.
 * Input: any file that ffmpeg reads, streamed. Output: calibrated probabilities of each window.
 */
import type { Network } from '../../models/engines/engine.ts';
import type { TrainedName } from '../../models/manifest.ts';
import { scalingOf, type Temperatures } from '../../models/networks/calibration.ts';
import { named, type Probabilities } from '../../models/networks/classifier.ts';
import { createSourceVoice, createVoice, type VoiceAnswer } from '../../models/networks/voices.ts';
import { EMOTIONS, PREPROCESSING } from '../../models/preprocess/constants.ts';
import { createVad } from '../perceive/vad.ts';
import { readSound } from './sound-file.ts';
import { createSpeechCutter, windowTimes, type Utterance } from './speech.ts';

/** Times from the begin of the file. */
export interface HeardWindow extends VoiceAnswer {
  readonly startMs: number;
  readonly endMs: number;
}

/** What a whole file held. */
export interface HeardFile {
  /** Mean over all windows; `null` = no speech. */
  readonly overall: VoiceAnswer | null;
  readonly windows: number;
  readonly lengthMs: number;
  /** What was wrong with a file that could be read, or `null`. */
  readonly fault: string | null;
  /** Time that the networks and their preprocessing took. */
  readonly computedMs: number;
}

export interface Listener {
  /**
   * @param onWindow each window of speech, in order
   * @throws UnreadableFile in one sentence
   */
  hear(file: string, onWindow?: (window: HeardWindow) => void): Promise<HeardFile>;
}

/** @param vadThreshold probability from which the detector's frame is speech */
export function createListener(
  kind: TrainedName,
  network: Network,
  temperatures: Temperatures,
  { vad, vadThreshold }: { readonly vad: Network; readonly vadThreshold: number },
): Listener {
  if (kind === 'source-voice') return sourceListener(network);
  const emotions = EMOTIONS.filter((emotion) => kind !== 'voice-open' || emotion !== 'surprise');
  const voice = createVoice(network, emotions, temperatures);
  return {
    async hear(file, onWindow) {
      const detector = createVad(vad);
      const cutter = createSpeechCutter(detector, vadThreshold);
      const mean = runningMean();
      let samplesHeard = 0;
      let computedMs = 0;
      const answer = async (found: readonly Utterance[]) => {
        for (const utterance of found) {
          for (const window of utterance.windows) {
            const heard = await voice.of(utterance.db, ...window);
            mean.add(heard);
            onWindow?.({ ...windowTimes(utterance, window), ...heard });
          }
        }
      };
      const fault = await readSound(file, PREPROCESSING.voice.sampleRateHz, async (samples) => {
        const since = performance.now();
        samplesHeard += samples.length;
        await answer(await cutter.hear(samples));
        computedMs += performance.now() - since;
        return false;
      });
      const since = performance.now();
      await answer(cutter.end());
      computedMs += performance.now() - since;
      const lengthMs = (samplesHeard * 1000) / PREPROCESSING.voice.sampleRateHz;
      return { overall: mean.value(), windows: mean.count(), lengthMs, fault, computedMs };
    },
  };
}

/** The source system's network hears 3 s from 0.5 s, as it did there: it knows no silence. */
function sourceListener(network: Network): Listener {
  const { sampleRateHz, offsetS, lengthS } = PREPROCESSING.sourceVoice;
  const source = createSourceVoice(network, scalingOf('source-voice'));
  const samples = new Float32Array(Math.ceil((offsetS + lengthS) * sampleRateHz));
  return {
    async hear(file, onWindow) {
      let length = 0;
      const fault = await readSound(file, sampleRateHz, (part) => {
        const fitting = part.subarray(0, samples.length - length);
        samples.set(fitting, length);
        length += fitting.length;
        return Promise.resolve(length === samples.length);
      });
      const since = performance.now();
      const overall = await source.of(samples.subarray(0, length));
      const computedMs = performance.now() - since;
      const lengthMs = (length * 1000) / sampleRateHz;
      onWindow?.({ startMs: Math.min(lengthMs, offsetS * 1000), endMs: lengthMs, ...overall });
      return { overall, windows: 1, lengthMs, fault, computedMs };
    },
  };
}

/** Mean of answers without keeping them: an hour has 3,600 windows. */
function runningMean() {
  let mean: VoiceAnswer | null = null;
  let count = 0;
  return {
    add(answer: VoiceAnswer): void {
      count += 1;
      if (mean === null) {
        mean = answer;
        return;
      }
      const emotion = nearer(mean.emotion, answer.emotion, 1 / count);
      mean = { emotion, sex: nearer(mean.sex, answer.sex, 1 / count) };
    },
    value: () => mean,
    count: () => count,
  };
}

/** From one answer a share of the way to another. */
const nearer = <Label extends string>(
  from: Probabilities<Label>,
  to: Probabilities<Label>,
  share: number,
): Probabilities<Label> => {
  const labels = Object.keys(from) as Label[];
  return named(
    labels,
    labels.map((label) => from[label] + (to[label] - from[label]) * share),
  );
};
