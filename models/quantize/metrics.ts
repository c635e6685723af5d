/**
 * models/metrics/<name>.int8.json: how the INT8 network was made and what it is worth, bound by SHA-256 to the
 * fp32 network, to itself and to the samples. Output: plain JSON, shares as fractions, milliseconds.
 */
import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import type { Chosen, Trial } from './choose.ts';
import type { Comparison, Speed } from './measure.ts';
import type { Recipe, Source } from './recipes.ts';
import type { Sample } from './samples.ts';
import { RUNS } from './speed.ts';

/** Times its fp32 that an INT8 network should be. */
const WANTED_RATIO = 1.5;

/** All that the document says. */
export interface Measured {
  readonly network: string;
  readonly recipe: Recipe;
  readonly fp32: Uint8Array;
  readonly chosen: Chosen;
  readonly calibration: readonly Sample[];
  readonly compared: readonly Sample[];
  readonly comparison: Comparison;
  readonly speed: Speed;
  readonly engine: string;
}

/** The part that tables and tests read. */
export interface Int8Metrics {
  readonly network: string;
  readonly weights: { readonly file: string; readonly sha256: string; readonly bytes: number };
  readonly quantizedFrom: { readonly file: string; readonly sha256: string; readonly bytes: number };
  readonly quantization: {
    readonly ranges: string;
    readonly equalised: boolean;
    readonly keptFloat: readonly string[];
  };
  readonly comparison: Comparison & {
    readonly n: number;
    readonly sha256: string;
    readonly copiesOfCalibration: Readonly<Record<string, number>>;
  };
  readonly speed: Speed & { readonly note?: string };
}

/** @returns the document's text */
export function metricsText(measured: Measured): string {
  const made: Int8Metrics = document(measured);
  return `${JSON.stringify(made, (_key, value: unknown) => rounded(value), 1)}\n`;
}

function document(m: Measured) {
  const { settings, ...found } = m.chosen.best;
  return {
    network: m.network,
    weights: { ...file(`${m.network}.int8.onnx`, m.chosen.bytes), precision: 'int8' },
    quantizedFrom: file(`${m.network}.onnx`, m.fp32),
    command: `npm run quantize -- ${m.network}`,
    quantization: {
      form: 'static QDQ; activations U8, weights S8 per output channel, biases S32',
      ranges: settings.ranges,
      rangesOtherwise: settings.except,
      equalised: settings.equalised,
      keptFloat: settings.keepFloat,
      ...found,
      calibration: listed(m.recipe.calibration, m.calibration),
      trials: m.chosen.trials.map(trialLine),
    },
    comparison: {
      ...listed(m.recipe.comparison, m.compared),
      copiesOfCalibration: copies(m.compared, m.calibration),
      ...m.comparison,
    },
    speed: {
      engine: m.engine,
      processor: cpus()[0]?.model ?? 'unknown',
      threads: 1,
      runs: RUNS,
      ...m.speed,
      ...(m.speed.ratio < WANTED_RATIO ? { note: slowness(m.speed) } : {}),
    },
  };
}

const trialLine = ({ settings, agreement, divergence }: Trial) => ({
  ranges: settings.ranges + (Object.keys(settings.except).length > 0 ? ' but for some values' : ''),
  equalised: settings.equalised,
  keptFloat: settings.keepFloat,
  agreement,
  divergence,
});

const slowness = ({ fp32 }: Speed): string =>
  `under ${WANTED_RATIO} times: of ${(fp32.leastMs * 1000).toFixed(0)} us most goes into calling the network ` +
  `and laying out its input, which eight bits do not shorten`;

const file = (name: string, bytes: Uint8Array) => ({
  file: name,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
});

const listed = (sources: readonly Source[], samples: readonly Sample[]) => ({
  sets: sources.map(({ set, splits }) => `${set} (${splits.join(', ')})`),
  n: samples.length,
  sha256: samplesHash(samples),
});

/** Of inputs and labels, in order: another recording, label or preprocessing gives another hash. */
function samplesHash(samples: readonly Sample[]): string {
  const hash = createHash('sha256');
  for (const { group, truth, input } of samples) {
    hash.update(`${group} ${truth.join()}\n`).update(bytesOf(input));
  }
  return hash.digest('hex');
}

/** By set: how many compared inputs equal a calibration input (published sets hold copies of pictures). */
function copies(compared: readonly Sample[], calibration: readonly Sample[]): Record<string, number> {
  const hashOf = ({ input }: Sample): string => createHash('sha256').update(bytesOf(input)).digest('hex');
  const known = new Set(calibration.map(hashOf));
  const found: Record<string, number> = {};
  for (const sample of compared) {
    found[sample.group] = (found[sample.group] ?? 0) + (known.has(hashOf(sample)) ? 1 : 0);
  }
  return found;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Four digits that mean something. */
function rounded(value: unknown): unknown {
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  return Math.abs(value) >= 0.01 ? Math.round(value * 1e4) / 1e4 : Number(value.toPrecision(3));
}
