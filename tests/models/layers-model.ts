/** Writes TF.js layers models as the converter does, with weights from a seed; and the same as ONNX. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { OnnxWriter } from '../../models/convert/onnx-writer.ts';

tf.enableProdMode(); // else the plain backend advertises tfjs-node

/** Numbers in 0..1 from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Every weight from the seed: kernels keep the size of what they are given, norms do something. */
export function fillWeights(model: tf.LayersModel, seed: number): void {
  const random = seeded(seed);
  for (const layer of model.layers) {
    const filled = layer.weights.map((weight) => {
      const dims = weight.shape.map(Number);
      const count = dims.reduce((product, size) => product * size, 1);
      const reach = Math.sqrt(3 / (count / dims.at(-1)!));
      const value = (): number => {
        if (weight.name.includes('gamma') || weight.name.includes('variance')) return 0.5 + random();
        return (dims.length === 1 ? 0.2 : reach) * (2 * random() - 1);
      };
      return tf.tensor(Float32Array.from({ length: count }, value), dims);
    });
    layer.setWeights(filled);
    tf.dispose(filled);
  }
}

/** @returns the path of the model.json; the weights lie beside it in two shards */
export async function saveLayersModel(model: tf.LayersModel, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    const bytes = Buffer.from(artifacts.weightData as ArrayBuffer);
    const half = Math.floor(bytes.length / 2);
    const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
    await writeFile(join(folder, paths[0]!), bytes.subarray(0, half));
    await writeFile(join(folder, paths[1]!), bytes.subarray(half));
    const weightsManifest = [{ paths, weights: artifacts.weightSpecs }];
    const written = { format: 'layers-model', modelTopology: artifacts.modelTopology, weightsManifest };
    await writeFile(join(folder, 'model.json'), JSON.stringify(written));
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  });
  await model.save(handler);
  return join(folder, 'model.json');
}

/** A sequential network of convolutions, norms, pools and dense layers, channels first, as an .onnx file. */
export function onnxOf(model: tf.LayersModel, input: readonly number[], classes: number): Uint8Array {
  const writer = new OnnxWriter();
  let value = 'input';
  for (const layer of model.layers) value = onnxLayer(writer, layer, value);
  writer.publish(value, 'output');
  const dims = [1, classes];
  return writer.finish('source', [{ name: 'input', dims: input }], [{ name: 'output', dims }]);
}

function onnxLayer(writer: OnnxWriter, layer: tf.layers.Layer, value: string): string {
  const weights = layer.getWeights().map((tensor) => ({
    tensor,
    name: () => writer.floats(tensor.dataSync<'float32'>(), tensor.shape),
  }));
  const [kernel, bias] = weights;
  switch (layer.getClassName()) {
    case 'Conv1D':
    case 'Conv2D': {
      // [..., in, out] -> [out, in, ...]
      const spatial = kernel!.tensor.shape.length - 2;
      const order = [spatial + 1, spatial, ...Array.from({ length: spatial }, (_, axis) => axis)];
      const turned = kernel!.tensor.transpose(order);
      const pads = Array.from({ length: 2 * spatial }, () => Math.floor(kernel!.tensor.shape[0] / 2));
      const w = writer.floats(turned.dataSync<'float32'>(), turned.shape);
      return writer.node('Relu', [writer.node('Conv', [value, w, bias!.name()], { pads })]);
    }
    case 'BatchNormalization':
      return writer.node('BatchNormalization', [value, ...weights.map((weight) => weight.name())], {
        epsilon: { float: 1e-3 },
      });
    case 'MaxPooling1D':
      return writer.node('MaxPool', [value], { kernel_shape: [2], strides: [2] });
    case 'MaxPooling2D':
      return writer.node('MaxPool', [value], { kernel_shape: [2, 2], strides: [2, 2] });
    case 'Flatten': {
      // Keras flattens channels last.
      const perm = rankOf(layer) === 3 ? [0, 2, 1] : [0, 2, 3, 1];
      return writer.node('Flatten', [writer.node('Transpose', [value], { perm })], { axis: 1 });
    }
    case 'Dense': {
      const sum = writer.node('Gemm', [value, kernel!.name(), bias!.name()]);
      const isLast = (layer.getConfig()['activation'] as string) === 'softmax';
      return isLast ? writer.node('Softmax', [sum], { axis: 1 }) : writer.node('Relu', [sum]);
    }
    case 'Dropout':
      return value;
    default:
      throw new Error(`no ONNX for layer ${layer.getClassName()}`);
  }
}

const rankOf = (layer: tf.layers.Layer): number => (layer.input as tf.SymbolicTensor).shape.length;
