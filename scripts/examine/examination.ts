/**
 * One network through all its exams, or through some of their rows.
 * Output: the entries of models/metrics/<name>.examined.json.
 */
import { calibrationError } from '../../models/examine/calibration-error.ts';
import type { Entry, Examined, Result } from '../../models/examine/examined.ts';
import { scoreAnswers } from '../../models/examine/score.ts';
import type { Precision, TrainedName } from '../../models/manifest.ts';
import { likeliest } from '../../models/networks/classifier.ts';
import { networkFile } from '../../models/network-file.ts';
import { answersOf, hashOf, inputsOf, type Input } from './answers.ts';
import type { Said } from './said.ts';
import { EXAMS, type Exam, type Question } from './exams.ts';
import { rowsOf, type Row } from './test-data.ts';

/** Rows with what the network takes of them. */
export interface Read {
  readonly rows: readonly Row[];
  readonly inputs: readonly Input[];
  readonly sha256: string;
}

/** Keeps what was read for the next network that is examined on the same. */
export type Reader = (name: TrainedName, exam: Exam) => Promise<Read>;

/** @param choose which rows of a split are read; left out = all */
export function createReader(choose: (rows: readonly Row[]) => readonly Row[] = (rows) => rows): Reader {
  const known = new Map<string, Read>();
  return async (name, exam) => {
    const as = name === 'voice-open' ? 'voice' : name === 'source-image' ? 'face-emotion' : name;
    const key = [as, exam.set, exam.split, exam.light, exam.carSnrDb].join();
    const found = known.get(key) ?? (await read(name, exam, choose(rowsOf(exam.set, exam.split))));
    known.set(key, found);
    return found;
  };
}

async function read(name: TrainedName, exam: Exam, rows: readonly Row[]): Promise<Read> {
  const inputs = await inputsOf(name, exam, rows);
  return { rows, inputs, sha256: hashOf(rows, inputs) };
}

/** @param say told what is examined */
export async function examine(
  name: TrainedName,
  precisions: readonly Precision[],
  reader: Reader,
  say: (line: string) => void,
): Promise<Examined> {
  const models: Partial<Record<Precision, string>> = {};
  for (const precision of precisions) models[precision] = (await networkFile(name, { precision })).sha256;
  const entries: Entry[] = [];
  for (const exam of EXAMS[name]) {
    const asked = await reader(name, exam);
    say(`${name}: ${exam.questions[0]!.on}, ${asked.rows.length} files`);
    const said: Partial<Record<Precision, Said[]>> = {};
    for (const precision of precisions) said[precision] = await answersOf(name, precision, asked.inputs);
    for (const question of exam.questions) entries.push(entryOf(exam, question, asked, said));
  }
  return { network: name, command: `npm run examine -- ${name} --write`, models, entries };
}

function entryOf(
  { set, split }: Exam,
  question: Question,
  { rows, sha256 }: Read,
  said: Readonly<Partial<Record<Precision, readonly Said[]>>>,
): Entry {
  const scored = Object.entries(said).map(([precision, answers]) => [
    precision,
    scoresOf(question, rows, answers),
  ]);
  const n = rows.filter(({ columns }) => counts(question, columns)).length;
  return { on: question.on, n, data: { set, split, sha256 }, ...Object.fromEntries(scored) } as Entry;
}

const counts = ({ where, column, labels }: Question, columns: Row['columns']): boolean =>
  labels.includes(columns[column] ?? '') && (where?.(columns) ?? true);

/** @param said answers to the rows, in their order */
export function scoresOf(question: Question, rows: readonly Row[], said: readonly Said[]): Result {
  const answered = rows.flatMap(({ columns }, i) => {
    if (!counts(question, columns)) return [];
    const probabilities = said[i]![question.head] ?? null;
    const answer = probabilities === null ? null : likeliest(probabilities);
    const confidence = answer === null ? 0 : probabilities![answer]!;
    return [{ label: columns[question.column]!, answer, confidence }];
  });
  const { accuracy, uar, macroF1, undetected, perClass } = scoreAnswers(answered, question.labels);
  const sure = answered
    .filter(({ answer }) => answer !== null)
    .map(({ label, answer, confidence }) => ({ right: label === answer, confidence }));
  const recall = Object.fromEntries(Object.entries(perClass).map(([label, found]) => [label, found.recall]));
  const error = Math.round(calibrationError(sure) * 1e4) / 1e4;
  return { accuracy, uar, macroF1, undetected, calibrationError: error, recall };
}
