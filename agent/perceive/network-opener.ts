/**
 * Opens networks as the settings want them and remembers which files they were, so that an alert can say what
 * saw it.
 * In: settings, engines. Out: networks by name, and the versions of those that were opened.
 */
import type { ModelsConfig } from '../../config/schema.ts';
import type { Network } from '../../models/engines/engine.ts';
import { loadNetwork } from '../../models/engines/load.ts';
import type { Engines } from '../../models/engines/load.ts';
import type { NetworkName, PackagedName } from '../../models/manifest.ts';
import { networkFiles } from '../../models/network-file.ts';

/** Short hashes of files by the name of their network. */
export type NetworkVersions = Readonly<Record<string, string>>;

export interface NetworkOpener {
  /** The settings by which it opens. */
  readonly models: ModelsConfig;
  /** The checked file of a network from a package, for whoever loads it. @throws as `open` */
  file(name: PackagedName): Promise<string>;
  /** @throws Error in one sentence naming a file that is missing or wrong */
  open(name: NetworkName): Promise<Network>;
  /** Of all that were opened so far. */
  versions(): NetworkVersions;
}

/** A hash so short still tells two files apart. */
const HASH_DIGITS = 12;

export function createNetworkOpener(models: ModelsConfig, engines: Engines): NetworkOpener {
  const versions: Record<string, string> = {};
  const find = async (name: NetworkName) => {
    const found = (await networkFiles([name], models))[name];
    versions[name] = found.sha256.slice(0, HASH_DIGITS);
    return found;
  };
  return {
    models,
    file: async (name) => (await find(name)).file,
    open: async (name) => await loadNetwork(await find(name), engines),
    versions: () => ({ ...versions }),
  };
}
