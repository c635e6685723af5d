/** The table of `npm run examine` in columns for people. Shares in percent, milliseconds. */
import { INT8_TARGETS, type NetworkRow, type ScoreRow } from './table.ts';
import type { Budget } from './table-budget.ts';

const NONE = '-';
const percent = (share: number | null): string => (share === null ? NONE : (share * 100).toFixed(1));
const points = (share: number): string => `${share < 0 ? '' : '+'}${(share * 100).toFixed(2)}`;
const kb = (bytes: number | null): string => (bytes === null ? NONE : (bytes / 1000).toFixed(0));

/** @param rows cells; the first row names the columns @param left how many columns stand at the left edge */
export function columns(rows: readonly (readonly string[])[], left: number): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i < left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

export function networksInWords(rows: readonly NetworkRow[]): string {
  const head = [
    'network',
    'parameters',
    'fp32 KB',
    'INT8 KB',
    'agreement',
    'accuracy change (95 %)',
    'fp32 ms',
  ];
  const body = rows.map(({ network, parameters, bytes, heads, leastMs, timesFp32 }) => [
    network,
    parameters?.toLocaleString('en') ?? NONE,
    kb(bytes.fp32),
    kb(bytes.int8),
    heads.map(({ agreement }) => percent(agreement)).join(', ') || NONE,
    heads.map(changed).join(', ') || NONE,
    leastMs?.fp32.toFixed(3) ?? NONE,
    leastMs?.int8.toFixed(3) ?? NONE,
    timesFp32?.toFixed(2) ?? NONE,
  ]);
  return columns([[...head, 'INT8 ms', 'times'], ...body], 1);
}

function changed({ change, interval95 }: NetworkRow['heads'][number]): string {
  if (change === null || interval95 === null) return NONE;
  return `${points(change)} (${interval95.map(points).join(' .. ')})`;
}

export function scoresInWords(rows: readonly ScoreRow[]): string {
  const head = ['network', 'on', 'measure', 'n', 'target', 'fp32', 'INT8', 'result'];
  const body = rows.map(({ network, on, measure, n, target, fp32, int8, margin }) => [
    network,
    on,
    measure,
    n === null ? NONE : String(n),
    percent(target),
    percent(fp32),
    percent(int8),
    verdict(target, margin),
  ]);
  const peers = rows.flatMap(({ network, on, published }) =>
    published.length > 0 ? [`  ${network}, ${on}: ${published.join('; ')}`] : [],
  );
  const beside = peers.length > 0 ? `\n\npublished:\n${peers.join('\n')}` : '';
  return columns([head, ...body], 3) + beside;
}

function verdict(target: number | null, margin: number | null): string {
  if (target === null) return NONE;
  if (margin === null) return 'not measured';
  return margin >= 0 ? `met by ${percent(margin)}` : `missed by ${percent(-margin)}`;
}

export function budgetInWords({ lines, msPerSecond }: Budget): string {
  const parts = lines.map(
    ({ network, perSecond, medianMs }) =>
      `${network} ${Number(perSecond.toFixed(1))} x ${medianMs.toFixed(3)}`,
  );
  const wanted = INT8_TARGETS.msPerSecond;
  const result = msPerSecond <= wanted ? 'met' : 'missed';
  return `rate x INT8 latency at most: ${parts.join(' + ')} = ${msPerSecond.toFixed(1)} ms per second of driving (wanted: ${wanted}, ${result})`;
}

/** A line for each network that misses what INT8 should bring. */
export function shortfalls(rows: readonly NetworkRow[]): string[] {
  const { agreement: least, timesFp32: times } = INT8_TARGETS;
  return rows.flatMap(({ network, heads, timesFp32, note }) => [
    ...heads
      .filter(({ agreement }) => agreement < least)
      .map(
        ({ head, agreement }) =>
          `${network}, ${head}: agreement ${percent(agreement)}, wanted ${percent(least)}`,
      ),
    ...(timesFp32 !== null && timesFp32 < times
      ? [
          `${network}: ${timesFp32.toFixed(2)} times its fp32, wanted ${times}: ${note ?? 'no reason was noted'}`,
        ]
      : []),
  ]);
}
