/**
 * How sure a network of ours may be: the temperatures measured on validation data, and the source's scaling.
 * Input: models/metrics/<name>.json as training wrote it. Output: numbers per head; 1 where none was measured.
 */
import { readFileSync } from 'node:fs';
import type { ModelsConfig } from '../../config/schema.ts';
import { isTrained, type TrainedName } from '../manifest.ts';
import { metricsFile, type NetworkFile } from '../network-file.ts';

/** Logits are divided by it before the softmax; above 1 = less sure. */
export type Temperatures = Readonly<Record<string, number>>;

interface Metrics {
  /** One number for a network of one question, else one per head. */
  readonly temperature?: number | Temperatures;
  /** Mean and standard deviation of the 50 mean MFCCs over the training clips (`source-voice`). */
  readonly standardise?: { readonly mean: readonly number[]; readonly std: readonly number[] };
}

/** @throws Error naming the metrics file that cannot be read */
function metricsOf(name: TrainedName): Metrics {
  const file = metricsFile(name, 'fp32');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Metrics;
  } catch (cause) {
    throw new Error(`metrics file ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Temperature by head; a network that answers one question has the head `only`. */
export function temperaturesOf(name: TrainedName): Temperatures {
  const { temperature } = metricsOf(name);
  if (temperature === undefined) return {};
  return typeof temperature === 'number' ? { only: temperature } : temperature;
}

/**
 * The temperatures that count under these settings: none for a network of the user's own, which is taken at
 * its word, since ours were measured on ours.
 */
export const temperaturesInUse = (name: TrainedName, models: Pick<ModelsConfig, 'custom'>): Temperatures =>
  models.custom[name] === undefined ? temperaturesOf(name) : {};

/**
 * The same for a file: ours were measured for our weights, a network of the user's own is taken as it is.
 */
export const temperaturesFor = ({ name, custom }: NetworkFile): Temperatures =>
  custom === null && isTrained(name) ? temperaturesOf(name) : {};

/** @throws Error when the metrics hold no such scaling */
export function scalingOf(name: TrainedName): NonNullable<Metrics['standardise']> {
  const { standardise } = metricsOf(name);
  if (standardise !== undefined) return standardise;
  throw new Error(
    `metrics file ${metricsFile(name, 'fp32')} should hold standardise.mean and standardise.std`,
  );
}
