/** `evaluate TASK --labels FILE.csv --root DIR`: a network against labelled files. */
import { readFileSync, statSync } from 'node:fs';
import cliProgress from 'cli-progress';
import { loadConfig } from '../../config/load.ts';
import { createEngines } from '../../models/engines/load.ts';
import { readLabels, type LabelledFile } from '../../models/examine/labels-table.ts';
import { DEFAULT_MODELS_FOLDER } from '../../models/prepare.ts';
import { chooseNetwork, TASKS, type Chosen, type TaskName } from '../examine/choose.ts';
import { evaluate, LABELS_OF, type Evaluation, type Examinee } from '../examine/evaluate.ts';
import {
  openCropExaminee,
  openFaceExaminee,
  openVoiceExaminee,
  type Surroundings,
} from '../examine/examinees.ts';
import type { EmotionHead } from '../examine/lookers.ts';
import { evaluationInWords } from '../examine/words.ts';
import { openLines, readArguments, UsageError, type Command } from './command.ts';

const OPTIONS = {
  labels: { type: 'string' },
  root: { type: 'string' },
  cropped: { type: 'boolean' },
  model: { type: 'string' },
  head: { type: 'string' },
  json: { type: 'string' },
} as const;
const HEADS: readonly EmotionHead[] = ['fer', 'ferplus'];

export const command: Command = {
  summary: 'score a network on labelled pictures or recordings',
  usage: [
    `evaluate ${TASKS.join('|')} --labels FILE.csv --root DIR`,
    '         [--cropped] [--model NAME|FILE] [--head fer|ferplus] [--json FILE]',
    ' FILE.csv: file,label (+ speaker, sex), files relative to DIR; --cropped: pictures are crops already',
  ],
  async run(argv) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const task = taskIn(positionals);
    const head = headIn(values.head, task, values.model);
    if (values.cropped === true && task === 'voice') throw new UsageError('--cropped is for pictures');
    const root = folderIn(values.root);
    const rows = rowsOf(values.labels, task);
    const { config } = loadConfig();
    const chosen = await chooseNetwork(task, values.model);
    const around = {
      engines: createEngines(config.models),
      folder: config.models.folder ?? DEFAULT_MODELS_FOLDER,
      perceive: config.perceive,
    };
    const out = values.json === undefined ? null : await openLines(values.json);
    const examinee = await examineeOf(task, chosen, head, values.cropped === true, around);
    const found = await withProgress({ task, rows, root, chosen, examinee });
    out?.line(JSON.stringify(found, null, 1));
    await out?.close();
    const people = values.json === '-' ? process.stderr : process.stdout;
    people.write(`${evaluationInWords(found)}\n`);
    return 0;
  },
};

function taskIn([given, ...more]: readonly string[]): TaskName {
  const task = TASKS.find((name) => name === given);
  if (task === undefined || more.length > 0) throw new UsageError(`name one of ${TASKS.join(', ')}`);
  return task;
}

function headIn(given: string | undefined, task: TaskName, model: string | undefined): EmotionHead {
  if (given === undefined) return 'ferplus';
  const head = HEADS.find((name) => name === given);
  if (head === undefined) throw new UsageError(`--head: found "${given}", wanted ${HEADS.join(' or ')}`);
  if (task !== 'face-emotion' || model === 'source-image') {
    throw new UsageError('--head: only the network face-emotion has two');
  }
  return head;
}

function folderIn(root: string | undefined): string {
  if (root === undefined) throw new UsageError('--root is missing: the folder that the files lie in');
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Error(`--root: ${root} is no folder`);
  }
  return root;
}

function rowsOf(file: string | undefined, task: TaskName): LabelledFile[] {
  if (file === undefined) throw new UsageError('--labels is missing: a table with the columns file,label');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Error(`--labels: ${file} cannot be read (${code})`, { cause });
  }
  return readLabels(text, file, LABELS_OF[task]);
}

function examineeOf(
  task: TaskName,
  chosen: Chosen,
  head: EmotionHead,
  cropped: boolean,
  around: Surroundings,
): Promise<Examinee> {
  if (task === 'voice') return openVoiceExaminee(chosen, around);
  return cropped ? openCropExaminee(chosen, head, around) : openFaceExaminee(chosen, head, around);
}

interface Run {
  readonly task: TaskName;
  readonly rows: readonly LabelledFile[];
  readonly root: string;
  readonly chosen: Chosen;
  readonly examinee: Examinee;
}

async function withProgress({ chosen, examinee, ...run }: Run): Promise<Evaluation> {
  const bar = new cliProgress.SingleBar({
    format: `${run.task} {bar} {value} of {total} | {eta_formatted} left`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  const unreadable: string[] = [];
  const { precision, sha256 } = chosen.file;
  bar.start(run.rows.length, 0);
  try {
    return await evaluate({
      ...run,
      examinee,
      model: { name: chosen.name, precision, sha256 },
      onRow: () => bar.increment(),
      onUnreadable: (reason) => void unreadable.push(reason),
    });
  } finally {
    bar.stop();
    for (const reason of unreadable) process.stderr.write(`cabinwatch evaluate: ${reason}\n`);
    await examinee.close();
  }
}
