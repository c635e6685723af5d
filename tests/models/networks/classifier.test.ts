/** From logits to probabilities. */
import { describe, expect, it } from 'vitest';
import type { Network } from '../../../models/engines/engine.ts';
import { createClassifier, likeliest, meanOf, softmax } from '../../../models/networks/classifier.ts';

const answering = (logits: number[]) =>
  ({
    inputNames: ['input'],
    outputNames: ['logits'],
    run: () => Promise.resolve({ logits: { data: Float32Array.from(logits), dims: [1, logits.length] } }),
  }) as unknown as Network;

describe('a classifier', () => {
  it('answers each head by itself', async () => {
    const heads = [
      { labels: ['a', 'b'], temperature: 1 },
      { labels: ['x', 'y', 'z'], temperature: 1 },
    ];
    const [first, second] = await createClassifier(answering([0, 0, 1, 1, 1]), [1, 4], heads).answer();
    expect(first).toEqual({ a: 0.5, b: 0.5 });
    expect(Object.values(second!)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });
  it('is less sure with a higher temperature, of the same answer', () => {
    const [plain, cooled] = [softmax([2, 0], 1), softmax([2, 0], 2)];
    expect(plain[0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 10);
    expect(cooled[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 10);
  });
  it('survives logits beyond the range of exp', () => {
    expect(softmax([1000, 0, -1000], 1)).toEqual([1, 0, 0]);
  });
  it('refuses a network with another number of logits', async () => {
    const classifier = createClassifier(answering([1, 2, 3]), [1], [{ labels: ['a', 'b'], temperature: 1 }]);
    await expect(classifier.answer()).rejects.toThrow(
      "network output 'logits' should hold 2 logits, found 3",
    );
  });
  it('averages answers, so that one sure window does not outvote many', () => {
    const mean = meanOf([
      { a: 1, b: 0 },
      { a: 0.2, b: 0.8 },
      { a: 0.2, b: 0.8 },
    ]);
    expect(mean['a']).toBeCloseTo(0.4667, 4);
    expect(likeliest(mean)).toBe('b');
  });
});
