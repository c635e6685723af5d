/**
 * Lists of labelled recordings: asks the readers in Python for them once and keeps pictures and table
 * under .cache/quantize, which git ignores.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Source } from './recipes.ts';

/** Where samples come from. */
export interface DataFolders {
  /** The repository: Python runs here. */
  readonly root: string;
  /** The data packs, or each set in its published layout; undefined = the readers' default. */
  readonly data?: string;
  /** Keeps what was exported. */
  readonly cache: string;
}

/** One line of a set's table. */
export interface Row {
  readonly set: string;
  /** Absolute. */
  readonly file: string;
  readonly columns: Readonly<Record<string, string>>;
}

/** Debian's Python has the packages that the readers need; a pyenv before it in the PATH has not. */
const PYTHON = process.env['CABINWATCH_PYTHON'] ?? '/usr/bin/python3';

/**
 * At most `count` rows of all sources together: small sets whole, large ones share what is left, so that one
 * large set does not decide alone. Always the same rows.
 */
export function rowsOf(folders: DataFolders, sources: readonly Source[], count: number): Row[] {
  const tables = sources.flatMap(({ set, splits }) =>
    splits.map((split) => exported(folders, set, split, count)),
  );
  const quota = fairQuota(
    tables.map((rows) => rows.length),
    count,
  );
  return tables.flatMap((rows) => spread(rows, quota));
}

/** Evenly spaced members, at most `count`. */
export function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, k) => all[Math.floor((k * all.length) / count)]!);
}

/** The largest quota with which tables of these lengths give no more than `count` together. */
export function fairQuota(lengths: readonly number[], count: number): number {
  const given = (quota: number): number => lengths.reduce((sum, length) => sum + Math.min(length, quota), 0);
  let quota = count;
  while (quota > 1 && given(quota) > count) quota--;
  return quota;
}

function exported({ root, data, cache }: DataFolders, set: string, split: string, count: number): Row[] {
  const folder = join(cache, `${set}-${split}-${count}`);
  const table = join(folder, 'labels.csv');
  if (!existsSync(table)) {
    const from = data === undefined ? [] : ['--data', data];
    const module = ['-m', 'models.quantize.export_table', set, folder, split, String(count), ...from];
    const run = spawnSync(PYTHON, module, { cwd: root, encoding: 'utf8' });
    if (run.error ?? run.status !== 0) {
      const said = run.error?.message ?? run.stderr.trim().split('\n').at(-1) ?? '';
      throw new Error(
        `set '${set}' could not be read with ${PYTHON} (CABINWATCH_PYTHON names another): ${said}`,
      );
    }
  }
  return readTable(readFileSync(table, 'utf8')).map((columns) => {
    const file = columns['file'] ?? '';
    return { set, file: isAbsolute(file) ? file : join(folder, file), columns };
  });
}

/** Our own tables have neither quotes nor commas within a column. */
function readTable(text: string): Record<string, string>[] {
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i] ?? '', value])));
}
