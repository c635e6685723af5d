/** The README's table of figures, written from the metrics so that no number in it is typed by hand. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '../../config/schema.ts';
import type { HeadResult } from './measure.ts';
import type { Int8Metrics } from './metrics.ts';

const [BEGIN, END] = ['<!-- figures: npm run quantize -->', '<!-- end of figures -->'];

/** Every models/metrics/<name>.int8.json of the folder, by name. */
export function readMetrics(folder: string): Int8Metrics[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.int8.json'));
  return files.toSorted().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Int8Metrics);
}

/**
 * How often each network runs in a second of driving at most, with the default settings: both eyes and the
 * mouth on every frame, a face at affectEveryMs, a voice at hopMs while somebody speaks. The source's stand in
 * for ours and are not counted; of the two voices one runs.
 */
function mostPerSecond(): Record<string, number> {
  const { camera, perceive, microphone } = configSchema.parse({});
  const faces = 1000 / perceive.affectEveryMs;
  return {
    'eye-state': 2 * camera.fps,
    mouth: camera.fps,
    'face-emotion': faces,
    'face-sex': faces,
    voice: 1000 / microphone.hopMs,
  };
}

/** One sentence: what our networks cost together. */
export function loadLine(metrics: readonly Int8Metrics[]): string {
  const rates = mostPerSecond();
  const counted = metrics.filter(({ network }) => network in rates);
  const sum = (msOf: (m: Int8Metrics) => number): string =>
    counted.reduce((total, m) => total + rates[m.network]! * msOf(m), 0).toFixed(1);
  const parts = counted.map(({ network }) => `\`${network}\` ${rates[network]}`).join(', ');
  return (
    `Together, at most so many times a second (${parts}): ${sum((m) => m.speed.int8.medianMs)} ms per second of ` +
    `driving by the median, ${sum((m) => m.speed.int8.cpuMs)} ms of CPU time (wanted: 10); ` +
    `in fp32 ${sum((m) => m.speed.fp32.medianMs)} and ${sum((m) => m.speed.fp32.cpuMs)} ms.`
  );
}

/** Replaces what stands between the marks. @throws Error when the marks are gone */
export function writeTable(readme: string, metrics: readonly Int8Metrics[]): void {
  const text = readFileSync(readme, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${readme} should hold the marks "${BEGIN}" and "${END}"`);
  writeFileSync(readme, `${before}${BEGIN}\n\n${figures(metrics)}\n\n${END}${after}`);
}

/** What stands between the marks. */
export const figures = (metrics: readonly Int8Metrics[]): string =>
  `${table(metrics)}\n\n${loadLine(metrics)}`;

/** Markdown. Shares in percent, sizes in KB, milliseconds: least (CPU). */
function table(metrics: readonly Int8Metrics[]): string {
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
