/**
 * From a filled input to probabilities: what all networks of ours have in common.
 * Heads lie side by side in the output `logits`; each is a question of its own.
 */
import { floatsOf, type Network } from '../engines/engine.ts';

/** One question: its answers in the order of the logits. */
export interface Head<Label extends string = string> {
  readonly labels: readonly Label[];
  /** Logits are divided by it. */
  readonly temperature: number;
}

/** Probability of each label, sum 1, in the order of the labels. */
export type Probabilities<Label extends string = string> = Readonly<Record<Label, number>>;

/** Owns the tensor that it feeds. */
export interface Classifier {
  /** To be filled before `answer`. */
  readonly input: Float32Array;
  /** Probabilities of each head, in the order of the heads. One call at a time. */
  answer(): Promise<readonly Probabilities[]>;
}

/** @param dims shape of the input, e.g. [1, 1, 48, 48] */
export function createClassifier(
  network: Network,
  dims: readonly number[],
  heads: readonly Head[],
): Classifier {
  const input = new Float32Array(dims.reduce((product, size) => product * size, 1));
  const feeds = { [network.inputNames[0] ?? 'input']: { data: input, dims } };
  const output = network.outputNames[0] ?? 'logits';
  const wanted = heads.reduce((sum, { labels }) => sum + labels.length, 0);
  return {
    input,
    async answer() {
      const logits = floatsOf(await network.run(feeds), output);
      if (logits.length !== wanted) {
        throw new Error(`network output '${output}' should hold ${wanted} logits, found ${logits.length}`);
      }
      let from = 0;
      return heads.map((head) => {
        const own = logits.subarray(from, (from += head.labels.length));
        return named(head.labels, softmax(own, head.temperature));
      });
    },
  };
}

/** exp(x / t) / sum, without overflow. */
export function softmax(logits: ArrayLike<number>, temperature: number): number[] {
  const values = Array.from(logits, (logit) => logit / temperature);
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Numbers by label. */
export const named = <Label extends string>(
  labels: readonly Label[],
  values: readonly number[],
): Probabilities<Label> =>
  Object.fromEntries(labels.map((label, i) => [label, values[i] ?? 0])) as Record<Label, number>;

/** The label with the greatest probability; the first of equals. */
export function likeliest<Label extends string>(probabilities: Probabilities<Label>): Label {
  const entries = Object.entries(probabilities) as [Label, number][];
  return entries.reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** Mean over several answers to the same question. @param answers at least one */
export function meanOf<Label extends string>(answers: readonly Probabilities<Label>[]): Probabilities<Label> {
  const labels = Object.keys(answers[0] ?? {}) as Label[];
  return named(
    labels,
    labels.map((label) => answers.reduce((sum, answer) => sum + answer[label], 0) / answers.length),
  );
}
