/** The effective configuration, a line a value, with the layer it came from; secrets masked. */
import { valueAt } from './layers.ts';
import type { Loaded } from './load.ts';
import { isSecret, leaves } from './tree.ts';

export interface ShownValue {
  readonly path: string;
  readonly value: unknown;
  readonly layer: string;
}

/**
 * Every value of the schema in its order; what is neither set nor defaulted has the value `null`, a group
 * that may be left out and is left out counting as one value.
 */
export function shownValues(loaded: Loaded): ShownValue[] {
  const paths = new Map(
    leaves()
      .map((leaf) => setPart(loaded, leaf))
      .map((path) => [path.join('.'), path]),
  );
  return [...paths].map(([name, path]) => {
    const value = valueAt(loaded.config, path) ?? null;
    const shown = isSecret(path) && value !== null ? '********' : value;
    return { path: name, value: shown, layer: loaded.originOf(path) };
  });
}

/** The path down to the first part that is not set. */
function setPart(loaded: Loaded, path: readonly string[]): readonly string[] {
  const unset = path.findIndex((_, index) => valueAt(loaded.config, path.slice(0, index + 1)) === undefined);
  return unset === -1 ? path : path.slice(0, unset + 1);
}
