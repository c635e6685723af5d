/** How loud a stretch of sound is, and whether it is clipped. In: samples -1..1. Out: dBFS and a share. */

/** Digital silence has no logarithm; quieter than 24-bit sound can be is reported as this. */
export const SILENCE_DBFS = -144;

/** Root mean square in dB relative to full scale; at least `SILENCE_DBFS`. */
export function levelDbfs(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  return Math.max(SILENCE_DBFS, 20 * Math.log10(rms));
}

/** Share of samples whose absolute value is at least `clippedAt`, 0-1. */
export function clippedShare(samples: Float32Array, clippedAt: number): number {
  let clipped = 0;
  for (const sample of samples) if (Math.abs(sample) >= clippedAt) clipped += 1;
  return clipped / Math.max(1, samples.length);
}
