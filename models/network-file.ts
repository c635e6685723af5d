/**
 * From a network's name to the file to load, checked against its SHA-256.
 * Input: name, settings. Output: absolute path and who is to compute it.
 *
 * Networks from packages are made or found by prepare.ts. Ours lie in models/weights, their hashes in
 * models/metrics (`<name>.json` for fp32, `<name>.int8.json` for INT8), so a file and its scores belong
 * together. A network of the user's own takes the place of one of ours when the settings name it.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ModelsConfig } from '../config/schema.ts';
import { factsOf, isTrained, NETWORKS } from './manifest.ts';
import type { LicenceClass, NetworkName, Precision, TrainedName } from './manifest.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels, sha256 } from './prepare.ts';

/** A file that is there and is the right one, ready for `loadNetwork`. */
export interface NetworkFile {
  readonly name: NetworkName;
  /** Absolute path: an .onnx, or the model.json of a TF.js layers model. */
  readonly file: string;
  readonly engine: 'onnx' | 'tfjs';
  readonly precision: Precision;
  /** Of the file, hexadecimal; of a TF.js model its model.json alone. */
  readonly sha256: string;
  readonly licenceClass: LicenceClass;
  /** Of a network of the user's own, whose ports are fitted to those of the manifest: what comes out of it. */
  readonly custom: { readonly gives: 'logits' | 'probabilities' } | null;
}

export interface NetworkFileOptions {
  /** Left out = INT8 where there is an INT8 file, else fp32. */
  readonly precision?: Precision | undefined;
  /** Folder of the networks from packages. */
  readonly folder?: string | undefined;
  /** Folder that holds weights/ and metrics/; left out = the program's own. */
  readonly home?: string | undefined;
}

/** In a release this file lies in dist/models, weights and metrics in models beside dist. */
const HOME = import.meta.url.endsWith('.ts')
  ? import.meta.dirname
  : resolve(import.meta.dirname, '..', '..', 'models');

/** Where a network of ours lies, whether it is there or not. */
export function weightsFile(name: TrainedName, precision: Precision, home: string = HOME): string {
  return join(home, 'weights', `${name}${suffixOf(precision)}.onnx`);
}

/** Where the scores and the hash of these weights lie. */
export function metricsFile(name: TrainedName, precision: Precision, home: string = HOME): string {
  return join(home, 'metrics', `${name}${suffixOf(precision)}.json`);
}

/** Whether a network of ours has been trained: an entry without weights is only a plan. */
export const hasWeights = (name: TrainedName, home: string = HOME): boolean =>
  existsSync(weightsFile(name, 'fp32', home)) || existsSync(weightsFile(name, 'int8', home));

/**
 * The file of a network of the program's own, checked.
 * @throws Error with one sentence: missing, or not the file that its metrics (or the manifest) name
 */
export async function networkFile(name: NetworkName, options: NetworkFileOptions = {}): Promise<NetworkFile> {
  if (isTrained(name)) return await trainedFile(name, options);
  const folder = options.folder ?? DEFAULT_MODELS_FOLDER;
  const files = await prepareModels(folder, [name]);
  return described(name, files[name], 'fp32', NETWORKS[name].sha256);
}

/**
 * The files of all `names` as the settings want them: precision, folder, networks of the user's own.
 * @throws Error with one sentence naming the first file that is missing or wrong
 */
export async function networkFiles<Name extends NetworkName>(
  names: readonly Name[],
  models: ModelsConfig,
): Promise<Readonly<Record<Name, NetworkFile>>> {
  const files = {} as Record<Name, NetworkFile>;
  for (const name of names) files[name] = await asConfigured(name, models);
  return files;
}

async function asConfigured(name: NetworkName, models: ModelsConfig): Promise<NetworkFile> {
  if (!isTrained(name)) return await networkFile(name, { folder: models.folder });
  const own = models.custom[name];
  if (own === undefined) return await networkFile(name, { precision: models.precision[name] });
  const bytes = await readFile(own.file).catch((cause: unknown) => {
    throw new Error(`models.custom.${name}: file ${own.file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  });
  const { engine, gives, licence: licenceClass } = own;
  const found = { name, file: own.file, engine, licenceClass, custom: { gives } };
  return { ...found, precision: 'fp32', sha256: sha256(bytes) };
}

async function trainedFile(name: TrainedName, options: NetworkFileOptions): Promise<NetworkFile> {
  const home = options.home ?? HOME;
  const precision = options.precision ?? (existsSync(weightsFile(name, 'int8', home)) ? 'int8' : 'fp32');
  const file = weightsFile(name, precision, home);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Error(
      `network '${name}' has no ${precision} weights: ${file} cannot be read; ${remedy(name, precision)}`,
      {
        cause,
      },
    );
  });
  const found = sha256(bytes);
  const expected = await hashInMetrics(name, precision, home);
  if (found !== expected) {
    const metrics = metricsFile(name, precision, home);
    throw new Error(
      `model file ${file} has SHA-256 ${found}, but ${metrics} was measured on ${expected}; ` +
        `restore both from one version or ${remedy(name, precision)}`,
    );
  }
  return described(name, file, precision, found);
}

async function hashInMetrics(name: TrainedName, precision: Precision, home: string): Promise<string> {
  const file = metricsFile(name, precision, home);
  try {
    const metrics = JSON.parse(await readFile(file, 'utf8')) as { weights?: { sha256?: unknown } };
    if (typeof metrics.weights?.sha256 === 'string') return metrics.weights.sha256;
  } catch (cause) {
    throw new Error(
      `metrics file ${file} cannot be read: ${(cause as Error).message}; ${remedy(name, precision)}`,
      {
        cause,
      },
    );
  }
  throw new Error(`metrics file ${file} should hold weights.sha256; ${remedy(name, precision)}`);
}

const suffixOf = (precision: Precision): string => (precision === 'int8' ? '.int8' : '');

const remedy = (name: TrainedName, precision: Precision): string =>
  precision === 'int8' ? "run 'npm run quantize'" : `run 'npm run train -- ${name}'`;

function described(name: NetworkName, file: string, precision: Precision, hash: string): NetworkFile {
  const { licenceClass } = factsOf(name);
  return { name, file, engine: 'onnx', precision, sha256: hash, licenceClass, custom: null };
}
