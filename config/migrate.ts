/**
 * Older layouts of a config file, lifted step by step to the present one.
 * `migrations[n]` turns a tree of version n into one of version n + 1.
 */
import type { Tree } from './layers.ts';
import { CONFIG_VERSION } from './schema.ts';

export type Migrations = Readonly<Record<number, (tree: Tree) => Tree>>;

/** None yet: version 1 is the first. */
const MIGRATIONS: Migrations = {};

/** Lifts a tree to `to`; a version that is unknown or newer is left for the schema to refuse. */
export function migrate(tree: Tree, migrations: Migrations = MIGRATIONS, to: number = CONFIG_VERSION): Tree {
  const version = tree['configVersion'] ?? CONFIG_VERSION_WHEN_ABSENT;
  if (typeof version !== 'number' || version >= to) return tree;
  const step = migrations[version];
  return step === undefined ? tree : migrate({ ...step(tree), configVersion: version + 1 }, migrations, to);
}

/** A file without the key was written for the first layout. */
const CONFIG_VERSION_WHEN_ABSENT = 1;
