/**
 * Scores of answers against labels. Shares are fractions 0-1, rounded to four digits.
 * The denominator is all rows that could be read: no answer is a wrong answer.
 */

/** One row that could be read. */
export interface Answered {
  readonly label: string;
  /** `null`: no face, no speech, eye not visible, not sure. */
  readonly answer: string | null;
}

export interface ClassScore {
  /** Rows with this label. */
  readonly n: number;
  readonly recall: number;
  /** 0 where it was never answered. */
  readonly precision: number;
  readonly f1: number;
  /** Of n: without an answer. */
  readonly undetected: number;
}

export interface Scores {
  readonly n: number;
  readonly undetected: number;
  readonly accuracy: number;
  /** Mean recall over the classes that occur in the labels. */
  readonly uar: number;
  /** Mean F1 over the same. */
  readonly macroF1: number;
  /** Only classes that occur in the labels. */
  readonly perClass: Readonly<Record<string, ClassScore>>;
  /** Rows: label; columns: answer. Rows without an answer are in no cell. */
  readonly confusion: { readonly labels: readonly string[]; readonly matrix: readonly (readonly number[])[] };
}

/** @param rows at least one */
export function scoreAnswers(rows: readonly Answered[], labels: readonly string[]): Scores {
  const matrix = labels.map((label) => {
    const answers = rows.filter((row) => row.label === label).map((row) => row.answer);
    return labels.map((answer) => answers.filter((found) => found === answer).length);
  });
  const occurring = labels.filter((label) => rows.some((row) => row.label === label));
  const classes = occurring.map(
    (label) => [label, scoreOf(label, rows, labels.indexOf(label), matrix)] as const,
  );
  const mean = (of: (score: ClassScore) => number) =>
    classes.reduce((sum, [, score]) => sum + of(score), 0) / classes.length;
  return {
    n: rows.length,
    undetected: rows.filter((row) => row.answer === null).length,
    accuracy: rounded(rows.filter((row) => row.answer === row.label).length / rows.length),
    uar: rounded(mean((score) => score.recall)),
    macroF1: rounded(mean((score) => score.f1)),
    perClass: Object.fromEntries(classes.map(([label, score]) => [label, roundedScore(score)])),
    confusion: { labels, matrix },
  };
}

function scoreOf(
  label: string,
  rows: readonly Answered[],
  index: number,
  matrix: readonly (readonly number[])[],
): ClassScore {
  const own = rows.filter((row) => row.label === label);
  const right = matrix[index]?.[index] ?? 0;
  const answered = matrix.reduce((sum, line) => sum + (line[index] ?? 0), 0);
  const recall = right / own.length;
  const precision = answered === 0 ? 0 : right / answered;
  const f1 = right === 0 ? 0 : (2 * recall * precision) / (recall + precision);
  return {
    n: own.length,
    recall,
    precision,
    f1,
    undetected: own.filter((row) => row.answer === null).length,
  };
}

const roundedScore = ({ n, recall, precision, f1, undetected }: ClassScore): ClassScore => ({
  n,
  recall: rounded(recall),
  precision: rounded(precision),
  f1: rounded(f1),
  undetected,
});

/** Share of the rows whose sex is known that were answered rightly; `null` where none is known. */
export function accuracyOf(rows: readonly Answered[]): number | null {
  if (rows.length === 0) return null;
  return rounded(rows.filter((row) => row.answer === row.label).length / rows.length);
}

/** The value below which `share` of the values lie (nearest rank); 0 without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
