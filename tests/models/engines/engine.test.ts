/** The contract of models/engines/engine.ts, for every engine there is. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatsOf } from '../../../models/engines/engine.ts';
import type { Network, Tensor } from '../../../models/engines/engine.ts';
import { chooseProviders, onnxEngine } from '../../../models/engines/onnx.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../../models/prepare.ts';
import { FACE_REGION, portrait } from '../portrait.ts';

const engines = [onnxEngine({ threads: 1 }), onnxEngine({ threads: 2 })];
const ONNX_FILE = new URL('../../../models/engines/onnx.ts', import.meta.url).href;

let folder: string;
let files: Readonly<Record<'face-mesh' | 'silero-vad' | 'blazeface', string>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-engine-'));
  files = await prepareModels(DEFAULT_MODELS_FOLDER, ['face-mesh', 'silero-vad', 'blazeface']);
});
afterAll(() => rm(folder, { recursive: true }));

const blank = (): Tensor<Float32Array> => ({ data: new Float32Array(3 * 128 * 128), dims: [1, 3, 128, 128] });

async function withNetwork<T>(load: Promise<Network>, use: (network: Network) => Promise<T>): Promise<T> {
  const network = await load;
  try {
    return await use(network);
  } finally {
    await network.close();
  }
}

describe.each(engines)('$name', (engine) => {
  it('tells the names of inputs and outputs', () =>
    withNetwork(engine.load(files.blazeface), async (network) => {
      expect(network.inputNames).toEqual(['image']);
      expect(network.outputNames).toEqual(['scores', 'boxes']);
      return Promise.resolve();
    }));

  it('gives outputs that later runs leave alone, from inputs that may be used again', () =>
    withNetwork(engine.load(files.blazeface), async (network) => {
      const image = blank();
      const first = await network.run({ image });
      const kept = Float32Array.from(floatsOf(first, 'scores'));
      image.data.fill(0.5);
      const second = await network.run({ image });
      expect(floatsOf(first, 'scores')).toEqual(kept);
      expect(floatsOf(second, 'scores')).not.toEqual(kept);
      image.data.fill(0);
      expect(floatsOf(await network.run({ image }), 'scores')).toEqual(kept);
    }));

  it('takes integers and scalars and keeps a state through runs', () =>
    withNetwork(engine.load(files['silero-vad']), async (network) => {
      const feeds = {
        input: { data: new Float32Array(576), dims: [1, 576] },
        state: { data: new Float32Array(256), dims: [2, 1, 128] },
        sr: { data: BigInt64Array.of(16000n), dims: [] },
      };
      const { output, stateN } = await network.run(feeds);
      expect(output?.dims).toEqual([1, 1]);
      expect(stateN?.dims).toEqual([2, 1, 128]);
      expect(floatsOf({ output: output! }, 'output')[0]).toBeLessThan(0.1); // silence is no speech
      expect(stateN?.data).not.toEqual(feeds.state.data);
    }));

  it('names the file and the input that is missing or of the wrong size', () =>
    withNetwork(engine.load(files.blazeface), async (network) => {
      await expect(network.run({})).rejects.toThrow(`model ${files.blazeface}: input 'image' is missing`);
      const short = { data: new Float32Array(10), dims: [1, 3, 128, 128] };
      await expect(network.run({ image: short })).rejects.toThrow(
        "input 'image' of shape [1,3,128,128] should have 49152 numbers, found 10",
      );
      const wide = { data: new Float32Array(3 * 64 * 64), dims: [1, 3, 64, 64] };
      await expect(network.run({ image: wide })).rejects.toThrow(
        /^model \S+blazeface\.onnx could not compute: .*image.*/,
      );
    }));

  it.each([
    ['empty', Buffer.alloc(0)],
    ['text', Buffer.from('no network at all')],
  ])('says in one line that a file is no network: %s', async (what, bytes) => {
    const file = join(folder, `${what}.onnx`);
    await writeFile(file, bytes);
    await expect(engine.load(file)).rejects.toThrow(
      /^model file \S+ is no network that ONNX Runtime can load: [^\n]+$/,
    );
  });

  it('says that a file is missing', async () => {
    await expect(engine.load(join(folder, 'none.onnx'))).rejects.toThrow(
      `model file ${join(folder, 'none.onnx')} is missing; run 'npm run models'`,
    );
  });

  it('can be closed twice, and then says so', async () => {
    const network = await engine.load(files.blazeface);
    await network.close();
    await network.close();
    await expect(network.run({ image: blank() })).rejects.toThrow(/is closed$/);
  });
});

it('computes the same in a worker thread', async () => {
  const image = await portrait(FACE_REGION, 192, 0, 1);
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { onnxEngine } = await import(workerData.engine);
    const network = await onnxEngine({ threads: 1 }).load(workerData.file);
    const out = await network.run({ image: { data: workerData.data, dims: [1, 3, 192, 192] } });
    parentPort.postMessage(out.rightEye.data);
    await network.close();
  `;
  const workerData = { engine: ONNX_FILE, file: files['face-mesh'], data: image.nchw };
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData });
  const there = await new Promise<Float32Array>((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
  });
  await worker.terminate();
  const here = await withNetwork(engines[0]!.load(files['face-mesh']), (network) =>
    network.run({ image: { data: image.nchw, dims: [1, 3, 192, 192] } }),
  );
  expect(there).toEqual(floatsOf(here, 'rightEye'));
});

it('computes a face that lies at the border of its region', async () => {
  // Here the graph as published reads beyond its feature image, and ONNX Runtime refuses.
  const image = await portrait({ left: 170, top: 65, width: 100, height: 100 }, 192, 0, 1);
  const out = await withNetwork(engines[0]!.load(files['face-mesh']), (network) =>
    network.run({ image: { data: image.nchw, dims: [1, 3, 192, 192] } }),
  );
  expect(floatsOf(out, 'faceFlag')[0]).toBeGreaterThan(0);
  expect(floatsOf(out, 'leftEye').every(Number.isFinite)).toBe(true);
});

describe('chooseProviders', () => {
  it('keeps the wanted order, leaves out what this build lacks, ends with the CPU', () => {
    expect(chooseProviders(['tensorrt', 'cuda'], ['cpu', 'cuda', 'tensorrt'])).toEqual([
      'tensorrt',
      'cuda',
      'cpu',
    ]);
    expect(chooseProviders(['cpu', 'cuda', 'cuda'], ['cpu', 'cuda'])).toEqual(['cuda', 'cpu']);
    expect(chooseProviders(['tensorrt'], ['cpu'])).toEqual(['cpu']);
    expect(chooseProviders([], ['cpu', 'webgpu'])).toEqual(['cpu']);
  });
});

describe('floatsOf', () => {
  it('says which output is missing or of another type', () => {
    expect(() => floatsOf({}, 'scores')).toThrow(
      "network output 'scores' should be float32, found no such output",
    );
    const indices = { data: BigInt64Array.of(1n), dims: [1] };
    expect(() => floatsOf({ scores: indices }, 'scores')).toThrow('found BigInt64Array');
  });
});
