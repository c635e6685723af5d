/**
 * From files and environment to one validated configuration.
 * Order: defaults < config file < settings.yaml in the data folder < `CABINWATCH_A__B`.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import { faultsFrom } from './faults.ts';
import { environmentLayer, fileLayer, merge, valueAt, type Layer, type Tree } from './layers.ts';
import { migrate } from './migrate.ts';
import { configSchema, type Config } from './schema.ts';

export { ConfigError };

export const SYSTEM_CONFIG = '/etc/cabinwatch/config.yaml';

export interface Loaded {
  readonly config: ResolvedConfig;
  /** Where the value at a path comes from: a layer's name. */
  readonly originOf: (path: readonly string[]) => string;
}

/** A configuration with all folders and files absolute. */
export type ResolvedConfig = Config & {
  readonly dataDir: string;
  readonly runtimeDir: string;
  readonly link: { readonly socket: string };
};

export interface LoadOptions {
  /** The config file; without one `/etc/cabinwatch/config.yaml` is read where it exists. */
  readonly file?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Said on the command line: beats every layer. */
  readonly overrides?: Tree;
}

/**
 * Loads, checks and resolves the configuration.
 * @throws ConfigError with every fault at once, or with that of a file that cannot be read
 */
export function loadConfig(options: LoadOptions = {}): Loaded {
  const file = options.file ?? (existsSync(SYSTEM_CONFIG) ? SYSTEM_CONFIG : undefined);
  const base = file === undefined ? process.cwd() : dirname(resolve(file));
  const written: Layer[] = file === undefined ? [] : [migrated(fileLayer(file))];
  const above = [
    environmentLayer(options.environment ?? process.env),
    { name: 'command line', tree: options.overrides ?? {} },
  ];
  const dataDir = resolve(base, dataDirOf([...written, ...above]) ?? defaultDataDir(file));
  const settingsFile = join(dataDir, 'settings.yaml');
  const settings = existsSync(settingsFile) ? [migrated(fileLayer(settingsFile))] : [];
  const layers = [...written, ...settings, ...above];
  const config = validate(layers);
  return { config: absolute(config, base, dataDir), originOf: (path) => origin(layers, path) };
}

function validate(layers: readonly Layer[]): Config {
  const tree = layers.reduce<Tree>((under, layer) => merge(under, layer.tree), {});
  const parsed = configSchema.safeParse(tree);
  if (!parsed.success) throw new ConfigError(faultsFrom(parsed.error.issues, layers));
  return parsed.data;
}

const migrated = (layer: Layer): Layer => ({ ...layer, tree: migrate(layer.tree) });

const origin = (layers: readonly Layer[], path: readonly string[]): string =>
  layers.findLast((layer) => valueAt(layer.tree, path) !== undefined)?.name ?? 'default';

/** settings.yaml lies in the data folder, so that folder is looked up before the layers are merged. */
function dataDirOf(layers: readonly Layer[]): string | undefined {
  const said = layers.findLast((layer) => typeof layer.tree['dataDir'] === 'string')?.tree['dataDir'];
  return said as string | undefined;
}

/** An installed agent keeps its data where Debian's packages do, anything else in the user's state folder. */
function defaultDataDir(file: string | undefined): string {
  if (file === SYSTEM_CONFIG) return '/var/lib/cabinwatch';
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'cabinwatch');
}

/** Relative paths are relative to the config file. */
function absolute(config: Config, base: string, dataDir: string): ResolvedConfig {
  const runtimeDir = resolve(base, config.runtimeDir ?? join(dataDir, 'run'));
  const from = (path: string | undefined): string | undefined =>
    path === undefined || isAbsolute(path) ? path : resolve(base, path);
  return {
    ...config,
    dataDir,
    runtimeDir,
    camera: withPath(config.camera, 'file', from(config.camera.file)),
    microphone: withPath(config.microphone, 'file', from(config.microphone.file)),
    models: {
      ...withPath(config.models, 'folder', from(config.models.folder)),
      custom: customFrom(config.models.custom, base),
    },
    warn: withPath(config.warn, 'folder', from(config.warn.folder)),
    link: { ...config.link, socket: from(config.link.socket) ?? join(runtimeDir, 'watch.sock') },
  };
}

/** The files of networks of one's own, absolute. */
const customFrom = (custom: Config['models']['custom'], base: string): Config['models']['custom'] =>
  Object.fromEntries(
    Object.entries(custom).flatMap(([name, own]) =>
      own === undefined ? [] : [[name, { ...own, file: resolve(base, own.file) }]],
    ),
  );

const withPath = <T extends object, K extends keyof T>(part: T, key: K, path: T[K] | undefined): T =>
  path === undefined ? part : { ...part, [key]: path };
