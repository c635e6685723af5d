/**
 * What a value was seen to be over the calibration inputs, and the range that eight bits should span.
 * A narrow range cuts off the largest values, a wide one makes coarse steps: the methods weigh it differently.
 */

/** Ends of what is representable; always holds 0, as padding and ReLU need it exactly. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** All that was seen, its 99.99 or 99.9 %, or the range of least mean squared error. */
export const RANGE_METHODS = ['min-max', 'p99.99', 'p99.9', 'mse'] as const;
export type RangeMethod = (typeof RANGE_METHODS)[number];

/** How often values fell where: `counts[i]` in the i-th of equal bins between `low` and `high`. */
export interface Histogram extends Range {
  readonly counts: Float64Array;
}

export const BINS = 2048;
const STEPS = 255;

/** @returns the range that `method` chooses for what was seen */
export function rangeOf(seen: Histogram, method: RangeMethod): Range {
  if (method === 'min-max') return withZero(seen.low, seen.high);
  if (method === 'mse') return leastError(seen);
  return percentile(seen, Number(method.slice(1)) / 100);
}

const withZero = (low: number, high: number): Range => ({ low: Math.min(low, 0), high: Math.max(high, 0) });

/** The range that leaves half of what lies outside `share` away at each end that has values. */
function percentile(seen: Histogram, share: number): Range {
  const total = seen.counts.reduce((sum, count) => sum + count, 0);
  const ends = (seen.low < 0 ? 1 : 0) + (seen.high > 0 ? 1 : 0);
  const outside = (total * (1 - share)) / Math.max(1, ends);
  const width = (seen.high - seen.low) / BINS;
  const low = seen.low + width * binsWithin(seen.counts, outside);
  const high = seen.high - width * binsWithin(seen.counts.toReversed(), outside);
  return withZero(seen.low < 0 ? low : 0, seen.high > 0 ? high : 0);
}

/** How many bins from the start hold no more than `limit` values together. */
function binsWithin(counts: Float64Array, limit: number): number {
  let sum = 0;
  const index = counts.findIndex((count) => (sum += count) > limit);
  return index < 0 ? counts.length : index;
}

/** Shrinks each end in turn as long as the mean squared error of eight bits falls. */
function leastError(seen: Histogram): Range {
  let best = withZero(seen.low, seen.high);
  for (let round = 0; round < 2; round++) {
    best = shrink(best, 'high', seen);
    best = shrink(best, 'low', seen);
  }
  return best;
}

function shrink(from: Range, end: 'low' | 'high', seen: Histogram): Range {
  const full = withZero(seen.low, seen.high)[end];
  if (full === 0) return from;
  let best = from;
  let leastSoFar = squaredError(from, seen);
  for (let part = 0.2; part <= 1; part += 0.02) {
    const range = { ...from, [end]: full * part };
    const error = squaredError(range, seen);
    if (error < leastSoFar) [best, leastSoFar] = [range, error];
  }
  return best;
}

/** Sum over what was seen of (value - nearest representable)^2; within the range step^2 / 12 on average. */
function squaredError({ low, high }: Range, seen: Histogram): number {
  const width = (seen.high - seen.low) / BINS;
  const rounding = ((high - low) / STEPS) ** 2 / 12;
  return seen.counts.reduce((sum, count, bin) => {
    const value = seen.low + (bin + 0.5) * width;
    const cut = value > high ? value - high : value < low ? low - value : 0;
    return sum + count * (cut > 0 ? cut * cut : rounding);
  }, 0);
}
