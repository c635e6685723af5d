/**
 * What a network says of the rows of one exam.
 * Input: network, precision, exam, rows. Output: for each row its answers, and a hash of what was asked.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { loadConfig } from '../../config/load.ts';
import type { Network } from '../../models/engines/engine.ts';
import { createEngines, loadNetwork } from '../../models/engines/load.ts';
import type { Precision, TrainedName } from '../../models/manifest.ts';
import { networkFile } from '../../models/network-file.ts';
import { temperaturesFor, type Temperatures } from '../../models/networks/calibration.ts';
import { PREPROCESSING } from '../../models/preprocess/constants.ts';
import type { GrayPicture } from '../../models/preprocess/gray-picture.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../models/prepare.ts';
import { createSounds } from '../../models/quantize/sounds.ts';
import type { Exam } from './exams.ts';
import { hear, inNoise, listenerOf, sourceListenerOf, type Heard } from './hear.ts';
import { lookerOf, readGray } from './look.ts';
import type { Said } from './said.ts';
import { rowsOf, type Row } from './test-data.ts';

/** Files as a network takes them. */
export type Input =
  | { readonly kind: 'crop'; readonly crop: GrayPicture }
  | { readonly kind: 'speech'; readonly heard: Heard }
  | { readonly kind: 'sound'; readonly samples: Float32Array };

const { config } = loadConfig();
const engines = createEngines(config.models);
const NOISE_CLASS = 'car-interior';

/** Reads the files of an exam once, for all precisions and all networks that hear alike. */
export async function inputsOf(name: TrainedName, exam: Exam, rows: readonly Row[]): Promise<Input[]> {
  if (name === 'source-voice') return await soundsOf(rows);
  if (name === 'voice' || name === 'voice-open') return await speechOf(exam, rows);
  const inputs: Input[] = [];
  for (const { file } of rows) inputs.push({ kind: 'crop', crop: await readGray(file, exam.light ?? 1) });
  return inputs;
}

async function soundsOf(rows: readonly Row[]): Promise<Input[]> {
  const sounds = createSounds(PREPROCESSING.sourceVoice.sampleRateHz);
  await sounds.decode(rows.map(({ file }) => file));
  return rows.map(({ file }) => ({ kind: 'sound', samples: sounds.of(file) }));
}

async function speechOf({ carSnrDb }: Exam, rows: readonly Row[]): Promise<Input[]> {
  const sounds = createSounds(PREPROCESSING.voice.sampleRateHz);
  const noise = carSnrDb === undefined ? null : carNoise();
  await sounds.decode([...rows.map(({ file }) => file), ...(noise === null ? [] : [noise])]);
  const folder = config.models.folder ?? DEFAULT_MODELS_FOLDER;
  const vad = await engines.onnx.load((await prepareModels(folder, ['silero-vad']))['silero-vad']);
  const inputs: Input[] = [];
  for (const { file } of rows) {
    const clean = sounds.of(file);
    const name = file.split('/').at(-1)!;
    const samples = noise === null ? clean : inNoise(clean, sounds.of(noise), carSnrDb!, name);
    inputs.push({ kind: 'speech', heard: await hear(samples, vad, config.perceive.vadThreshold) });
  }
  await vad.close();
  return inputs;
}

function carNoise(): string {
  const found = rowsOf('noise', 'test').find(({ columns }) => columns['label'] === NOISE_CLASS);
  if (found === undefined)
    throw new Error(`set 'noise' has no recording of class ${NOISE_CLASS} in its test`);
  return found.file;
}

/** @returns answers to the inputs, in their order */
export async function answersOf(
  name: TrainedName,
  precision: Precision,
  inputs: readonly Input[],
): Promise<Said[]> {
  const file = await networkFile(name, { precision });
  const network = await loadNetwork(file, engines);
  const ask = askerOf(name, network, temperaturesFor(file));
  const said: Said[] = [];
  for (const input of inputs) said.push(await ask(input));
  await network.close();
  return said;
}

function askerOf(
  name: TrainedName,
  network: Network,
  temperatures: Temperatures,
): (input: Input) => Promise<Said> {
  if (name === 'source-voice') {
    const listen = sourceListenerOf(network);
    return (input) => listen(as('sound', input).samples);
  }
  if (name === 'voice' || name === 'voice-open') {
    const listen = listenerOf(name, network, temperatures);
    return (input) => listen(as('speech', input).heard);
  }
  const look = lookerOf(name, network, temperatures);
  return (input) => look(as('crop', input).crop);
}

function as<Kind extends Input['kind']>(kind: Kind, input: Input): Extract<Input, { kind: Kind }> {
  if (input.kind !== kind) throw new Error(`the network wants ${kind}, found ${input.kind}`);
  return input as Extract<Input, { kind: Kind }>;
}

/** Of the files' bytes (of pictures: their pixels) and all columns, in order. */
export function hashOf(rows: readonly Row[], inputs: readonly Input[]): string {
  const hash = createHash('sha256');
  rows.forEach(({ file, columns }, i) => {
    const said = Object.entries(columns).filter(([column]) => column !== 'file');
    hash.update(said.map(([, value]) => value).join('|'));
    const input = inputs[i];
    hash.update(input?.kind === 'crop' ? input.crop.pixels : readFileSync(file));
  });
  return hash.digest('hex');
}
