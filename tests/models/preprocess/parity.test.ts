/** Pictures and sound become the same network input here as in training: golden values, and real files where they are. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PREPROCESSING } from '../../../models/preprocess/constants.ts';
import {
  createSquarer,
  grayOfRgb,
  packed,
  standardise,
  type GrayPicture,
} from '../../../models/preprocess/gray-picture.ts';
import {
  createLogMel,
  createWindowInput,
  MEL_BANDS,
  trimSilence,
  WINDOW_FRAMES,
  windowStarts,
  WINDOW_VALUES,
} from '../../../models/preprocess/log-mel.ts';
import { createMeanMfcc } from '../../../models/preprocess/mfcc.ts';

const ROOT = resolve(import.meta.dirname, '..', '..', '..');
const DATA = resolve(ROOT, '..', 'shared', 'data');
const PYTHON = '/usr/bin/python3';
const KINDS = ['face', 'faceSex', 'eye'] as const;

type OfPicture = Readonly<Record<string, string>>;
interface OfSound {
  readonly frames: number;
  readonly db: string;
  readonly trimmed: readonly [number, number];
  readonly windows: number;
  readonly inputs: string;
  readonly mfcc: string;
}
interface Golden {
  readonly every: number;
  readonly pictures: readonly ({ readonly size: readonly [number, number, number] } & OfPicture)[];
  readonly sounds: readonly ({ readonly seconds: number } & OfSound)[];
}
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, 'golden', 'preprocessing.json'), 'utf8'),
) as Golden;

const levels = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const floats = (text: string) => new Float32Array(levels(text).buffer);
const METRICS = JSON.parse(readFileSync(join(ROOT, 'models/metrics/source-voice.json'), 'utf8')) as {
  standardise: { std: number[] };
};

function* noise(seed: number): Generator<number, never> {
  for (let x = seed; ;) yield (x = (Math.imul(1664525, x) + 1013904223) >>> 0);
}

function syntheticPicture(width: number, height: number, channels: number): GrayPicture {
  const grain = noise(width * 1000 + height);
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const at = Math.floor(i / channels);
    return ((3 * (at % width) + 2 * Math.floor(at / width)) % 128) + (grain.next().value >>> 25);
  });
  return grayOf(pixels, width, height, channels);
}

function grayOf(pixels: Uint8Array, width: number, height: number, channels: number): GrayPicture {
  if (channels === 1) return packed(pixels, width, height);
  const gray = new Uint8Array(width * height);
  grayOfRgb(pixels, gray);
  return packed(gray, width, height);
}

function syntheticSound(seconds: number, rateHz: number): Float32Array {
  const length = Math.trunc(seconds * rateHz);
  const grains = noise(length);
  return Float32Array.from({ length }, (_, i) => {
    const t = i / rateHz;
    const grain = grains.next().value / 2 ** 32 - 0.5;
    const tones = 0.3 * Math.sin(2 * Math.PI * (200 + 150 * t) * t) + 0.1 * Math.sin(2 * Math.PI * 2500 * t);
    return t > 0.15 * seconds && t < 0.8 * seconds ? tones + 0.05 * grain : 1e-5 * grain;
  });
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

function comparePicture(picture: GrayPicture, wanted: OfPicture): void {
  if (wanted['gray'] !== undefined) expect(furthest(picture.pixels, levels(wanted['gray']))).toBe(0);
  const mouth = createSquarer(PREPROCESSING.mouth.side);
  mouth.letterbox(picture);
  expect(furthest(mouth.pixels, levels(wanted['letterbox']!))).toBe(0);
  for (const kind of KINDS) {
    const { side, minStd } = PREPROCESSING[kind];
    const squarer = createSquarer(side);
    squarer.stretch(picture);
    expect(furthest(squarer.pixels, levels(wanted[kind]!))).toBe(0);
    const input = new Float32Array(side * side);
    standardise(squarer.pixels, minStd, input);
    const thinned = input.filter((_, i) => i % golden.every === 0);
    expect(furthest(thinned, floats(wanted[`${kind} input`]!))).toBeLessThan(1e-5);
  }
}

/** dB agree within `dbTolerance` where the picture of the sound is not empty (-100 dB is the floor). */
function compareSound(
  samples: Float32Array,
  sourceSamples: Float32Array,
  wanted: OfSound,
  dbTolerance: number,
): void {
  const mel = createLogMel();
  const db = new Float32Array(mel.frames(samples.length) * MEL_BANDS);
  expect(mel.decibels(samples, db)).toBe(wanted.frames);
  const thinned = db.filter((_, i) => Math.floor(i / MEL_BANDS) % 7 === 0 && (i % MEL_BANDS) % 3 === 0);
  expect(furthest(thinned, floats(wanted.db))).toBeLessThan(dbTolerance);
  const [from, to] = trimSilence(db, 0, wanted.frames);
  expect([from, to]).toEqual(wanted.trimmed);
  const starts = windowStarts(from, to);
  expect(starts).toHaveLength(wanted.windows);
  const writer = createWindowInput();
  const input = new Float32Array(WINDOW_VALUES);
  const inputs = starts.flatMap((start) => {
    writer.write(db, start, Math.min(to, start + WINDOW_FRAMES), input);
    return [...input].filter((_, i) => i % golden.every === 0);
  });
  expect(furthest(inputs, floats(wanted.inputs))).toBeLessThan(dbTolerance / 20 + 1e-5);
  compareMfcc(sourceSamples, floats(wanted.mfcc));
}

