import { describe, expect, it } from 'vitest';
import { addSample, emptyHistogram, quantile } from '../../agent/judge/histogram.ts';

const FOREVER = 1e9;
const filled = (values: readonly number[], memory = FOREVER) =>
  values.reduce((h, value) => addSample(h, value, 1, memory), emptyHistogram(0, 10, 0.5));

describe('a histogram', () => {
  it('knows nothing while empty', () => {
    expect(quantile(emptyHistogram(0, 10, 1), 0.5)).toBeNull();
  });

  it('gives quantiles within a bin of the true ones', () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index % 100) / 10);
    expect(quantile(filled(values), 0.5)).toBeCloseTo(5, 1);
    expect(quantile(filled(values), 0.9)).toBeCloseTo(9, 1);
    expect(quantile(filled(values), 0.05)).toBeCloseTo(0.5, 1);
  });

  it('does not let outliers move the median', () => {
    const values = [...Array.from({ length: 80 }, () => 3.2), ...Array.from({ length: 20 }, () => 9.9)];
    expect(quantile(filled(values), 0.5)).toBeGreaterThan(3);
    expect(quantile(filled(values), 0.5)).toBeLessThan(3.5);
  });

  it('counts what lies outside in the outermost bins', () => {
    expect(quantile(filled([-5, -5, -5]), 0.5)).toBeCloseTo(0.25);
    expect(quantile(filled([50, 50, 50]), 0.5)).toBeCloseTo(9.75);
  });

  it('forgets: once its memory is full the newest values win in the end', () => {
    const old = Array.from({ length: 100 }, () => 2.2);
    const young = Array.from({ length: 300 }, () => 7.2);
    const forgetful = filled([...old, ...young], 50);
    expect(forgetful.total).toBeCloseTo(50);
    expect(quantile(forgetful, 0.5)).toBeGreaterThan(7);
    expect(quantile(filled([...old, ...young.slice(0, 50)]), 0.5)).toBeLessThan(3);
  });

  it('keeps its size', () => {
    expect(filled(Array.from({ length: 500 }, (_, i) => i % 12)).weights).toHaveLength(20);
  });
});

describe('the bins of a histogram', () => {
  it('span its range', () => {
    expect(emptyHistogram(10, 20, 0.5).weights).toHaveLength(20);
  });

  it('that are empty hold no quantile', () => {
    expect(quantile(filled([5]), 0)).toBe(5);
    expect(quantile(filled([2.2, 7.2]), 0.5)).toBe(2.5);
  });

  it('end the range, whatever rounding leaves over', () => {
    expect(quantile({ from: 3, binWidth: 0.5, weights: [1, 1], total: 2.001 }, 1)).toBe(4);
  });
});
