/**
 * Tables of labelled files: CSV with the columns `file,label` (+ `speaker`, `sex`; others are ignored).
 * Input: text. Output: rows, checked against the labels of the task.
 */
import { SEXES, type Sex } from '../preprocess/constants.ts';

export interface LabelledFile {
  /** As it stands in the table: relative to the folder given beside it. */
  readonly file: string;
  readonly label: string;
  /** `null` where the table does not say. */
  readonly sex: Sex | null;
}

/**
 * @param name of the table, for messages
 * @throws Error in one sentence naming table, line and what would be right
 */
export function readLabels(text: string, name: string, labels: readonly string[]): LabelledFile[] {
  const [head, ...lines] = cellsOf(text.replace(/^\uFEFF/, ''));
  const names = (head ?? []).map((cell) => cell.trim().toLowerCase());
  const column = (wanted: string) => names.indexOf(wanted);
  if (column('file') < 0 || column('label') < 0) {
    throw new Error(`${name}: the first line must name the columns file,label; found "${names.join(',')}"`);
  }
  const rows = lines.flatMap((cells, i) => {
    if (cells.every((cell) => cell.trim() === '')) return [];
    const at = (wanted: string) => (cells[column(wanted)] ?? '').trim();
    const where = `${name}, line ${i + 2}`;
    return [{ file: given(at('file'), where), ...answersIn(at, where, labels) }];
  });
  if (rows.length === 0) throw new Error(`${name}: there is no row below the names of the columns`);
  return rows;
}

function answersIn(at: (column: string) => string, where: string, labels: readonly string[]) {
  const label = at('label').toLowerCase();
  if (!labels.includes(label)) {
    throw new Error(`${where}: label: found "${at('label')}", wanted one of ${labels.join(', ')}`);
  }
  const sex = at('sex').toLowerCase();
  const known = SEXES.find((one) => one === sex) ?? null;
  if (sex !== '' && known === null) {
    throw new Error(`${where}: sex: found "${at('sex')}", wanted ${SEXES.join(' or ')}, or nothing`);
  }
  return { label, sex: known };
}

function given(file: string, where: string): string {
  if (file === '') throw new Error(`${where}: file: found nothing, wanted a path`);
  return file;
}

/** Cells of each line; quoted cells may hold commas and doubled quotes (RFC 4180), not line breaks. */
function cellsOf(text: string): string[][] {
  return text
    .split(/\r?\n/)
    .map((line) =>
      [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}