/** Within a thousandth of each coefficient's standard deviation over the training clips. */
function compareMfcc(samples: Float32Array, wanted: Float32Array): void {
  const mfcc = new Float32Array(PREPROCESSING.sourceVoice.coefficients);
  createMeanMfcc().of(samples, mfcc);
  const { std } = METRICS.standardise;
  const inStd = (values: Float32Array) => values.map((value, i) => value / std[i]!);
  expect(furthest(inStd(mfcc), inStd(wanted))).toBeLessThan(1e-3);
}

describe('golden values of the training code', () => {
  it.each(golden.pictures)('picture of $size', ({ size, ...wanted }) => {
    comparePicture(syntheticPicture(...size), wanted);
  });
  it.each(golden.sounds)('sound of $seconds s', ({ seconds, ...wanted }) => {
    const { voice, sourceVoice } = PREPROCESSING;
    compareSound(
      syntheticSound(seconds, voice.sampleRateHz),
      syntheticSound(seconds, sourceVoice.sampleRateHz),
      wanted,
      1e-3,
    );
  });
});

function whyNotLive(): string | null {
  if (!existsSync(join(DATA, 'speech-samples'))) return `${DATA} is not there`;
  const torch = spawnSync(PYTHON, ['-c', 'import torch, torchaudio, PIL']);
  return torch.status === 0 ? null : `${PYTHON} has no PyTorch, torchaudio and Pillow`;
}

const decoded = (file: string, rateHz: number): Float32Array => {
  const argv = [
    '-v',
    'error',
    '-i',
    file,
    '-map',
    '0:a:0',
    '-ac',
    '1',
    '-ar',
    String(rateHz),
    '-f',
    'f32le',
    '-',
  ];
  return new Float32Array(new Uint8Array(execFileSync('ffmpeg', argv, { maxBuffer: 2 ** 28 })).buffer);
};

const missing = whyNotLive();
if (missing !== null) console.log(`live parity with the training code skipped: ${missing}`);
describe.skipIf(missing !== null)(
  'real recordings and a photograph, through the training code itself',
  () => {
    const folder = join(DATA, 'speech-samples');
    it('become the same network input', async () => {
      const sounds = readdirSync(folder)
        .filter((name) => name.endsWith('.wav'))
        .map((name) => join(folder, name));
      const picture = join(DATA, 'portrait', 'astronaut.png');
      const argv = ['-m', 'models.preprocess.golden', '--live', picture, ...sounds];
      const text = execFileSync(PYTHON, argv, {
        cwd: ROOT,
        maxBuffer: 2 ** 28,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const live = JSON.parse(text.toString()) as {
        pictures: Record<string, OfPicture>;
        sounds: Record<string, OfSound>;
      };
      const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      comparePicture(grayOf(new Uint8Array(data), info.width, info.height, 3), live.pictures[picture]!);
      for (const file of sounds) {
        const { voice, sourceVoice } = PREPROCESSING;
        compareSound(
          decoded(file, voice.sampleRateHz),
          decoded(file, sourceVoice.sampleRateHz),
          live.sounds[file]!,
          5e-3,
        );
      }
      expect(sounds.length).toBeGreaterThan(0);
    });
  },
);
