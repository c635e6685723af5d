/**
 * Stretches of speech in a stream of sound, one after another, whatever the length of the stream.
 * Input: mono samples at 16 kHz, in order. Output: utterances with their log-mel frames.
 * Memory: one utterance.
 *
 * The networks were taught on clips of one utterance, cut to what is at most 35 dB below the loudest
 * frame: so speech is cut out of a recording in the same way before it is heard.
 */
import {
  createLogMel,
  MEL_BANDS,
  trimSilence,
  WINDOW_FRAMES,
  windowStarts,
} from '../../models/preprocess/log-mel.ts';
import { VAD_FRAME, type Vad } from '../perceive/vad.ts';

/** Speech between two pauses. */
export interface Utterance {
  /** Begin of frame 0 from the begin of the stream [ms]. */
  readonly startMs: number;
  /** Frames x 64, dB. */
  readonly db: Float32Array;
  /** Windows of at most 3 s, every second: first frame and the one after the last. */
  readonly windows: readonly (readonly [number, number])[];
}

export interface SpeechCutter {
  /** @returns utterances that these samples ended, mostly none */
  hear(samples: Float32Array): Promise<Utterance[]>;
  /** The stream is over. @returns the utterance that it cut short, or none */
  end(): Utterance[];
}

const RATE_HZ = 16_000;
const FRAME_MS = 10;
const samplesIn = (ms: number) => (ms * RATE_HZ) / 1000;
/** Silence that ends an utterance. */
const PAUSE = samplesIn(1500);
/**
 * What is kept before the first and after the last speech, before the trimming: the networks were taught on
 * clips with their quiet ends. Accuracy on CREMA-D test with 1 s .606, 1.5 s .612, the whole clip .612; on half
 * of it with 0.3 s .671, 0.6 s .693, 1 s .712.
 */
const MARGIN = samplesIn(1500);
/** An utterance without a pause is cut here: memory stays bounded. */
const LONGEST = samplesIn(30_000);
/**
 * Least unbroken speech in an utterance, in frames of the detector (32 ms): half a second. Of 240 sounds that
 * are no words (engines, snoring, coughs, rain) 17 reach it, of 365 clips of CREMA-D all but 2; at 8 frames
 * 43 and all but 1. No engine, road or machine but one chain saw reaches even 8.
 */
const LEAST_RUN_FRAMES = 16;

/** @param vad reset; used by nobody else @param threshold probability from which a frame is speech */
export function createSpeechCutter(vad: Vad, threshold: number): SpeechCutter {
  const mel = createLogMel();
  const kept = new Float32Array(LONGEST + PAUSE + MARGIN + VAD_FRAME);
  let length = 0; // of `kept`
  let keptFrom = 0; // its first sample in the stream
  let judged = 0; // samples that the detector has answered for
  let firstSpeech = -1; // in the stream; -1 outside of an utterance
  let lastSpeech = -1; // end of it
  let run = 0; // frames of speech without a break, until now
  let longestRun = 0; // in this utterance

  const drop = (until: number) => {
    const count = Math.min(length, Math.max(0, until - keptFrom));
    kept.copyWithin(0, count, length);
    length -= count;
    keptFrom += count;
  };
  const cut = (): Utterance[] => {
    const from = Math.max(keptFrom, firstSpeech - MARGIN);
    const to = Math.min(keptFrom + length, lastSpeech + MARGIN);
    const enough = longestRun >= LEAST_RUN_FRAMES;
    firstSpeech = -1;
    longestRun = 0;
    return enough ? utterance(mel, kept.subarray(from - keptFrom, to - keptFrom), from) : [];
  };
  const judge = (probability: number): Utterance[] => {
    judged += VAD_FRAME;
    run = probability >= threshold ? run + 1 : 0;
    longestRun = Math.max(longestRun, run);
    if (run > 0) {
      if (firstSpeech < 0) firstSpeech = judged - VAD_FRAME;
      lastSpeech = judged;
    }
    if (firstSpeech < 0) {
      drop(judged - MARGIN);
      return [];
    }
    if (judged - lastSpeech < PAUSE && judged - firstSpeech < LONGEST) return [];
    const found = cut();
    drop(judged - MARGIN);
    return found;
  };
  return {
    async hear(samples) {
      const found: Utterance[] = [];
      for (let from = 0; from < samples.length; from += VAD_FRAME) {
        const part = samples.subarray(from, from + VAD_FRAME);
        kept.set(part, length);
        length += part.length;
        for (const probability of await vad.hear(part)) found.push(...judge(probability));
      }
      return found;
    },
    end: () => (firstSpeech < 0 ? [] : cut()),
  };
}

function utterance(mel: ReturnType<typeof createLogMel>, samples: Float32Array, from: number): Utterance[] {
  const db = new Float32Array(mel.frames(samples.length) * MEL_BANDS);
  const frames = mel.decibels(samples, db);
  const [first, last] = trimSilence(db, 0, frames);
  if (last <= first) return [];
  const windows = windowStarts(first, last).map(
    (start) => [start, Math.min(last, start + WINDOW_FRAMES)] as const,
  );
  return [{ startMs: (from / RATE_HZ) * 1000, db, windows }];
}

/** Times of a window from the begin of the stream. */
export const windowTimes = (speech: Utterance, [from, to]: readonly [number, number]) => ({
  startMs: speech.startMs + from * FRAME_MS,
  endMs: speech.startMs + to * FRAME_MS,
});
