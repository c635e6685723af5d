/**
 * What a training measured by itself, as tables of a card.
 * Input: `data` and `scores` of models/metrics/<name>.json, which differ from network to network. Output: Markdown.
 */
import type { Trained } from '../examine/stored.ts';

/** A block of scores. */
interface Scores {
  readonly n: number;
  readonly accuracy: number;
  readonly uar: number;
  readonly macroF1: number;
  readonly calibrationError: number;
  readonly perClass: Readonly<Record<string, { readonly recall: number }>>;
}

type Block = Readonly<Record<string, unknown>>;

/** More classes than these are not listed one by one. */
const MOST_CLASSES = 7;

export function dataTable({ data }: Trained): string {
  const rows = Object.entries(data as Readonly<Record<string, number>>);
  return ['| part | samples |', '| --- | ---: |', ...rows.map(([part, n]) => `| ${part} | ${n} |`)].join(
    '\n',
  );
}

/** One table of all blocks of scores, one of what else was measured. */
export function trainingTables(scores: unknown): string[] {
  const blocks = [...innermost(scores as Block, '')];
  const rows = blocks.flatMap(([name, found]) => (isScores(found) ? [row(name, found)] : []));
  const others = blocks.flatMap(([name, found]) =>
    isScores(found) ? extras(name, found as unknown as Block) : [`| ${name} | ${pairs(found)} |`],
  );
  const head = '| on | n | accuracy | UAR | macro F1 | calibration error | recall |\n';
  const edges = '| --- | ---: | ---: | ---: | ---: | ---: | --- |\n';
  return [
    ...(rows.length > 0 ? [`${head}${edges}${rows.join('\n')}`] : []),
    ...(others.length > 0 ? [`| on | else |\n| --- | --- |\n${others.join('\n')}`] : []),
  ];
}

const isBlock = (value: unknown): value is Block =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScores = (found: unknown): found is Scores => isBlock(found) && 'uar' in found;

/** Every innermost block with the names that lead to it. */
function* innermost(found: Block, name: string): Generator<[string, unknown]> {
  const inner = Object.entries(found).filter(([, value]) => isBlock(value));
  if (isScores(found) || inner.length === 0) {
    yield [name, found];
    return;
  }
  for (const [key, value] of inner) yield* innermost(value as Block, name === '' ? key : `${name}, ${key}`);
  const plain = Object.entries(found).filter(([, value]) => !isBlock(value));
  if (plain.length > 0) yield [name, Object.fromEntries(plain)];
}

function row(name: string, found: Scores): string {
  const classes = Object.entries(found.perClass);
  const recalls = classes.map(([label, { recall }]) => `${label} ${recall.toFixed(2)}`).join(', ');
  const shares = [found.accuracy, found.uar, found.macroF1, found.calibrationError].map((share) =>
    share.toFixed(3),
  );
  const cells = [name, String(found.n), ...shares, classes.length <= MOST_CLASSES ? recalls : ''];
  return `| ${cells.join(' | ')} |`;
}

/** Numbers beside the scores, e.g. what the shape of the mouth alone would tell. */
function extras(name: string, found: Block): string[] {
  const known = ['n', 'accuracy', 'uar', 'macroF1', 'calibrationError'];
  const plain = Object.entries(found).filter(([key, value]) => !isBlock(value) && !known.includes(key));
  return plain.length > 0 ? [`| ${name} | ${pairs(Object.fromEntries(plain))} |`] : [];
}

const pairs = (found: unknown): string =>
  Object.entries(found as Block)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ');
