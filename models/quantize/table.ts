/** The README's table of figures, written from the metrics so that no number in it is typed by hand. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HeadResult } from './measure.ts';
import type { Int8Metrics } from './metrics.ts';

const [BEGIN, END] = ['<!-- figures: npm run quantize -->', '<!-- end of figures -->'];

/** Every models/metrics/<name>.int8.json of the folder, by name. */
export function readMetrics(folder: string): Int8Metrics[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.int8.json'));
  return files.toSorted().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Int8Metrics);
}

/** Replaces what stands between the marks. @throws Error when the marks are gone */
export function writeTable(readme: string, metrics: readonly Int8Metrics[]): void {
  const text = readFileSync(readme, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${readme} should hold the marks "${BEGIN}" and "${END}"`);
  writeFileSync(readme, `${before}${BEGIN}\n\n${table(metrics)}\n\n${END}${after}`);
}

/** Markdown. Shares in percent, sizes in KB, milliseconds: least (CPU). */
export function table(metrics: readonly Int8Metrics[]): string {
  const rows = [
    [
      'network',
      'agreement',
      'accuracy fp32 -> INT8, change (95 %)',
      'n',
      'KB',
      'fp32 ms',
      'INT8 ms',
      'times',
      'made with',
    ],
    ['---', '---', '---', '---:', '---:', '---:', '---:', '---:', '---'],
    ...metrics.map(row),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function row({ network, weights, quantizedFrom, quantization, comparison, speed }: Int8Metrics): string[] {
  const heads = Object.entries(comparison.heads);
  const kb = (bytes: number): string => (bytes / 1000).toFixed(0);
  const ms = ({ leastMs, cpuMs }: Int8Metrics['speed']['fp32']): string =>
    `${leastMs.toFixed(3)} (${cpuMs.toFixed(3)})`;
  const { ranges, equalised, keptFloat } = quantization;
  const settings = [
    ranges,
    ...(equalised ? ['equalised'] : []),
    ...(keptFloat.length ? [`${keptFloat.length} in fp32`] : []),
  ];
  return [
    `\`${network}\``,
    heads.map(([name, head]) => `${name} ${percent(head.agreement)}`).join('<br>'),
    heads.map(([name, head]) => `${name} ${accuracy(head)}`).join('<br>'),
    String(comparison.n),
    `${kb(quantizedFrom.bytes)} -> ${kb(weights.bytes)}`,
    ms(speed.fp32),
    ms(speed.int8),
    speed.ratio.toFixed(2),
    settings.join(', '),
  ];
}

const percent = (share: number): string => (share * 100).toFixed(1);

function accuracy({ accuracyFp32, accuracyInt8, change, interval95 }: HeadResult): string {
  if (accuracyFp32 === undefined || accuracyInt8 === undefined || !interval95) return 'not labelled';
  const [low, high] = interval95.map(points);
  return `${percent(accuracyFp32)} -> ${percent(accuracyInt8)}, ${points(change ?? 0)} (${low} .. ${high})`;
}

const points = (share: number): string => `${share < 0 ? '' : '+'}${(share * 100).toFixed(2)}`;
