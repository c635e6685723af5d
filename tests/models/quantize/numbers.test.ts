import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreement, answer, divergence, pairedChange } from '../../../models/quantize/compare.ts';
import { BINS, RANGE_METHODS, rangeOf } from '../../../models/quantize/ranges.ts';
import { RECIPES } from '../../../models/quantize/recipes.ts';
import { fairQuota, spread } from '../../../models/quantize/tables.ts';
import { leastScale, valueScale, wholeBias, wholeWeights } from '../../../models/quantize/weights.ts';
import { HEADS } from './tiny.ts';

/** 9,999 values between 0 and 1 and one at 10. */
function withOutlier() {
  const counts = new Float64Array(BINS);
  for (let i = 0; i < 9999; i++) counts[Math.floor((i / 9999 / 10) * BINS)]!++;
  counts[BINS - 1]!++;
  return { low: 0, high: 10, counts };
}

describe('ranges', () => {
  it('span all by min-max, and cut off the rare outlier by percentile and by least error', () => {
    expect(rangeOf(withOutlier(), 'min-max')).toEqual({ low: 0, high: 10 });
    expect(rangeOf(withOutlier(), 'p99.9').high).toBeCloseTo(1, 1);
    expect(rangeOf(withOutlier(), 'mse').high).toBeLessThan(10);
  });

  it('always hold zero and never more than was seen', () => {
    const seen = fc.record({
      low: fc.double({ min: -100, max: 50, noNaN: true }),
      high: fc.double({ min: 51, max: 200, noNaN: true }),
      counts: fc
        .array(fc.nat(50), { minLength: BINS, maxLength: BINS })
        .map((counts) => Float64Array.from(counts)),
    });
    fc.assert(
      fc.property(seen, fc.constantFrom(...RANGE_METHODS), (histogram, method) => {
        const { low, high } = rangeOf(histogram, method);
        expect(low).toBeLessThanOrEqual(0);
        expect(low).toBeGreaterThanOrEqual(Math.min(0, histogram.low) - 1e-9);
        expect(high).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(histogram.high + 1e-9);
      }),
      { numRuns: 20 },
    );
  });
});

describe('whole numbers', () => {
  it('represent zero exactly and both ends within a step', () => {
    for (const range of [
      { low: 0, high: 6 },
      { low: -3, high: 5 },
      { low: -2, high: 0 },
    ]) {
      const { scale, zero } = valueScale(range);
      expect(Number.isInteger(zero)).toBe(true);
      expect((0 - zero) * scale).toBeGreaterThanOrEqual(range.low - scale);
      expect((255 - zero) * scale).toBeLessThanOrEqual(range.high + scale);
    }
  });

  it('differ from the weights by half a step at most', () => {
    const data = Float32Array.of(0.3, -0.5, 0.01, 100, -3, 70);
    const { data: whole, scales } = wholeWeights({ dims: [2, 3], data }, () => 0);
    for (const [i, value] of data.entries()) {
      const scale = scales[Math.floor(i / 3)]!;
      expect(Math.abs(whole[i]! * scale - value)).toBeLessThanOrEqual(scale / 2 + 1e-6);
    }
  });

  it('leave room for the bias of a channel whose weights are nearly nothing', () => {
    const bias = Float32Array.of(5);
    const { scales } = wholeWeights({ dims: [1, 1], data: Float32Array.of(1e-12) }, () =>
      leastScale(5, 0.01),
    );
    const [whole] = wholeBias(bias, 0.01, scales);
    expect(whole! * 0.01 * scales[0]!).toBeCloseTo(5, 5);
  });
});

describe('comparing', () => {
  const head = HEADS[0]!;
  const [a, b] = [Float32Array.of(3, 1, 2), Float32Array.of(1, 3, 2)];

  it('counts equal answers and measures how far apart the others are', () => {
    expect(answer(b, head)).toBe(1);
    expect(agreement([a, b], [a, a], head)).toBe(0.5);
    expect(divergence([a, b], [a, b], head)).toBeCloseTo(0, 12);
    expect(divergence([a], [b], head)).toBeGreaterThan(0.5);
  });

  it('gives the paired change an interval that holds it, and is not certain after few samples', () => {
    const before = Array.from({ length: 100 }, (_, i) => i < 80);
    const after = before.map((right, i) => (i === 0 ? false : i > 96 ? true : right));
    const { change, interval95 } = pairedChange(before, after);
    expect(change).toBeCloseTo(0.02, 10);
    expect(interval95[0]).toBeLessThan(0);
    expect(interval95[1]).toBeGreaterThan(0.04);
    const [low, high] = pairedChange(before, before).interval95;
    expect(high - low).toBeGreaterThan(0.01);
  });
});

describe('which samples', () => {
  it('calibrates on training splits alone, never on the Kaggle eyes, and compares on none of them', () => {
    for (const { calibration, comparison } of Object.values(RECIPES)) {
      expect(calibration.flatMap(({ splits }) => splits)).toEqual(calibration.map(() => 'train'));
      expect(calibration.map(({ set }) => set)).not.toContain('kaggle-eyes');
      expect(comparison.flatMap(({ splits }) => splits)).not.toContain('train');
    }
  });

  it('takes small sets whole and shares the rest, evenly over each', () => {
    expect(fairQuota([10, 100, 1000], 310)).toBe(200);
    expect(spread([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toEqual([0, 2, 4, 6, 8]);
    expect(spread([1, 2], 5)).toEqual([1, 2]);
  });
});
