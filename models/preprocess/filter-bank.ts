/** What log-mel and MFCC share: the window over a frame, and triangles over the bins of its spectrum. */

/** A window of `size` of which the next sample would be the first again. */
export function periodicHann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
}

/** A filter over the bins of a spectrum: the bins from `first` on, weighted. */
export interface Band {
  readonly first: number;
  readonly weights: Float64Array;
}

/** Weighted sum of a power spectrum. */
export function weighted(power: Float64Array, { first, weights }: Band): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += power[first + i]! * weights[i]!;
  return sum;
}

/**
 * Triangles between neighbouring edges [Hz], cut to the bins where they are above zero.
 * @param edges one more at both ends than there are triangles, rising
 * @param bins how many, `binHz` apart from 0
 */
export function triangles(
  edges: readonly number[],
  bins: number,
  binHz: number,
  height: (low: number, high: number) => number,
): Band[] {
  return edges.slice(1, -1).map((middle, i) => {
    const [low, high] = [edges[i]!, edges[i + 2]!];
    const at = (bin: number) => {
      const rising = (bin * binHz - low) / (middle - low);
      const falling = (high - bin * binHz) / (high - middle);
      return Math.max(0, Math.min(rising, falling)) * height(low, high);
    };
    const first = Math.max(0, Math.floor(low / binHz));
    const last = Math.min(bins - 1, Math.ceil(high / binHz));
    return { first, weights: Float64Array.from({ length: last - first + 1 }, (_, k) => at(first + k)) };
  });
}

/** Evenly spaced numbers, both ends included. */
export const evenly = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
