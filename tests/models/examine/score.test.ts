/** Scores: what counts as right, wrong and no answer. */
import { describe, expect, it } from 'vitest';
import { percentile, scoreAnswers } from '../../../models/examine/score.ts';

const LABELS = ['a', 'b', 'c'];
/** "label>answer", "-" = no answer. */
const rows = (text: string) =>
  text.split(' ').map((pair) => {
    const [label = '', answer = ''] = pair.split('>');
    return { label, answer: answer === '-' ? null : answer };
  });

describe('scores', () => {
  it('counts a row without an answer as a wrong one', () => {
    const found = scoreAnswers(rows('a>a a>- b>b b>b'), LABELS);
    expect(found).toMatchObject({ n: 4, undetected: 1, accuracy: 0.75 });
    expect(found.perClass['a']).toEqual({ n: 2, recall: 0.5, precision: 1, f1: 0.6667, undetected: 1 });
  });
  it('averages over the classes that occur in the labels, whatever was answered', () => {
    const found = scoreAnswers(rows('a>a a>c b>b b>a'), LABELS);
    expect(Object.keys(found.perClass)).toEqual(['a', 'b']);
    expect(found.uar).toBe(0.5);
    expect(found.macroF1).toBeCloseTo((0.5 + 2 / 3) / 2, 4);
  });
  it('does not let a common class hide a rare one in the mean recall', () => {
    const found = scoreAnswers(rows('a>a a>a a>a a>a a>a a>a a>a a>a a>a b>a'), LABELS);
    expect(found).toMatchObject({ accuracy: 0.9, uar: 0.5 });
  });
  it('keeps labels in rows and answers in columns of the confusion', () => {
    const { confusion } = scoreAnswers(rows('a>b a>b a>a c>a b>-'), LABELS);
    expect(confusion).toEqual({
      labels: LABELS,
      matrix: [
        [1, 2, 0],
        [0, 0, 0],
        [1, 0, 0],
      ],
    });
  });
  it('gives a class that is never answered rightly an F1 of 0, not NaN', () => {
    expect(scoreAnswers(rows('a>b b>a'), LABELS)).toMatchObject({ uar: 0, macroF1: 0 });
  });
  it('takes percentiles by the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([percentile(values, 0.5), percentile(values, 0.95), percentile([7], 0.95)]).toEqual([50, 95, 7]);
  });
});
