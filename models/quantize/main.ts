/**
 * `npm run quantize [-- NAME...] [--data DIR] [--check]`: makes models/weights/<name>.int8.onnx from the fp32
 * network of the same name, measures it and writes models/metrics/<name>.int8.json and the README's table.
 * `--check` makes the networks again and fails where the bytes differ from what is there; it writes nothing.
 * Exit 0 fine, 1 fault or difference, 2 wrong usage.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { onnxEngine } from '../engines/onnx.ts';
import { compare, compareSpeed, preparedGraph, quantize } from './measure.ts';
import { metricsText } from './metrics.ts';
import { NOISE_CLASSES, NOISE_SET, RECIPES } from './recipes.ts';
import type { Recipe, Source } from './recipes.ts';
import { readSamples } from './samples.ts';
import type { Means, Sample } from './samples.ts';
import { createSounds } from './sounds.ts';
import type { Sounds } from './sounds.ts';
import { readMetrics, writeTable } from './table.ts';
import { rowsOf } from './tables.ts';
import type { DataFolders } from './tables.ts';

/** Half for the ranges, half for the choice. */
const CALIBRATION_SAMPLES = 800;
const COMPARED_SAMPLES = 2000;

const MODELS = resolve(import.meta.dirname, '..');
const WEIGHTS = join(MODELS, 'weights');
const METRICS = join(MODELS, 'metrics');
const ROOT = resolve(MODELS, '..');

const engine = onnxEngine({ threads: 1 });
const decoders = new Map<number, Sounds>();

async function run(argv: readonly string[]): Promise<number> {
  const asked = readArguments(argv);
  if (asked === null) return 2;
  const { values, positionals } = asked;
  const trained = Object.keys(RECIPES).filter((name) => existsSync(fp32File(name)));
  const unknown = positionals.filter((name) => !trained.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(
      `quantize: no weights to quantize for ${unknown.join(', ')}; there are ${trained.join(', ')}\n`,
    );
    return 2;
  }
  const folders = dataFolders(values.data);
  let same = true;
  for (const name of positionals.length > 0 ? positionals : trained) {
    if (values.check) same = (await isSame(name, folders)) && same;
    else await make(name, folders);
  }
  return same ? 0 : 1;
}

/** @returns null after saying what was wrong */
function readArguments(argv: readonly string[]) {
  const options = { data: { type: 'string' }, check: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    say(
      `quantize: ${(error as Error).message.split('. ')[0]}; usage: npm run quantize [-- NAME...] [--data DIR] [--check]`,
    );
    return null;
  }
}

/** Each data folder has tables of its own. */
function dataFolders(given: string | undefined): DataFolders {
  const cache = join(ROOT, '.cache', 'quantize');
  if (given === undefined) return { root: ROOT, cache: join(cache, 'shared') };
  const data = resolve(given);
  if (!existsSync(data)) throw new Error(`--data: folder ${data} is not there`);
  return {
    root: ROOT,
    data,
    cache: join(cache, createHash('sha256').update(data).digest('hex').slice(0, 12)),
  };
}

const fp32File = (name: string): string => join(WEIGHTS, `${name}.onnx`);
const int8File = (name: string): string => join(WEIGHTS, `${name}.int8.onnx`);

async function make(name: string, folders: DataFolders): Promise<void> {
  const recipe = RECIPES[name]!;
  const fp32 = readFileSync(fp32File(name));
  const graph = preparedGraph(fp32, `models/weights/${name}.onnx`);
  say(`${name}: reading calibration samples`);
  const calibration = await samplesOf(name, folders, recipe.calibration, CALIBRATION_SAMPLES);
  say(`${name}: choosing on ${calibration.length} of them`);
  const chosen = await quantize(engine, graph, recipe.heads, calibration);
  say(`${name}: comparing on samples outside training`);
  const compared = await samplesOf(name, folders, recipe.comparison, COMPARED_SAMPLES);
  const comparison = await compare(engine, graph, fp32, chosen.bytes, recipe.heads, compared);
  const speed = await compareSpeed(engine, graph, fp32, chosen.bytes, compared);
  const measured = {
    network: name,
    recipe,
    fp32,
    chosen,
    calibration,
    compared,
    comparison,
    speed,
    engine: engine.name,
  };
  writeFileSync(int8File(name), chosen.bytes);
  writeFileSync(join(METRICS, `${name}.int8.json`), metricsText(measured));
  writeTable(join(import.meta.dirname, 'README.md'), readMetrics(METRICS));
  const agreements = Object.entries(comparison.heads).map(
    ([head, found]) => `${head} ${found.agreement.toFixed(4)}`,
  );
  say(`${name}: agreement ${agreements.join(', ')}; ${speed.ratio.toFixed(2)} times as fast`);
}

async function isSame(name: string, folders: DataFolders): Promise<boolean> {
  const recipe = RECIPES[name]!;
  const graph = preparedGraph(readFileSync(fp32File(name)), `models/weights/${name}.onnx`);
  const calibration = await samplesOf(name, folders, recipe.calibration, CALIBRATION_SAMPLES);
  const { bytes } = await quantize(engine, graph, recipe.heads, calibration);
  const same = existsSync(int8File(name)) && readFileSync(int8File(name)).equals(bytes);
  say(
    `${name}: ${same ? 'the same bytes' : `models/weights/${name}.int8.onnx differs from what is made now`}`,
  );
  return same;
}

async function samplesOf(
  name: string,
  folders: DataFolders,
  sources: readonly Source[],
  count: number,
): Promise<Sample[]> {
  const { reading, heads }: Recipe = RECIPES[name]!;
  const noiseSplits = sources.some(({ splits }) => splits.includes('train')) ? ['train'] : ['val', 'test'];
  const noiseRows =
    reading.kind === 'log-mel' ? rowsOf(folders, [{ set: NOISE_SET, splits: noiseSplits }], 2000) : [];
  const means: Means = {
    noises: noiseRows
      .filter(({ columns }) => NOISE_CLASSES.includes(columns['label'] ?? ''))
      .map(({ file }) => file),
    sounds: soundsAt,
    standardise: standardiseOf(name),
  };
  return readSamples(rowsOf(folders, sources, count), reading, heads, means);
}

/** One decoder a sample rate: networks share recordings. */
function soundsAt(rateHz: number): Sounds {
  const sounds = decoders.get(rateHz) ?? createSounds(rateHz);
  decoders.set(rateHz, sounds);
  return sounds;
}

function standardiseOf(name: string): Means['standardise'] {
  const metrics = join(METRICS, `${name}.json`);
  if (!existsSync(metrics)) return undefined;
  return (JSON.parse(readFileSync(metrics, 'utf8')) as { standardise?: Means['standardise'] }).standardise;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`quantize: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
