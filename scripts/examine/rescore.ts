/**
 * A few hundred rows of a network's first test split, answered again by its shipped file.
 * Output: how many are right beside what is stored of the whole split, so that a network, its preprocessing or
 * its data that changed unnoticed is found in seconds.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { readStored } from '../../models/examine/stored.ts';
import type { TrainedName } from '../../models/manifest.ts';
import { answersOf } from './answers.ts';
import { EXAMS } from './exams.ts';
import { createReader, scoresOf, type Reader } from './examination.ts';
import type { Row } from './test-data.ts';

export interface Rescored {
  readonly on: string;
  readonly n: number;
  readonly right: number;
  /** Stored accuracy of the same file on the whole split. */
  readonly share: number;
}

/** Always the same rows: those whose names have the smallest hashes. */
export function chosenRows(rows: readonly Row[], count: number): Row[] {
  const keyed = rows.map((row) => ({ row, key: hashOf(basename(row.file)) }));
  return keyed
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, count)
    .map(({ row }) => row);
}

const hashOf = (name: string): string => createHash('sha256').update(name).digest('hex');

/** Reads `count` rows of each split. */
export const createSampleReader = (count: number): Reader => createReader((rows) => chosenRows(rows, count));

/** @throws Error with one sentence when the shipped file was not examined */
export async function rescore(name: TrainedName, reader: Reader): Promise<Rescored> {
  const { examined, int8 } = readStored(name);
  const precision = int8 === null ? 'fp32' : 'int8';
  const exam = EXAMS[name][0]!;
  const question = exam.questions[0]!;
  const stored = examined?.entries.find(({ on }) => on === question.on)?.[precision];
  if (stored === undefined) {
    throw new Error(`${name} was not examined on ${question.on}; run 'npm run examine -- ${name} --write'`);
  }
  const { rows, inputs } = await reader(name, exam);
  const { accuracy } = scoresOf(question, rows, await answersOf(name, precision, inputs));
  const n = rows.length;
  return { on: question.on, n, right: Math.round(accuracy * n), share: stored.accuracy };
}
