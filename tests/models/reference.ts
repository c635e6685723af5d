/** The original engine: TensorFlow.js on its WebAssembly backend, run on the graphs we convert. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

const require = createRequire(import.meta.url);

/** Chooses the backend; `wasm` computes the networks in reasonable time, `cpu` is plain JavaScript. */
export async function useBackend(name: 'wasm' | 'cpu'): Promise<void> {
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  await tf.setBackend(name);
  await tf.ready();
}

/**
 * Runs a graph model of an npm package.
 * @param file path within the package, the .json
 * @param image NHWC, values as the network wants them
 * @param outputs names of nodes
 */
export async function runOriginal(
  npmPackage: string,
  file: string,
  image: { readonly data: Float32Array; readonly side: number },
  outputs: readonly string[],
): Promise<Readonly<Record<string, Float32Array>>> {
  const path = join(dirname(require.resolve(`${npmPackage}/package.json`)), file);
  const model = await loadGraphModel({ load: () => Promise.resolve(artifacts(path)) });
  const [input] = model.inputs;
  const tensor = tf.tensor4d(image.data, [1, image.side, image.side, 3]);
  const results = model.execute({ [input!.name]: tensor }, [...outputs]) as tf.Tensor[];
  const named: Record<string, Float32Array> = {};
  for (const [index, name] of outputs.entries()) named[name] = (await results[index]!.data()) as Float32Array;
  tf.dispose([tensor, ...results]);
  model.dispose();
  return named;
}

function artifacts(path: string): io.ModelArtifacts {
  const model = JSON.parse(readFileSync(path, 'utf8')) as io.ModelJSON;
  const weights = model.weightsManifest.flatMap((group) => group.paths);
  const bytes = Uint8Array.from(
    Buffer.concat(weights.map((file) => readFileSync(join(dirname(path), file)))),
  );
  return {
    modelTopology: model.modelTopology,
    weightSpecs: model.weightsManifest.flatMap((group) => group.weights),
    weightData: bytes.buffer,
  };
}
