/** A researcher's own Keras/TF.js network: reading it, computing it, fitting it to the place of ours. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatsOf } from '../../../models/engines/engine.ts';
import type { InferenceEngine, Network } from '../../../models/engines/engine.ts';
import { fitNetwork } from '../../../models/engines/fit.ts';
import { tfjsEngine } from '../../../models/engines/tfjs.ts';
import { TRAINED } from '../../../models/manifest.ts';
import { fillWeights, saveLayersModel } from '../layers-model.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

let folder: string;
let engine: InferenceEngine;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-tfjs-'));
  engine = await tfjsEngine();
  file = await saveLayersModel(colours(), join(folder, 'colours'));
});
afterAll(() => rm(folder, { recursive: true }));

/** [1,4,5,3], channels last, to three probabilities. */
function colours(): tf.LayersModel {
  const pool = tf.layers.globalAveragePooling2d({ inputShape: [4, 5, 3], dataFormat: 'channelsLast' });
  const model = tf.sequential({ layers: [pool, tf.layers.softmax()] });
  fillWeights(model, 1);
  return model;
}

const image = (value: (index: number) => number) => Float32Array.from({ length: 60 }, (_, i) => value(i));

describe('the TensorFlow.js engine', () => {
  it('names its runtime, backend included', () => {
    expect(engine.name).toBe('tfjs 4.22.0 (wasm)');
  });

  it('tells names and shapes, computes, and leaves earlier outputs alone', async () => {
    const network = await engine.load(file);
    expect(network.inputShapes).toEqual([[null, 4, 5, 3]]);
    expect(network.outputShapes).toEqual([[null, 3]]);
    const [input, output] = [network.inputNames[0]!, network.outputNames[0]!];
    const red = { data: image((i) => (i % 3 === 0 ? 2 : 0)), dims: [1, 4, 5, 3] };
    const first = floatsOf(await network.run({ [input]: red }), output);
    const sum = Math.exp(2) + 2;
    expect(first[0]).toBeCloseTo(Math.exp(2) / sum, 5);
    const kept = Float32Array.from(first);
    await network.run({ [input]: { ...red, data: image(() => 1) } });
    expect(first).toEqual(kept);
    await network.close();
  });

  it('keeps nothing of a run but the network itself', async () => {
    const network = await engine.load(file);
    const feeds = { [network.inputNames[0]!]: { data: image(() => 1), dims: [1, 4, 5, 3] } };
    await network.run(feeds);
    const before = tf.memory().numTensors;
    for (let run = 0; run < 5; run += 1) await network.run(feeds);
    expect(tf.memory().numTensors).toBe(before);
    await network.close();
  });

  it('says what is wrong with an input, and that it is closed', async () => {
    const network = await engine.load(file);
    const input = network.inputNames[0]!;
    await expect(network.run({})).rejects.toThrow(`model ${file}: input '${input}' is missing`);
    const short = { data: new Float32Array(7), dims: [1, 4, 5, 3] };
    await expect(network.run({ [input]: short })).rejects.toThrow('should have 60 numbers, found 7');
    const long = { data: new BigInt64Array(60), dims: [1, 4, 5, 3] };
    await expect(network.run({ [input]: long })).rejects.toThrow('TensorFlow.js has no 64-bit integers');
    const turned = { data: new Float32Array(60), dims: [1, 3, 4, 5] };
    await expect(network.run({ [input]: turned })).rejects.toThrow(/^model \S+ could not compute: [^\n]+$/);
    await network.close();
    await network.close();
    await expect(network.run({ [input]: turned })).rejects.toThrow(/is closed$/);
  });

  it.each([
    [
      'text',
      'no JSON',
      /^model file \S+ is no model\.json: .*; a Keras file is converted by 'tensorflowjs_conv/,
    ],
    ['an HDF5 file', '\u0089HDF', /^model file \S+ is no model\.json: /],
    ['another JSON', '{"layers":[]}', /should hold modelTopology and weightsManifest; /],
    ['null', 'null', /should hold modelTopology and weightsManifest; /],
    ['a graph model', '{"format":"graph-model"}', /is a TF\.js graph model, wanted a layers model; /],
    [
      'layers nobody knows',
      '{"modelTopology":{"class_name":"Sequential","config":{"layers":[{"class_name":"Rnn9"}]}},"weightsManifest":[]}',
      /^model file \S+ is no layers model that TensorFlow\.js can load: [^\n]+$/,
    ],
  ])('says in one sentence that a file is no layers model: %s', async (_what, text, message) => {
    const wrong = join(folder, 'wrong.json');
    await writeFile(wrong, text);
    await expect(engine.load(wrong)).rejects.toThrow(message);
  });

  it('names the weights that are missing or cut short', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 3 })] });
    const json = await saveLayersModel(model, join(folder, 'cut'));
    const shard = join(folder, 'cut', 'group1-shard2of2.bin');
    await writeFile(shard, (await readFile(shard)).subarray(0, 4));
    await expect(engine.load(json)).rejects.toThrow(
      /^model file \S+ is no layers model .* can load: [^\n]+$/,
    );
    await rm(shard);
    await expect(engine.load(json)).rejects.toThrow(
      `model file ${json}: its weights ${shard} cannot be read`,
    );
    await expect(engine.load(join(folder, 'none.json'))).rejects.toThrow(
      /^model file \S+ cannot be read: ENOENT/,
    );
  });
});

