/** The source system's networks, layer by layer: their size, and the same answers from both engines. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import proto from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { floatsOf } from '../../models/engines/engine.ts';
import type { Network } from '../../models/engines/engine.ts';
import { createEngines, loadNetwork } from '../../models/engines/load.ts';
import { networkFiles, weightsFile } from '../../models/network-file.ts';
import type { TrainedName } from '../../models/manifest.ts';
import { fillWeights, onnxOf, saveLayersModel, seeded } from './layers-model.ts';
import { SOURCE_IMAGE, SOURCE_VOICE, countsOf, sourceImage, sourceVoice } from './source-networks.ts';

const TOLERANCE = 1e-4; // of a probability
const engines = createEngines({ threads: 1, providers: [] });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-source-'));
  await engines.tfjs(); // chooses the backend
});
afterAll(() => rm(folder, { recursive: true }));

const cases = [
  { name: 'source-image', build: sourceImage, counts: SOURCE_IMAGE, dims: [1, 1, 48, 48], classes: 7 },
  { name: 'source-voice', build: sourceVoice, counts: SOURCE_VOICE, dims: [1, 1, 49], classes: 14 },
] as const;

describe.each(cases)('$name', ({ name, build, counts, dims, classes }) => {
  it(`has ${counts.parameters} parameters, ${counts.trainable} of them trainable`, () => {
    const model = build();
    expect(countsOf(model)).toEqual(counts);
    expect(model.outputs.map((output) => output.shape)).toEqual([[null, classes]]);
    model.dispose();
  });

  it.skipIf(!existsSync(weightsFile(name, 'fp32')))('has as many in the committed weights', async () => {
    const { onnx } = proto;
    const { graph } = onnx.ModelProto.decode(await readFile(weightsFile(name, 'fp32')));
    const sizes = (graph?.initializer ?? []).map((tensor) =>
      (tensor.dims ?? []).reduce<number>((product, size) => product * Number(size), 1),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(counts.parameters);
  });

  it('answers the same in TensorFlow.js and in ONNX Runtime, in our place for it', async () => {
    const model = build();
    fillWeights(model, 5);
    const keras = await saveLayersModel(model, join(folder, name));
    const onnx = join(folder, `${name}.onnx`);
    await writeFile(onnx, onnxOf(model, dims, classes));
    model.dispose();
    const [one, other] = [await custom(name, keras, 'tfjs'), await custom(name, onnx, 'onnx')];
    const random = seeded(9);
    for (let trial = 0; trial < 3; trial += 1) {
      const length = dims.reduce((product: number, size) => product * size, 1);
      const data = Float32Array.from({ length }, () => 4 * random() - 2);
      const [a, b] = [await probabilities(one, data, dims), await probabilities(other, data, dims)];
      expect(a).toHaveLength(classes);
      expect(Math.max(...a)).toBeLessThan(0.9); // a saturated answer would hide differences
      expect(Math.max(...a.map((p, index) => Math.abs(p - b[index]!)))).toBeLessThan(TOLERANCE);
    }
    await Promise.all([one.close(), other.close()]);
    expect(tf.memory().numTensors).toBeLessThan(200); // nothing piles up
  });
});

async function custom(name: TrainedName, file: string, engine: 'tfjs' | 'onnx'): Promise<Network> {
  const { models } = configSchema.parse({ models: { custom: { [name]: { file, engine } } } });
  return await loadNetwork((await networkFiles([name], models))[name], engines);
}

/** The network gives log-probabilities under the port `logits`, as ours give logits. */
async function probabilities(
  network: Network,
  data: Float32Array,
  dims: readonly number[],
): Promise<number[]> {
  return Array.from(floatsOf(await network.run({ input: { data, dims } }), 'logits'), Math.exp);
}
