/**
 * Voice network input: log-mel of 3 s windows. Python's twin: models/training/log_mel.py.
 * Input: mono samples at 16 kHz, -1..1. Output: dB [frames, 64], then windows [64, 300] of about -2..2.
 */
import { PREPROCESSING } from './constants.ts';
import { createPowerSpectrum } from './fft.ts';
import { evenly, periodicHann, triangles, weighted, type Band } from './filter-bank.ts';

const VOICE = PREPROCESSING.voice;
export const MEL_BANDS = VOICE.melBands;
/** Frames of one window (3 s). */
export const WINDOW_FRAMES = VOICE.frames;
/** Frames from one window of a longer stretch to the next (1 s). */
export const WINDOW_HOP_FRAMES = VOICE.hopFrames;
/** Samples from one frame to the next (10 ms). */
export const FRAME_HOP = VOICE.hopSamples;
/** Samples that must precede a frame's own 160 and follow them; zeros at the ends of a sound. */
export const FRAME_EDGE = VOICE.edgePadSamples;
const FLOOR_DB = 10 * Math.log10(VOICE.floorPower);
/** Numbers of one window. */
export const WINDOW_VALUES = MEL_BANDS * WINDOW_FRAMES;

export interface LogMel {
  /** Whole frames of so many samples. */
  frames(samples: number): number;
  /**
   * dB of each frame, [frames, 64]; the sound is taken to be silent before and after.
   * @param into at least frames x 64 numbers
   * @returns how many frames were written: floor(n / 160)
   */
  decibels(samples: Float32Array, into: Float32Array): number;
}

export function createLogMel(): LogMel {
  const spectrum = createPowerSpectrum(VOICE.fftSize);
  const frame = new Float64Array(VOICE.fftSize);
  const power = new Float64Array(VOICE.fftSize / 2 + 1);
  const hann = periodicHann(VOICE.windowSamples);
  const bands = melBands();
  const frames = (samples: number) => Math.floor(samples / FRAME_HOP);
  return {
    frames,
    decibels(samples, into) {
      const count = frames(samples.length);
      for (let i = 0; i < count; i++) {
        const first = i * FRAME_HOP - FRAME_EDGE;
        for (let k = 0; k < hann.length; k++) frame[k] = (samples[first + k] ?? 0) * hann[k]!;
        spectrum.of(frame, power);
        for (let band = 0; band < bands.length; band++) {
          into[i * MEL_BANDS + band] = decibel(weighted(power, bands[band]!));
        }
      }
      return count;
    },
  };
}

/**
 * Frames [from, to) without what is more than 35 dB below their loudest at both ends.
 * @returns the first frame and the one after the last
 */
export function trimSilence(db: Float32Array, from: number, to: number): readonly [number, number] {
  let peak = -Infinity;
  for (let i = from; i < to; i++) peak = Math.max(peak, frameDb(db, i));
  const loud = (i: number) => frameDb(db, i) > peak - VOICE.trimBelowPeakDb;
  let [first, last] = [from, to];
  while (first < last && !loud(first)) first++;
  while (last > first && !loud(last - 1)) last--;
  return [first, last];
}

/**
 * Where windows of a stretch of frames [from, to) begin: every second, the last at its end; one for a short one.
 */
export function windowStarts(from: number, to: number): number[] {
  const last = to - WINDOW_FRAMES;
  if (last <= from) return [from];
  const starts: number[] = [];
  for (let start = from; start < last; start += WINDOW_HOP_FRAMES) starts.push(start);
  return [...starts, last];
}

/** Writes network inputs; keeps its buffers between calls. */
export interface WindowInput {
  /**
   * Frames [from, to), at most 300, centred on silence where they are fewer, brought to the network's
   * range: (clip(dB - reference, -70, 10) + 30) / 20, reference = the 98th percentile of the window.
   * @param into [64, 300]
   */
  write(db: Float32Array, from: number, to: number, into: Float32Array): void;
}

export function createWindowInput(): WindowInput {
  const window = new Float32Array(WINDOW_VALUES);
  const sorted = new Float32Array(WINDOW_VALUES);
  const kth = Math.ceil((WINDOW_VALUES * VOICE.referencePercentile) / 100) - 1;
  const [low, high] = VOICE.rangeDb as [number, number];
  return {
    write(db, from, to, into) {
      const count = Math.min(WINDOW_FRAMES, to - from);
      const before = (WINDOW_FRAMES - count) >> 1;
      window.fill(FLOOR_DB);
      window.set(db.subarray(from * MEL_BANDS, (from + count) * MEL_BANDS), before * MEL_BANDS);
      sorted.set(window);
      sorted.sort();
      const reference = sorted[kth]!;
      for (let i = 0; i < WINDOW_FRAMES; i++) {
        for (let band = 0; band < MEL_BANDS; band++) {
          const above = Math.min(high, Math.max(low, window[i * MEL_BANDS + band]! - reference));
          into[band * WINDOW_FRAMES + i] = (above + VOICE.offsetDb) / VOICE.scaleDb;
        }
      }
    },
  };
}

const decibel = (power: number) => 10 * Math.log10(Math.max(power, VOICE.floorPower));

/** Summed mel power of a frame. */
function frameDb(db: Float32Array, index: number): number {
  let sum = 0;
  for (let band = 0; band < MEL_BANDS; band++) sum += 10 ** (db[index * MEL_BANDS + band]! / 10);
  return 10 * Math.log10(sum);
}

/** HTK mels: 2595 log10(1 + f / 700). */
function melBands(): Band[] {
  const mel = (hz: number) => 2595 * Math.log10(1 + hz / 700);
  const hz = (m: number) => 700 * (10 ** (m / 2595) - 1);
  const edges = evenly(mel(VOICE.fminHz), mel(VOICE.fmaxHz), MEL_BANDS + 2).map(hz);
  return triangles(edges, VOICE.fftSize / 2 + 1, VOICE.sampleRateHz / VOICE.fftSize, () => 1);
}
