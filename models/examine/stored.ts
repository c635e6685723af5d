/**
 * All that was measured of a network of ours, and whether it still belongs to the files that lie there.
 * Input: a name and the folder that holds weights/ and metrics/. Output: documents, and faults in one sentence each.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Precision, TrainedName } from '../manifest.ts';
import { metricsFile, weightsFile } from '../network-file.ts';
import { sha256 } from '../prepare.ts';
import type { Int8Metrics } from '../quantize/metrics.ts';
import type { Examined } from './examined.ts';

/** What training wrote, as far as tables read it. */
export interface Trained {
  readonly weights: {
    readonly file: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly parameters: number;
  };
  readonly scores: unknown;
  readonly [more: string]: unknown;
}

export interface Stored {
  readonly name: TrainedName;
  readonly trained: Trained | null;
  readonly int8: Int8Metrics | null;
  readonly examined: Examined | null;
  /** What does not fit together. */
  readonly faults: readonly string[];
}

export const examinedFile = (name: TrainedName, home?: string): string =>
  metricsFile(name, 'fp32', home).replace(/\.json$/, '.examined.json');

/** @param home folder of weights/ and metrics/; left out = the project's own */
export function readStored(name: TrainedName, home?: string): Stored {
  const trained = documentIn(metricsFile(name, 'fp32', home)) as Trained | null;
  const int8 = documentIn(metricsFile(name, 'int8', home)) as Int8Metrics | null;
  const examined = documentIn(examinedFile(name, home)) as Examined | null;
  const found = {
    fp32: hashIn(weightsFile(name, 'fp32', home)),
    int8: hashIn(weightsFile(name, 'int8', home)),
  };
  const faults = [
    ...fault(name, 'fp32', trained?.weights.sha256, found.fp32),
    ...fault(name, 'int8', int8?.weights.sha256, found.int8),
  ];
  if (int8 !== null && int8.quantizedFrom.sha256 !== found.fp32) {
    faults.push(`${name}: its INT8 file was made from other fp32 weights; run 'npm run quantize -- ${name}'`);
  }
  return { name, trained, int8, examined, faults: [...faults, ...examinedFaults(name, examined, found)] };
}

function fault(
  name: string,
  precision: Precision,
  measured: string | undefined,
  found: string | null,
): string[] {
  if (measured === (found ?? undefined)) return [];
  if (found === null) return [`${name}: there are ${precision} metrics but no ${precision} weights`];
  if (measured === undefined) return [`${name}: there are ${precision} weights but no metrics of them`];
  const hashes = `${found.slice(0, 16)}, its metrics were measured on ${measured.slice(0, 16)}`;
  return [`${name}: the ${precision} weights have SHA-256 ${hashes}`];
}

function examinedFaults(
  name: string,
  examined: Examined | null,
  found: Readonly<Record<Precision, string | null>>,
): string[] {
  const remedy = `run 'npm run examine -- ${name} --write'`;
  const there = (['fp32', 'int8'] as const).filter((precision) => found[precision] !== null);
  if (there.length === 0) return [];
  if (examined === null) return [`${name} has not been examined; ${remedy}`];
  return there
    .filter((precision) => examined.models[precision] !== found[precision])
    .map((precision) => `${name}: its ${precision} file is not the one that was examined; ${remedy}`);
}

function documentIn(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

const hashIn = (file: string): string | null => (existsSync(file) ? sha256(readFileSync(file)) : null);

/** A document of the metrics folder that is no network of its own, e.g. `voice-random-split`. */
export const otherMetrics = (name: string, home: string): unknown =>
  documentIn(join(home, 'metrics', `${name}.json`));
