/**
 * Cuts sound into overlapping windows for the voice networks.
 *
 * In:  chunks of Float32 mono sound with the time of their first sample [ms].
 * Out: windows of `windowMs`, one every `hopMs`, each with the time of its end.
 *
 * Nothing is lost silently: a hole shorter than a window is filled with zeros and every window that
 * touches it says `gap`; after a longer one the windows begin anew; the rest at the end is a last window
 * that overlaps more. Memory: one window and one hop.
 */
import type { SoundChunk } from '../../hardware/microphone/microphone.ts';

/** One window; `samples` is the taker's own. */
export interface AudioWindow {
  /** Full length, shorter only where a whole stretch of sound is shorter than a window. */
  readonly samples: Float32Array;
  readonly sampleRateHz: number;
  /** Time of the end of the window [ms]. */
  readonly atMs: number;
  /** Length of `samples` [ms]. */
  readonly windowMs: number;
  /** Sound is missing or jumps within the window. */
  readonly gap: boolean;
}

/** Lengths of the windows; `hopMs` is at most `windowMs`. */
export interface WindowLengths {
  readonly windowMs: number;
  readonly hopMs: number;
  readonly sampleRateHz: number;
}

/** Counters since the start. */
export interface WindowStats {
  readonly windows: number;
  readonly gaps: number;
  /** Sound that never came [ms]. */
  readonly missingMs: number;
}

/** Times that are off by less are jitter of arrival or drift of clocks, not a hole [ms]. */
const TOLERANCE_MS = 40;
/** Share of the deviation by which the time base follows each chunk: 100 ppm of drift stays below 1 ms. */
const FOLLOW = 0.05;
const NONE: readonly AudioWindow[] = [];

/** Windows over one stream of sound. */
export class AudioWindows {
  readonly #lengths: WindowLengths;
  readonly #windowSamples: number;
  readonly #hopSamples: number;
  readonly #held: Float32Array;
  /** Samples in `#held`, and how many of them no window has had yet. */
  #filled = 0;
  #fresh = 0;
  /** Time of the end of what is held [ms]; `null` before the first sound. */
  #endMs: number | null = null;
  /** Samples since the last hole or jump; Infinity if there was none. */
  #sinceGap = Number.POSITIVE_INFINITY;
  #windows = 0;
  #gaps = 0;
  #missingMs = 0;

  constructor(lengths: WindowLengths) {
    if (lengths.hopMs > lengths.windowMs) {
      throw new RangeError(`hopMs (${lengths.hopMs}) must not exceed windowMs (${lengths.windowMs})`);
    }
    this.#lengths = lengths;
    this.#windowSamples = this.#samplesIn(lengths.windowMs);
    this.#hopSamples = this.#samplesIn(lengths.hopMs);
    this.#held = new Float32Array(this.#windowSamples + this.#hopSamples);
  }

  /** Takes a chunk (copied); gives the windows that it completes, mostly none. */
  push(chunk: SoundChunk): readonly AudioWindow[] {
    const done: AudioWindow[] = [];
    this.#place(chunk.atMs, done);
    this.#append(chunk.samples, chunk.samples.length, done);
    return done.length === 0 ? NONE : done;
  }

  /** The sound has ended: the last window, if any sound is in none yet. The next chunk begins anew. */
  flush(): AudioWindow | null {
    const last = this.#fresh > 0 ? this.#window() : null;
    this.#filled = 0;
    this.#fresh = 0;
    this.#endMs = null;
    this.#sinceGap = Number.POSITIVE_INFINITY;
    return last;
  }

  stats(): WindowStats {
    return { windows: this.#windows, gaps: this.#gaps, missingMs: this.#missingMs };
  }

  /** Compares the chunk's time with where the sound had got to; fills or marks what does not fit. */
  #place(atMs: number, done: AudioWindow[]): void {
    if (this.#endMs === null) {
      this.#endMs = atMs;
      return;
    }
    const offMs = atMs - this.#endMs;
    if (Math.abs(offMs) <= TOLERANCE_MS) {
      this.#endMs += offMs * FOLLOW;
      return;
    }
    this.#gaps += 1;
    this.#missingMs += Math.max(0, offMs);
    if (offMs >= this.#lengths.windowMs) {
      const last = this.flush();
      if (last !== null) done.push(last);
    } else if (offMs > 0) {
      this.#append(null, this.#samplesIn(offMs), done);
    } else {
      this.#sinceGap = 0;
    }
    this.#endMs = atMs;
  }

  /** Appends samples (`null` = missing ones) and cuts windows as they fill. */
  #append(samples: Float32Array | null, length: number, done: AudioWindow[]): void {
    for (let from = 0; from < length;) {
      const wanted = Math.max(this.#windowSamples - this.#filled, this.#hopSamples - this.#fresh);
      const count = Math.min(length - from, wanted);
      if (samples === null) this.#held.fill(0, this.#filled, this.#filled + count);
      else this.#held.set(samples.subarray(from, from + count), this.#filled);
      this.#sinceGap = samples === null ? 0 : this.#sinceGap + count;
      this.#filled += count;
      this.#fresh += count;
      this.#endMs = (this.#endMs ?? 0) + this.#msOf(count);
      from += count;
      if (count === wanted) done.push(this.#window());
    }
  }

  /** Cuts a window that ends with what is held, and keeps that window for the overlap. */
  #window(): AudioWindow {
    const length = Math.min(this.#filled, this.#windowSamples);
    const samples = this.#held.slice(this.#filled - length, this.#filled);
    this.#held.set(samples);
    this.#filled = length;
    this.#fresh = 0;
    this.#windows += 1;
    return {
      samples,
      sampleRateHz: this.#lengths.sampleRateHz,
      atMs: this.#endMs ?? 0,
      windowMs: this.#msOf(length),
      gap: this.#sinceGap < length,
    };
  }

  #samplesIn(ms: number): number {
    return Math.round((ms * this.#lengths.sampleRateHz) / 1000);
  }

  #msOf(samples: number): number {
    return (samples * 1000) / this.#lengths.sampleRateHz;
  }
}
