/** What counts as chance when samples are scored again. */
import { expect, it } from 'vitest';
import { isByChance, tails } from '../../../models/examine/chance.ts';

it('sums the binomial exactly', () => {
  const [atMost, atLeast] = tails(3, 10, 0.5);
  expect(atMost).toBeCloseTo(176 / 1024, 10);
  expect(atLeast).toBeCloseTo(968 / 1024, 10);
});

it('takes what a fair draw gives for chance, and ten points less of 300 not', () => {
  expect(isByChance(204, 300, 0.68)).toBe(true);
  expect(isByChance(190, 300, 0.68)).toBe(true);
  expect(isByChance(174, 300, 0.68)).toBe(false);
});

it('finds answers that became better than they can be, too', () => {
  expect(isByChance(240, 300, 0.68)).toBe(false);
});

it('lets nothing pass beside a certainty', () => {
  expect(isByChance(300, 300, 1)).toBe(true);
  expect(isByChance(299, 300, 1)).toBe(false);
});
