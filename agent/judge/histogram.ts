/**
 * A histogram with bounded memory: robust levels (median, quantile) of a slowly changing signal in plain,
 * bounded data. In: values with a weight in ms. Out: quantiles, interpolated within a bin.
 */

/** Weights of evenly spaced bins; values outside count in the outermost bin. */
export interface Histogram {
  readonly from: number;
  readonly binWidth: number;
  readonly weights: readonly number[];
  readonly total: number;
}

/** An empty histogram over [from, to). */
export function emptyHistogram(from: number, to: number, binWidth: number): Histogram {
  const bins = Math.round((to - from) / binWidth);
  return { from, binWidth, weights: new Array<number>(bins).fill(0), total: 0 };
}

/** Adds a value; once `memory` is full, old weights fade so that the total stays there. */
export function addSample(h: Histogram, value: number, weight: number, memory: number): Histogram {
  const bin = Math.min(h.weights.length - 1, Math.max(0, Math.floor((value - h.from) / h.binWidth)));
  const fade = h.total + weight > memory ? Math.max(0, memory - weight) / h.total : 1;
  const weights = fade < 1 ? h.weights.map((w) => w * fade) : h.weights.slice();
  weights[bin] = weights[bin]! + weight;
  return { ...h, weights, total: h.total * fade + weight };
}

/** The value below which share `p` (0-1) of the weight lies; `null` while empty. */
export function quantile(h: Histogram, p: number): number | null {
  if (h.total <= 0) return null;
  let left = p * h.total;
  for (const [bin, weight] of h.weights.entries()) {
    if (weight > 0 && left <= weight) return h.from + (bin + left / weight) * h.binWidth;
    left -= weight;
  }
  return h.from + h.weights.length * h.binWidth;
}