describe('a network of the user in the place of ours', () => {
  const place = {
    name: 'face-sex',
    inputs: [port('input', [1, 3, 4, 5])],
    outputs: [port('logits', [1, 3])],
  } as const;
  const fitted = async (gives: 'logits' | 'probabilities', facts = place as typeof place | object) =>
    fitNetwork(await engine.load(file), { file, facts: { ...place, ...facts }, gives });

  it('gets its channels last and gives logits', async () => {
    const network = await fitted('probabilities');
    expect([network.inputNames, network.inputShapes, network.outputNames, network.outputShapes]).toEqual([
      ['input'],
      [[1, 3, 4, 5]],
      ['logits'],
      [[1, 3]],
    ]);
    // The first of three planes is 1, so the first class wins.
    const data = image((i) => (i < 20 ? 1 : 0));
    const { logits } = await network.run({ input: { data, dims: [1, 3, 4, 5] } });
    const sum = Math.E + 2;
    const expected = [Math.E / sum, 1 / sum, 1 / sum].map(Math.log);
    for (const [index, value] of expected.entries()) expect(logits!.data[index]).toBeCloseTo(value, 5);
    expect(logits!.dims).toEqual([1, 3]);
    await network.close();
  });

  it('passes logits on as they are', async () => {
    const network = await fitted('logits');
    const { logits } = await network.run({ input: { data: image(() => 0), dims: [1, 3, 4, 5] } });
    for (const value of logits!.data) expect(value).toBeCloseTo(1 / 3, 6);
    await network.close();
  });

  it('answers for every head when it has one and ours has two', async () => {
    const network = await fitted('logits', { outputs: [{ ...port('logits', [1, 6]), heads: 2 }] });
    const data = image((i) => (i < 20 ? 1 : 0));
    const { logits } = await network.run({ input: { data, dims: [1, 3, 4, 5] } });
    expect(logits!.dims).toEqual([1, 6]);
    expect(logits!.data.slice(0, 3)).toEqual(logits!.data.slice(3));
    await network.close();
  });

  it('is refused in one sentence when input or output do not fit', async () => {
    await expect(fitted('logits', { inputs: [port('input', [1, 1, 32, 32])] })).rejects.toThrow(
      `network ${file} in the place of face-sex takes [?,4,5,3], wanted [1,1,32,32] or [1,32,32,1]`,
    );
    await expect(fitted('logits', { outputs: TRAINED['face-emotion'].outputs })).rejects.toThrow(
      `network ${file} in the place of face-sex gives [?,3], wanted [1,14] or [1,7]`,
    );
  });

  it('is refused when it takes or gives more than one tensor', () => {
    const two: Network = {
      inputNames: ['a', 'b'],
      outputNames: ['c'],
      inputShapes: [[1, 3, 4, 5], [1]],
      outputShapes: [[1, 3]],
      run: () => Promise.reject(new Error('not to be run')),
      close: () => Promise.resolve(),
    };
    expect(() => fitNetwork(two, { file: 'two.onnx', facts: place, gives: 'logits' })).toThrow(
      'network two.onnx in the place of face-sex takes [1,3,4,5] and [1], wanted [1,3,4,5] or [1,4,5,3]',
    );
  });
});

