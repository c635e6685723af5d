/** `npm run train`: what it asks of the machine, and one training from data to a network that loads. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxEngine } from '../../../models/engines/onnx.ts';
import { TRAINED } from '../../../models/manifest.ts';
import { sha256 } from '../../../models/prepare.ts';
import { seeded } from '../layers-model.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PYTHON = process.env['PYTHON'] ?? '/usr/bin/python3';
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch, onnx, scipy, PIL, cv2']).status === 0;
const DATA = join(ROOT, '..', 'shared', 'data');
const hasData = existsSync(join(DATA, 'face-yawn.tar.gz'));
if (!hasTorch) console.log(`no training is tried: ${PYTHON} has no PyTorch`);
else if (!hasData) console.log(`mouth is not trained: ${DATA} has no face-yawn.tar.gz`);

const run = promisify(execFile);
const train = (words: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  run(process.execPath, [join(ROOT, 'scripts', 'train.ts'), ...words], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
  });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-train-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('without PyTorch', () => {
  it('names the modules and the packages that are missing', async () => {
    const bare = join(folder, 'python3');
    await writeFile(bare, '#!/bin/sh\necho torch cv2\n');
    await chmod(bare, 0o755);
    await expect(train(['mouth', '--smoke'], { PYTHON: bare })).rejects.toMatchObject({
      code: 1,
      stderr: `training needs PyTorch: ${bare} has no torch, cv2; run 'sudo apt-get install --no-install-recommends python3-torch python3-opencv'\n`,
    });
  });

  it('says so when there is no Python at all', async () => {
    await expect(train(['source-voice'], { PYTHON: '/nowhere/python3' })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^training needs PyTorch: \/nowhere\/python3 cannot be run; run '.*install-recommends python3 python3-torch .* python3-torchaudio'\n$/,
      ) as string,
    });
  });
});

// Two trainings of seconds, on a machine that may be busy with a long one.
describe.skipIf(!hasTorch)('with PyTorch', { timeout: 240_000 }, () => {
  it('trains, exports and measures face-emotion on a tiny set in the published layout', async () => {
    await writeFile(join(folder, 'fer2013.csv'), faces());
    await writeFile(join(folder, 'fer2013new.csv'), votes());
    const { stdout } = await train(['face-emotion', '--smoke', '--run', 'test', '--data', folder]);
    const { weights, metrics } = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, string>;
    expect(weights).toMatch(/\.cache\/training\/smoke\/face-emotion-test\/weights\/face-emotion\.onnx$/);
    const measured = JSON.parse(await readFile(metrics!, 'utf8')) as Metrics;
    expect(measured.weights.sha256).toBe(sha256(await readFile(weights!)));
    expect(measured.training.epochs).toBe(2);
    expect(measured.scores.test.fer.n).toBe(ROWS / 4);
    const network = await onnxEngine({ threads: 1 }).load(weights!);
    expect(network.inputShapes).toEqual(TRAINED['face-emotion'].inputs.map((port) => port.dims));
    expect(network.outputShapes).toEqual(TRAINED['face-emotion'].outputs.map((port) => port.dims));
    await network.close();
  });

  it.skipIf(!hasData)('trains mouth on a subset of the real set', async () => {
    const { stdout } = await train(['mouth', '--smoke', '--run', 'test', '--data', DATA]);
    const { weights } = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, string>;
    const network = await onnxEngine({ threads: 1 }).load(weights!);
    expect(network.outputShapes).toEqual(TRAINED.mouth.outputs.map((port) => port.dims));
    await network.close();
  });

  it('passes on how the training ended', async () => {
    await expect(train(['nobody'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("invalid choice: 'nobody'") as string,
    });
  });
});

interface Metrics {
  readonly weights: { readonly sha256: string };
  readonly training: { readonly epochs: number };
  readonly scores: { readonly test: { readonly fer: { readonly n: number } } };
}

const ROWS = 480;
const isTest = (row: number) => row % 4 === 3;

/** FER2013 as published: noise whose brightness says the emotion. */
function faces(): string {
  const random = seeded(3);
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const emotion = row % 7;
    const pixels = Array.from({ length: 48 * 48 }, () => Math.floor(100 * random() + 20 * emotion));
    return `${emotion},${pixels.join(' ')},${isTest(row) ? 'PublicTest' : 'Training'}`;
  });
  return ['emotion,pixels,Usage', ...rows].join('\n');
}

/** FER+ beside it: ten votes for one class. */
function votes(): string {
  const classes = ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'];
  const columns = [...classes, 'contempt', 'unknown', 'NF'];
  const rows = Array.from({ length: ROWS }, (_, row) =>
    columns.map((name) => (name === classes[row % 7] ? 10 : 0)).join(','),
  );
  return [columns.join(','), ...rows].join('\n');
}
