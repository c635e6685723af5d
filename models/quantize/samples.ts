/**
 * Recordings as network input: pictures by models/preprocess/gray-picture.ts, speech by log-mel.ts, exactly
 * as the product computes them. Every other voice gets cabin noise, as on the road; the source system's voices
 * are read by mfcc.ts.
 */
import sharp from 'sharp';
import { PREPROCESSING } from '../preprocess/constants.ts';
import { createSquarer, grayOfRgb, packed, standardise } from '../preprocess/gray-picture.ts';
import type { GrayPicture } from '../preprocess/gray-picture.ts';
import {
  MEL_BANDS,
  WINDOW_FRAMES,
  WINDOW_VALUES,
  createLogMel,
  createWindowInput,
  trimSilence,
  windowStarts,
} from '../preprocess/log-mel.ts';
import { createMeanMfcc } from '../preprocess/mfcc.ts';
import type { Head, Reading } from './recipes.ts';
import type { Sounds } from './sounds.ts';
import type { Row } from './tables.ts';

/** One input with what is true of it. */
export interface Sample {
  /** The set, and `+ noise` where cabin noise was mixed in. */
  readonly group: string;
  /** Data of the network's one input. */
  readonly input: Float32Array;
  /** By head: number of the true label, -1 where the set does not say. */
  readonly truth: readonly number[];
}

/** Signal over noise of the noisy half, decibels, in turn. */
const SNR_DB = [0, 5, 10, 15, 20];

/** What reading needs besides the rows. */
export interface Means {
  /** Files of cabin noise, for log-mel. */
  readonly noises: readonly string[];
  /** Decoders by sample rate in Hz. */
  readonly sounds: (rateHz: number) => Sounds;
  /** Of the mean MFCCs, from the metrics of the network that learnt with them. */
  readonly standardise: { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
}

/** Rows without any label that the network knows are left out. */
export async function readSamples(
  rows: readonly Row[],
  reading: Reading,
  heads: readonly Head[],
  means: Means,
): Promise<Sample[]> {
  const usable = rows
    .map((row) => ({ ...row, truth: heads.map((head) => truthOf(row, head)) }))
    .filter(({ truth }) => truth.some((label) => label >= 0));
  const read = await readerOf(
    reading,
    usable.map(({ file }) => file),
    means,
  );
  const samples: Sample[] = [];
  for (const [index, row] of usable.entries())
    samples.push({ ...(await read(row, index)), truth: row.truth });
  return samples;
}

type Reader = (
  row: Row,
  index: number,
) => Promise<Pick<Sample, 'group' | 'input'>> | Pick<Sample, 'group' | 'input'>;

async function readerOf(reading: Reading, files: readonly string[], means: Means): Promise<Reader> {
  if (reading.kind === 'picture') return pictureReader(reading);
  const isLogMel = reading.kind === 'log-mel';
  const sounds = means.sounds(PREPROCESSING[isLogMel ? 'voice' : 'sourceVoice'].sampleRateHz);
  await sounds.decode([...(isLogMel ? means.noises : []), ...files]);
  return isLogMel ? voiceReader(means.noises, sounds) : mfccReader(means.standardise, sounds);
}

/** `sex label` is both columns together, e.g. `female happy`. */
const truthOf = ({ columns }: Row, { labels, column }: Head): number =>
  labels.indexOf(
    column
      .split(' ')
      .map((name) => columns[name] ?? '')
      .join(' '),
  );

function pictureReader({ side, minStd, fit }: Extract<Reading, { kind: 'picture' }>): Reader {
  const squarer = createSquarer(side);
  return async ({ file, set }) => {
    squarer[fit](await grayPicture(file));
    const input = new Float32Array(side * side);
    standardise(squarer.pixels, minStd, input);
    return { group: set, input };
  };
}

/** A picture file of any kind that sharp reads, as gray levels. */
async function grayPicture(file: string): Promise<GrayPicture> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  if (info.channels === 1) return packed(data, info.width, info.height);
  const gray = new Uint8Array(info.width * info.height);
  grayOfRgb(data, gray);
  return packed(gray, info.width, info.height);
}

function voiceReader(noises: readonly string[], sounds: Sounds): Reader {
  const [logMel, window] = [createLogMel(), createWindowInput()];
  return ({ file, set }, index) => {
    const noisy = index % 2 === 1 && noises.length > 0;
    let samples = sounds.of(file);
    if (noisy) {
      const noise = sounds.of(noises[(index >> 1) % noises.length]!);
      samples = mixed(samples, noise, SNR_DB[(index >> 1) % SNR_DB.length]!);
    }
    const db = new Float32Array(logMel.frames(samples.length) * MEL_BANDS);
    const [from, to] = trimSilence(db, 0, logMel.decibels(samples, db));
    const start = windowStarts(from, to)[0] ?? from;
    const input = new Float32Array(WINDOW_VALUES);
    window.write(db, start, Math.min(to, start + WINDOW_FRAMES), input);
    return { group: noisy ? `${set} + noise` : set, input };
  };
}

/** Standardised coefficients 1-49; the first is loudness. */
function mfccReader(standards: Means['standardise'], sounds: Sounds): Reader {
  if (!standards) throw new Error("mean MFCCs need 'standardise' of models/metrics/source-voice.json");
  const { coefficients, used } = PREPROCESSING.sourceVoice;
  const mfcc = createMeanMfcc();
  return ({ file, set }) => {
    const all = new Float32Array(coefficients);
    mfcc.of(sounds.of(file), all);
    const standard = all.map((value, c) => (value - standards.mean[c]!) / standards.std[c]!);
    return { group: set, input: standard.slice(coefficients - used) };
  };
}

/** Speech with noise `snrDb` below its mean power; short noise is repeated. */
function mixed(speech: Float32Array, noise: Float32Array, snrDb: number): Float32Array {
  const power = (x: Float32Array): number => x.reduce((sum, value) => sum + value * value, 0) / x.length;
  const gain = Math.sqrt(power(speech) / Math.max(power(noise), 1e-12) / 10 ** (snrDb / 10));
  return speech.map((value, i) => value + gain * noise[i % noise.length]!);
}