/** The engine copied beside a node_modules of its own: what it does depends on which packages lie there. */
describe('which TensorFlow.js is loaded', () => {
  const run = promisify(execFile);
  const STAND_IN = `
    const util = require('node:util');
    if (!util.isNullOrUndefined(null) || util.isNullOrUndefined(0)) throw new Error('no Node of old');
    const tf = require(${JSON.stringify(join(ROOT, 'node_modules', '@tensorflow', 'tfjs'))});
    module.exports = { ...tf, loadLayersModel: (...given) => {
      console.error('loaded by the stand-in');
      return tf.loadLayersModel(...given);
    } };
  `;

  async function answerWith(name: string, packages: Readonly<Record<string, string | null>>) {
    const home = join(folder, name);
    await cp(join(ROOT, 'models', 'engines'), join(home, 'engines'), { recursive: true });
    for (const [npmPackage, code] of Object.entries(packages)) {
      const target = join(home, 'node_modules', npmPackage);
      await mkdir(join(target, '..'), { recursive: true });
      if (code === null) await symlink(join(ROOT, 'node_modules', npmPackage), target);
      else {
        await mkdir(target);
        await writeFile(join(target, 'index.js'), code);
        await writeFile(join(target, 'package.json'), JSON.stringify({ name: npmPackage, main: 'index.js' }));
      }
    }
    await writeFile(
      join(home, 'call.ts'),
      `import { tfjsEngine } from './engines/tfjs.ts';
       try {
         const engine = await tfjsEngine();
         const network = await engine.load(process.argv[2]);
         const data = new Float32Array(60).fill(1);
         const out = await network.run({ [network.inputNames[0]]: { data, dims: [1, 4, 5, 3] } });
         console.log(engine.name, Object.values(out)[0].data[0].toFixed(4));
       } catch (error) {
         console.log(error.message);
       }`,
    );
    const { stdout, stderr } = await run(process.execPath, [join(home, 'call.ts'), file]);
    return { said: stdout.trim(), stderr };
  }

  it('is tfjs-node when it is there, with the function that it misses on this Node', async () => {
    const { said, stderr } = await answerWith('native', { '@tensorflow/tfjs-node': STAND_IN });
    expect(said).toBe('tfjs-node 4.22.0 (tensorflow) 0.3333');
    expect(stderr).toContain('loaded by the stand-in');
  });

  it('is plain JavaScript when tfjs-node was installed without its library', async () => {
    const broken = `throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found');`;
    const packages = { '@tensorflow/tfjs-node': broken, '@tensorflow/tfjs': null };
    const { said, stderr } = await answerWith('broken', packages);
    expect(said).toBe('tfjs 4.22.0 (cpu) 0.3333');
    expect(stderr).not.toContain('install our node backend');
  });

  it('is none, in one sentence, when neither can be loaded', async () => {
    const packages = { '@tensorflow/tfjs-node': 'throw "no library"' };
    expect((await answerWith('neither', packages)).said).toBe(
      'TensorFlow.js cannot be loaded: install @tensorflow/tfjs-node or @tensorflow/tfjs 4.22 beside the program ' +
        '(@tensorflow/tfjs-node cannot be loaded: no library; @tensorflow/tfjs is not installed)',
    );
  });
});

function port(name: string, dims: readonly number[]) {
  return { name, type: 'float32', dims, meaning: 'of the test' } as const;
}
