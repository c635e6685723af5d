/**
 * Is what the microphone delivers sound?
 *
 * In:  the chunks of a device. Out: whether it is new, and what is wrong with it once that has lasted:
 *      muted (nothing above the noise of the converter's last steps) or stuck (one value for ever).
 */
import type { SoundChunk } from '../../hardware/microphone/microphone.ts';

/** What is to be said of the newest chunk. */
export interface SoundCondition {
  /** It is sound. */
  readonly fresh: boolean;
  /** One sentence, `null` while all is well or it has not lasted. */
  readonly fault: string | null;
  /** One and the same value for so long [ms] that the device must be opened anew; else `null`. */
  readonly stuckMs: number | null;
}

/** The settings that it needs. */
export interface SoundCheckConfig {
  /** RMS without the mean [dBFS]. */
  readonly mutedBelowDbfs: number;
  readonly mutedAfterMs: number;
}

const FINE: SoundCondition = { fresh: true, fault: null, stuckMs: null };
const MUTED = 'the microphone delivers silence: is it muted or its level at zero (alsamixer)?';

/** Listens to one device, from opening to its end. */
export class SoundCheck {
  readonly #leastPower: number;
  readonly #afterMs: number;
  #quietSinceMs: number | null = null;
  #value: number | null = null;
  #valueSinceMs = 0;

  constructor({ mutedBelowDbfs, mutedAfterMs }: SoundCheckConfig) {
    this.#leastPower = 10 ** (mutedBelowDbfs / 10);
    this.#afterMs = mutedAfterMs;
  }

  /** Listens to one chunk. */
  listen({ samples, atMs }: SoundChunk): SoundCondition {
    const stuckMs = this.#sameMs(samples, atMs);
    if (power(samples) >= this.#leastPower) {
      this.#quietSinceMs = null;
      return FINE;
    }
    this.#quietSinceMs ??= atMs;
    if (atMs - this.#quietSinceMs < this.#afterMs) return { ...FINE, fresh: false };
    if (stuckMs !== null && stuckMs >= this.#afterMs) return { fresh: false, fault: null, stuckMs };
    return { fresh: false, fault: MUTED, stuckMs: null };
  }

  /** How long every sample has had one value that is not zero [ms]; `null` if it has not. */
  #sameMs(samples: Float32Array, atMs: number): number | null {
    const first = samples[0] ?? 0;
    const steady = first !== 0 && samples.every((value) => value === first);
    if (!steady) this.#value = null;
    else if (this.#value !== first) {
      this.#value = first;
      this.#valueSinceMs = atMs;
    }
    return steady ? atMs - this.#valueSinceMs : null;
  }
}

/** Mean square without the mean, full scale = 1. */
function power(samples: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of samples) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / Math.max(1, samples.length);
  return Math.max(0, squares / Math.max(1, samples.length) - mean * mean);
}
