/**
 * models/metrics/<name>.examined.json: scores of a network's two files on splits that trained nothing, bound by
 * SHA-256 to both files and to the data. Written by `npm run examine -- --write`; shares are fractions 0-1.
 */
import type { Precision } from '../manifest.ts';

/** Scores of one file on one question. */
export interface Result {
  readonly accuracy: number;
  readonly uar: number;
  readonly macroF1: number;
  /** Rows without an answer; they count as wrong. */
  readonly undetected: number;
  /** Of the answers given, after the temperature. */
  readonly calibrationError: number;
  /** By label. */
  readonly recall: Readonly<Record<string, number>>;
}

export interface Entry {
  readonly on: string;
  readonly n: number;
  /** Of labels and files, in order. */
  readonly data: { readonly set: string; readonly split: string; readonly sha256: string };
  readonly fp32?: Result;
  readonly int8?: Result;
}

export interface Examined {
  readonly network: string;
  readonly command: string;
  /** SHA-256 of the files that answered. */
  readonly models: Readonly<Partial<Record<Precision, string>>>;
  readonly entries: readonly Entry[];
}

/** A number of a result by its name: accuracy, uar, macroF1, calibrationError, or `recall LABEL`. */
export function measureOf(result: Result, measure: string): number {
  const label = /^recall (.+)$/.exec(measure)?.[1];
  const found = label === undefined ? result[measure as 'accuracy'] : result.recall[label];
  if (typeof found !== 'number') throw new Error(`results have no measure '${measure}'`);
  return found;
}
