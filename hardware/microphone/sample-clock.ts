/**
 * The time of sound that arrives in bursts: samples are counted, arrivals only correct the count.
 *
 * In:  how many samples a read brought, and when it arrived [ms].
 * Out: the time of its first sample [ms].
 *
 * A read is never early and often late (buffers, a busy machine), so the least lateness of a second says
 * where the sound really is. Less than a hole, it is drift of the device's clock and followed slowly;
 * more, it is sound that never came: the time jumps, which whoever takes the sound sees as a gap.
 */

/** Arrivals are judged over so much sound [ms]. */
const WINDOW_MS = 1000;
/** Lateness of every read of a window above which sound is missing [ms]; a period of arecord is 125 ms long. */
const HOLE_MS = 60;
/** Drift that is followed: cheap USB microphones are off by some 100 ppm [ratio]. */
const MOST_DRIFT = 0.002;

/** One recording. */
export class SampleClock {
  readonly #msPerSample: number;
  /** Time of the next sample [ms]; `null` before the first. */
  #nextMs: number | null = null;
  #leastLateMs = Number.POSITIVE_INFINITY;
  #heardMs = 0;

  constructor(sampleRateHz: number) {
    this.#msPerSample = 1000 / sampleRateHz;
  }

  /** @returns time of the first of the samples that arrived just now [ms] */
  place(samples: number, arrivedMs: number): number {
    const lengthMs = samples * this.#msPerSample;
    const expectedMs = this.#nextMs ?? arrivedMs - lengthMs;
    this.#leastLateMs = Math.min(this.#leastLateMs, arrivedMs - lengthMs - expectedMs);
    this.#heardMs += lengthMs;
    const atMs = expectedMs + (this.#heardMs >= WINDOW_MS ? this.#correction() : 0);
    this.#nextMs = atMs + lengthMs;
    return atMs;
  }

  #correction(): number {
    const lateMs = this.#leastLateMs;
    const mostMs = this.#heardMs * MOST_DRIFT;
    this.#leastLateMs = Number.POSITIVE_INFINITY;
    this.#heardMs = 0;
    return lateMs > HOLE_MS ? lateMs : Math.min(mostMs, Math.max(-mostMs, lateMs));
  }
}
