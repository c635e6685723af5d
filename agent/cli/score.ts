/** `score OUT.jsonl EVENTS.csv`: what a replay found against what is known to have happened. */
import { readFileSync } from 'node:fs';
import { readFoundLines, readTruth } from '../replay/score-input.ts';
import { scoreKinds, type KindScore } from '../replay/score.ts';
import { openLines, readArguments, UsageError, type Command } from './command.ts';

export const command: Command = {
  summary: 'compare the lines of a replay with a list of true events: precision, recall, timing per kind',
  usage: ['score OUT.jsonl EVENTS.csv [--json OUT]   (EVENTS.csv: file,start_s,end_s,event,note)'],
  async run(argv) {
    const { values, positionals } = readArguments(argv, { json: { type: 'string' } });
    const [foundFile, truthFile, ...more] = positionals;
    if (foundFile === undefined || truthFile === undefined || more.length > 0) {
      throw new UsageError('name the lines of a replay and the list of true events');
    }
    const scores = scoreKinds(
      readFoundLines(text(foundFile), foundFile),
      readTruth(text(truthFile), truthFile),
    );
    if (values.json !== undefined) {
      const out = await openLines(values.json);
      out.line(
        JSON.stringify(Object.fromEntries(scores.map(({ kind, ...score }) => [kind, score])), null, 2),
      );
      await out.close();
    }
    const people = values.json === '-' ? process.stderr : process.stdout;
    people.write(`${table(scores)}\n`);
    return scores.every((score) => score.missed === 0 && score.falsePositives === 0) ? 0 : 1;
  },
};

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file}: cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`, {
      cause,
    });
  }
}

const HEAD = [
  'kind',
  'true',
  'found',
  'missed',
  'false',
  'precision',
  'recall',
  'start error s (median, max)',
  'alert after s',
];

function table(scores: readonly KindScore[]): string {
  const rows = [HEAD, ...scores.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cells(score: KindScore): string[] {
  const { startErrorS, alertDelayS } = score;
  return [
    score.kind,
    String(score.truths),
    String(score.found),
    String(score.missed),
    String(score.falsePositives),
    shown(score.precision, 3),
    shown(score.recall, 3),
    startErrorS === null ? '-' : `${startErrorS.median.toFixed(2)}, ${startErrorS.max.toFixed(2)}`,
    alertDelayS === null ? '-' : `${alertDelayS.median.toFixed(2)} (max ${alertDelayS.max.toFixed(2)})`,
  ];
}

const shown = (value: number | null, digits: number): string =>
  value === null ? '-' : value.toFixed(digits);
