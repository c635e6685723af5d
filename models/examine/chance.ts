/**
 * Could a count be chance? Exact binomial: `n` draws, each right with probability `share`.
 * Fractions 0-1.
 */

/** Both tails together: one honest run in a thousand is called wrong. */
const TAILS = 0.001;

/** @returns whether `right` of `n` lies within the central 99.9 % of what `share` gives */
export function isByChance(right: number, n: number, share: number): boolean {
  const [atMost, atLeast] = tails(right, n, share);
  return atMost > TAILS / 2 && atLeast > TAILS / 2;
}

/** Probability of `right` or fewer, and of `right` or more. */
export function tails(right: number, n: number, share: number): readonly [number, number] {
  let [atMost, atLeast] = [0, 0];
  for (let k = 0; k <= n; k++) {
    const p = probability(k, n, share);
    if (k <= right) atMost += p;
    if (k >= right) atLeast += p;
  }
  return [atMost, atLeast];
}

function probability(k: number, n: number, share: number): number {
  if (share <= 0) return k === 0 ? 1 : 0;
  if (share >= 1) return k === n ? 1 : 0;
  return Math.exp(logChoose(n, k) + k * Math.log(share) + (n - k) * Math.log(1 - share));
}

/** Natural logarithm of n over k. */
function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}
