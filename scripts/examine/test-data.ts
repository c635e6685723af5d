/**
 * Test splits as files: asks the readers in Python for them and keeps them under .cache/examine, which git
 * ignores, until the readers or the packs change.
 * Output: rows of a split; files are absolute.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** Debian's Python has the packages that the readers need; a pyenv before it in the PATH has not. */
const PYTHON = process.env['PYTHON'] ?? '/usr/bin/python3';
const READERS_FOLDER = join(ROOT, 'models', 'readers');
const READERS = [
  join(ROOT, 'models', 'examine', 'export_test.py'),
  ...readdirSync(READERS_FOLDER)
    .filter((name) => name.endsWith('.py'))
    .toSorted()
    .map((name) => join(READERS_FOLDER, name)),
];
export const DATA = resolve(ROOT, '..', 'shared', 'data');

/** One labelled file of a split. */
export interface Row {
  readonly file: string;
  /** As models/examine/export_test.py names them; '' where the set does not say. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Why no split can be read here, or `null`. */
export function whyNoData(data: string = DATA): string | null {
  if (!existsSync(data)) return `the data folder ${data} is not there`;
  const found = spawnSync(PYTHON, ['-c', 'import numpy, PIL']).status === 0;
  return found ? null : `${PYTHON} has no numpy and PIL (python3-numpy, python3-pil; PYTHON names another)`;
}

/** @throws Error with one sentence naming the set that cannot be read */
export function rowsOf(set: string, split: string, data: string = DATA): Row[] {
  const folder = join(exportsOf(data), `${set}-${split}`);
  const table = join(folder, 'labels.csv');
  if (!existsSync(table)) {
    const module = ['-m', 'models.examine.export_test', set, split, folder, '--data', data];
    const run = spawnSync(PYTHON, module, { cwd: ROOT, encoding: 'utf8' });
    if (run.status !== 0) {
      const said = run.error?.message ?? run.stderr.trim().split('\n').at(-1) ?? '';
      throw new Error(`set '${set}' could not be read by ${PYTHON}: ${said}`);
    }
  }
  return readTable(readFileSync(table, 'utf8')).map((columns) => {
    const file = columns['file'] ?? '';
    return { file: isAbsolute(file) ? file : join(folder, file), columns };
  });
}

/** Where the splits of a data folder are kept: other readers or other packs, another folder. */
export function exportsOf(data: string): string {
  const hash = createHash('sha256').update(data);
  for (const file of READERS) hash.update(readFileSync(file));
  for (const name of readdirSync(data).toSorted()) {
    const { size, mtimeMs } = statSync(join(data, name));
    hash.update(`${name} ${size} ${mtimeMs}`);
  }
  return join(ROOT, '.cache', 'examine', hash.digest('hex').slice(0, 12));
}

/** These tables have neither quotes nor commas within a column. */
function readTable(text: string): Record<string, string>[] {
  const [head = '', ...lines] = text.trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i] ?? '', value])));
}
