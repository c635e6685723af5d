/**
 * One network against a table of labelled files.
 * Input: rows, where the files lie, who answers. Output: the scores as `evaluate --json` writes them.
 */
import { resolve } from 'node:path';
import {
  accuracyOf,
  percentile,
  scoreAnswers,
  type Answered,
  type Scores,
} from '../../models/examine/score.ts';
import type { LabelledFile } from '../../models/examine/labels-table.ts';
import { EMOTIONS, SEXES } from '../../models/preprocess/constants.ts';
import type { TaskName } from './choose.ts';
import { UnreadableFile } from './picture-file.ts';

/** Labels that a table of the task may hold; `uar` and confusion are in their order. */
export const LABELS_OF: Readonly<Record<TaskName, readonly string[]>> = {
  'face-emotion': EMOTIONS,
  'face-sex': SEXES,
  eyes: ['open', 'closed'],
  yawn: ['yawn', 'no_yawn'],
  voice: EMOTIONS,
};

/** What is said about one file. */
export interface FileAnswer {
  /** `null`: no face, no speech, eye not visible. */
  readonly answer: string | null;
  /** Only voices: `null` = no speech. */
  readonly sex?: string | null;
  /** From the decoded file to the answer. */
  readonly latencyMs: number;
}

/** Answers about files. */
export interface Examinee {
  /** @throws UnreadableFile in one sentence when the file is at fault */
  answer(file: string): Promise<FileAnswer>;
  close(): Promise<void>;
}

export interface Model {
  readonly name: string;
  readonly precision: 'int8' | 'fp32';
  readonly sha256: string;
}

/** `evaluate --json`. */
export interface Evaluation extends Scores {
  readonly task: TaskName;
  readonly unreadable: number;
  readonly sexAccuracy?: number;
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  readonly model: Model;
}

export interface EvaluateOptions {
  readonly task: TaskName;
  readonly rows: readonly LabelledFile[];
  /** Folder that the rows' files are relative to. */
  readonly root: string;
  readonly examinee: Examinee;
  readonly model: Model;
  readonly onRow?: () => void;
  /** One sentence per file that cannot be read. */
  readonly onUnreadable?: (reason: string) => void;
}

/** @throws Error when not one file could be read */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { task, rows, root, examinee, model } = options;
  const answered: Answered[] = [];
  const sexes: Answered[] = [];
  const latencies: number[] = [];
  for (const { file, label, sex } of rows) {
    const found = await answerOrFault(examinee, resolve(root, file));
    options.onRow?.();
    if (typeof found === 'string') {
      options.onUnreadable?.(found);
      continue;
    }
    answered.push({ label, answer: found.answer });
    if (sex !== null && found.sex !== undefined) sexes.push({ label: sex, answer: found.sex });
    latencies.push(found.latencyMs);
  }
  if (answered.length === 0) throw new Error(`none of the ${rows.length} files under ${root} can be read`);
  const sexAccuracy = accuracyOf(sexes);
  const { n, undetected, ...scores } = scoreAnswers(answered, LABELS_OF[task]);
  return {
    task,
    n,
    undetected,
    unreadable: rows.length - answered.length,
    ...scores,
    ...(sexAccuracy === null ? {} : { sexAccuracy }),
    latencyMs: {
      p50: inHundredths(percentile(latencies, 0.5)),
      p95: inHundredths(percentile(latencies, 0.95)),
    },
    model,
  };
}

/** @returns the answer, or why there is none because of the file */
async function answerOrFault(examinee: Examinee, file: string): Promise<FileAnswer | string> {
  try {
    return await examinee.answer(file);
  } catch (error) {
    if (error instanceof UnreadableFile) return error.message;
    throw error;
  }
}

const inHundredths = (ms: number): number => Math.round(ms * 100) / 100;
