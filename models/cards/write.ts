/**
 * The model cards: `node models/cards/write.ts [--check]`.
 * Input: what was measured (models/metrics), the networks themselves, and facts.json, which says what no measurement
 * says and holds no number. Output: models/cards/<network>.md; --check fails where one is not up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { measureOf } from '../examine/examined.ts';
import { readStored, type Stored } from '../examine/stored.ts';
import { INT8_TARGETS, networkRow, OURS, scoreRows } from '../examine/table.ts';
import { scoresInWords, shortfalls } from '../examine/table-text.ts';
import { TRAINED, type TrainedName } from '../manifest.ts';
import { weightsFile } from '../network-file.ts';
import { readGraph } from '../quantize/onnx-file.ts';
import { drawing } from './drawing.ts';
import facts from './facts.json' with { type: 'json' };
import { dataTable, trainingTables } from './training-scores.ts';

const HOME = resolve(import.meta.dirname, '..');

/** The whole card, or `null` for a network that was not trained yet. The licence's consequence is its first line. */
export function cardOf(name: TrainedName): string | null {
  const stored = readStored(name);
  const { trained } = stored;
  if (trained === null) return null;
  const { licence, purpose, failures } = facts[name];
  const lines = [
    licence,
    `# ${name}`,
    purpose,
    particulars(stored),
    fenced(drawing(readGraph(readFileSync(weightsFile(name, 'fp32')), name))),
    '## Data',
    dataTable(trained),
    ...(typeof trained['notes'] === 'string' ? [trained['notes']] : []),
    '## Results',
    ...results(stored),
    '## INT8',
    int8Words(stored),
    '## Scores of the training',
    'By PyTorch on the fp32 network when its training ended; calibration error before the temperature.',
    ...trainingTables(trained.scores),
    '## Known failures',
    failures.map((failure) => `- ${failure}`).join('\n'),
  ];
  return `${lines.join('\n\n')}\n`;
}

function particulars({ name, trained, int8 }: Stored): string {
  const { weights, training, seed, temperature } = trained!;
  const { command, epochs, bestEpoch, spentS, torch } = training as Record<string, string | number>;
  const file = (found: { file: string; bytes: number; sha256: string }): string =>
    `\`${found.file}\`, ${(found.bytes / 1e6).toFixed(2)} MB, sha256 \`${found.sha256.slice(0, 16)}\``;
  const ports = (which: 'inputs' | 'outputs'): string =>
    TRAINED[name][which].map(({ dims, meaning }) => `[${dims.join(', ')}] ${meaning}`).join('; ');
  return [
    `- In: ${ports('inputs')}`,
    `- Out: ${ports('outputs')}`,
    `- Parameters: ${weights.parameters.toLocaleString('en')}`,
    `- fp32: ${file(weights)}`,
    ...(int8 === null ? [] : [`- INT8 (shipped): ${file(int8.weights)}`]),
    `- Trained: \`${command}\`, seed ${String(seed)}, ${epochs} epochs in ${(Number(spentS) / 60).toFixed(0)} min, ` +
      `best epoch ${bestEpoch}, torch ${torch}`,
    ...(temperature === undefined ? [] : [`- Temperature (validation): ${JSON.stringify(temperature)}`]),
  ].join('\n');
}

function results(stored: Stored): string[] {
  const rows = scoreRows([stored], HOME);
  return [
    'On data that trained nothing, by the same TypeScript as in the product: no answer is a wrong answer, ' +
      'calibration error after the temperature. UAR, macro F1, calibration and recalls are those of the shipped file.',
    examinedTable(stored),
    ...(rows.length > 0
      ? ['Against what was to be reached, in percent:', fenced(scoresInWords(rows).split('\n'))]
      : []),
  ];
}

/** Single classes only where there are seven at most. */
function examinedTable({ examined }: Stored): string {
  if (examined === null) return 'Not examined yet.';
  const share = (value: number | undefined): string => value?.toFixed(3) ?? '';
  const rows = examined.entries.map(({ on, n, fp32, int8 }) => {
    const shipped = int8 ?? fp32!;
    const recalls = Object.keys(shipped.recall).map(
      (label) => `${label} ${measureOf(shipped, `recall ${label}`).toFixed(2)}`,
    );
    const scores = [shipped.uar, shipped.macroF1].map(share);
    const sure = [String(shipped.undetected), share(shipped.calibrationError)];
    return [
      on,
      String(n),
      share(fp32?.accuracy),
      share(int8?.accuracy),
      ...scores,
      ...sure,
      recalls.join(', '),
    ];
  });
  const head = [
    'on',
    'n',
    'accuracy fp32',
    'INT8',
    'UAR',
    'macro F1',
    'no answer',
    'calibration error',
    'recall',
  ];
  return markdown(head, rows, 1);
}

function int8Words(stored: Stored): string {
  const { int8 } = stored;
  if (int8 === null) return 'Not quantized.';
  const row = networkRow(stored);
  const { comparison, speed } = int8;
  const share = (value: number): string => (value * 100).toFixed(2);
  const table = markdown(
    ['head', 'agreement with fp32 %', 'accuracy change, points', '95 % interval'],
    row.heads.map(({ head, agreement, change, interval95 }) => [
      head,
      share(agreement),
      change === null ? '' : share(change),
      interval95 === null ? '' : interval95.map(share).join(' .. '),
    ]),
    1,
  );
  const ms = `${speed.fp32.leastMs.toFixed(3)} ms in fp32, ${speed.int8.leastMs.toFixed(3)} ms in INT8`;
  const median = `${speed.fp32.medianMs.toFixed(3)} and ${speed.int8.medianMs.toFixed(3)}`;
  const missed = shortfalls([row]);
  return [
    `Compared on ${comparison.n} samples outside training (wanted: agreement of ${share(INT8_TARGETS.agreement)} %).`,
    table,
    `Latency of one inference on one thread, least: ${ms} (median ${median}): ${speed.ratio.toFixed(2)} times as fast.` +
      (missed.length > 0 ? ` Missed: ${missed.join('; ')}.` : ''),
  ].join('\n\n');
}

/** @param left how many columns stand at the left edge; the last does too */
export function markdown(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: number,
): string {
  const edge = (_: string, i: number): string => (i < left || i === head.length - 1 ? '---' : '---:');
  return [head, head.map(edge), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const fenced = (lines: readonly string[]): string => ['```', ...lines, '```'].join('\n');

const fileOf = (name: TrainedName): string => join(import.meta.dirname, `${name}.md`);

/** Writes all cards. */
export function writeCards(): void {
  for (const name of OURS) {
    const card = cardOf(name);
    if (card !== null) writeFileSync(fileOf(name), card);
  }
}

/** Networks whose card is not what would be written now. */
export function staleCards(): TrainedName[] {
  return OURS.filter((name) => {
    const card = cardOf(name);
    const file = fileOf(name);
    return card !== (existsSync(file) ? readFileSync(file, 'utf8') : null);
  });
}

if (import.meta.main) {
  const stale = staleCards();
  if (!process.argv.includes('--check')) writeCards();
  else if (stale.length > 0) {
    process.stderr.write(`cards: not up to date: ${stale.join(', ')}; run 'npm run cards'\n`);
    process.exitCode = 1;
  }
}
