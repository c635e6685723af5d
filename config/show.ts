/** The effective configuration, a line a value, with the layer it came from; secrets masked. */
import { valueAt } from './layers.ts';
import type { Loaded } from './load.ts';
import { isSecret, leaves } from './tree.ts';

export interface ShownValue {
  readonly path: string;
  readonly value: unknown;
  readonly layer: string;
}

/** Every value of the schema in its order; what is neither set nor defaulted has the value `null`. */
export function shownValues(loaded: Loaded): ShownValue[] {
  return leaves().map((path) => {
    const value = valueAt(loaded.config, path) ?? null;
    const shown = isSecret(path) && value !== null ? '********' : value;
    return { path: path.join('.'), value: shown, layer: loaded.originOf(path) };
  });
}
