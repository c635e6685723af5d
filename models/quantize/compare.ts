/**
 * How far the INT8 network's answers are from those of its fp32 original: agreement, divergence, and what it
 * means for accuracy. Shares are fractions 0-1.
 */
import type { Head } from './recipes.ts';

/** Logits of one input. */
export type Logits = Float32Array;

/** A difference with the interval that holds the true one in 95 of 100 cases. */
export interface Change {
  readonly change: number;
  readonly interval95: readonly [number, number];
}

/** Number of the largest logit of a head. */
export function answer(logits: Logits, { first, labels }: Pick<Head, 'first' | 'labels'>): number {
  const own = logits.subarray(first, first + labels.length);
  return own.indexOf(Math.max(...own));
}

/** Share of inputs to which both give the same answer. */
export function agreement(ours: readonly Logits[], theirs: readonly Logits[], head: Head): number {
  return ours.filter((logits, i) => answer(logits, head) === answer(theirs[i]!, head)).length / ours.length;
}

/** Mean Kullback-Leibler divergence of a head's probabilities from `reference`, in nats. */
export function divergence(reference: readonly Logits[], other: readonly Logits[], head: Head): number {
  const sum = reference.reduce((total, logits, i) => {
    const [p, q] = [logProbabilities(logits, head), logProbabilities(other[i]!, head)];
    return total + p.reduce((nats, logP, k) => nats + Math.exp(logP) * (logP - q[k]!), 0);
  }, 0);
  return sum / reference.length;
}

function logProbabilities(logits: Logits, { first, labels }: Head): number[] {
  const own = [...logits.subarray(first, first + labels.length)];
  const largest = Math.max(...own);
  const norm = largest + Math.log(own.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  return own.map((logit) => logit - norm);
}

/**
 * Change of accuracy on the same samples (`after` less `before`). Interval: Wald's for paired shares with half
 * a sample added to each cell (Agresti and Min 2005, doi 10.1002/sim.1781), which holds for few differences too.
 * @param before @param after was each sample answered rightly?
 */
export function pairedChange(before: readonly boolean[], after: readonly boolean[]): Change {
  const gained = after.filter((right, i) => right && !before[i]).length;
  const lost = before.filter((right, i) => right && !after[i]).length;
  const n = before.length + 2;
  const middle = (gained - lost) / n;
  const reach = (1.959964 * Math.sqrt(gained + lost + 1 - (gained - lost) ** 2 / n)) / n;
  return { change: (gained - lost) / before.length, interval95: [middle - reach, middle + reach] };
}
