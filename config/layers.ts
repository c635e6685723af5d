/**
 * The layers a configuration is made of, later ones winning:
 * defaults < config file < settings.yaml < environment (`CABINWATCH_A__B`).
 * Each layer is a plain tree as somebody wrote it, with the name a fault is reported under.
 */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { wholeFileFault } from './config-error.ts';
import { nodeAt } from './tree.ts';

export type Tree = Readonly<Record<string, unknown>>;

export interface Layer {
  /** `default`, a file's path, or `environment`. */
  readonly name: string;
  readonly tree: Tree;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A YAML file as a layer.
 * @throws ConfigError naming the file and line when it cannot be read or is no YAML mapping
 */
export function fileLayer(file: string): Layer {
  const document = parseDocument(readText(file), { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined)
    throw wholeFileFault(file, `not YAML: ${firstLine(error.message)}`, error.linePos?.[0].line);
  const tree: unknown = document.toJS() ?? {};
  if (!isTree(tree)) throw wholeFileFault(file, 'not a mapping of keys to values');
  return { name: file, tree };
}

/** Variables `CABINWATCH_A__B=value` as a layer; values are read as YAML scalars, keys without regard to case and `_`. */
export function environmentLayer(environment: Readonly<Record<string, string | undefined>>): Layer {
  const tree: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith('CABINWATCH_') || text === undefined) continue;
    const path = name
      .slice('CABINWATCH_'.length)
      .split('__')
      .reduce<string[]>((found, part) => [...found, spelled(found, part)], []);
    place(tree, path, scalar(path, text));
  }
  return { name: 'environment', tree };
}

/** One tree over another; mappings merge, everything else replaces. */
export function merge(under: Tree, over: Tree): Tree {
  const result: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
  }
  return result;
}

/** The value at a path of a tree, `undefined` where there is none. */
export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      isTree(value) || Array.isArray(value) ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    tree,
  );
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'this is a folder',
  EACCES: 'this user may not read it',
};

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw wholeFileFault(file, UNREADABLE[code ?? ''] ?? `it cannot be read (${code ?? 'unknown'})`);
  }
}

/** The schema's spelling of a variable's part, or the part in lower case when the schema has none. */
function spelled(parent: readonly string[], part: string): string {
  const plain = part.replaceAll('_', '').toLowerCase();
  const known = Object.keys(nodeAt(parent)?.properties ?? {});
  return known.find((key) => key.toLowerCase().replaceAll('-', '') === plain) ?? part.toLowerCase();
}

/** A variable is text; where the schema wants text it stays so (a password `0123` is no number). */
function scalar(path: readonly string[], text: string): unknown {
  if (nodeAt(path)?.['type'] === 'string') return text;
  return parseDocument(text).toJS() as unknown;
}

function place(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) tree[key] = value;
  else {
    const below = isTree(tree[key]) ? { ...tree[key] } : {};
    place(below, rest, value);
    tree[key] = below;
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.replace(/ at line \d+.*$/, '') ?? text;
