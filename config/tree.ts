/**
 * The schema as a tree that can be walked by path: keys, descriptions, defaults, secrets.
 * Input: paths like ['camera', 'fps']. Read from the generated JSON Schema, so it never differs from it.
 */
import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { configSchema } from './schema.ts';

export interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly default?: unknown;
  readonly secret?: boolean;
  readonly [keyword: string]: unknown;
}

/** JSON Schema (draft 2020-12) of the configuration as a person writes it: what may be left out is optional. */
export function configJsonSchema(): SchemaNode {
  const schema = z.toJSONSchema(configSchema, { io: 'input' }) as SchemaNode;
  return { ...schema, title: 'Cabinwatch configuration' };
}

const root = configJsonSchema();

/** The node at a path, or `undefined` where the schema has none. */
export function nodeAt(path: readonly PropertyKey[]): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>((node, key) => node?.properties?.[String(key)], root);
}

/** Paths of all leaves, in the order of the schema. */
export function leaves(node: SchemaNode = root, path: readonly string[] = []): string[][] {
  if (node.properties === undefined) return [[...path]];
  return Object.entries(node.properties).flatMap(([key, child]) => leaves(child, [...path, key]));
}

/** The known key nearest to a mistyped one, or `undefined` when none is near. */
export function didYouMean(parent: readonly PropertyKey[], key: string): string | undefined {
  const known = Object.keys(nodeAt(parent)?.properties ?? {});
  if (known.length === 0) return undefined;
  const guess = closest(key, known);
  const near = distance(key.toLowerCase(), guess.toLowerCase()) <= Math.max(2, Math.floor(key.length / 3));
  return near ? guess : undefined;
}

/** True for passwords and the like, which are never shown. */
export function isSecret(path: readonly PropertyKey[]): boolean {
  return nodeAt(path)?.secret === true;
}
