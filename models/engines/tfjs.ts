/**
 * Inference by TensorFlow.js, for a Keras/TF.js layers model of the user's own.
 * Input: a `model.json` (tensorflowjs_converter's layers format) with its weight shards beside it.
 *
 * The runtime is an optional peer, loaded when first needed: `@tensorflow/tfjs-node` (libtensorflow), else
 * `@tensorflow/tfjs`, which computes by `@tensorflow/tfjs-backend-wasm` where that is installed, else in
 * plain JavaScript. Like ONNX Runtime it computes on the calling thread.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import util from 'node:util';
import type * as Tf from '@tensorflow/tfjs';
import { fedTensor, firstLine } from './engine.ts';
import type { InferenceEngine, Network, Shape, Tensor, Tensors } from './engine.ts';
import { readLayersModel } from './tfjs-file.ts';

type Runtime = typeof Tf;

/**
 * Loads TensorFlow.js and chooses its fastest backend.
 * @throws Error with one sentence when neither package is installed, or none can start
 */
export async function tfjsEngine(): Promise<InferenceEngine> {
  const { tf, label } = await runtime();
  return { name: label, load: (file) => load(tf, file) };
}

async function runtime(): Promise<{ tf: Runtime; label: string }> {
  const native = await nativeRuntime();
  if ('tf' in native) return { tf: native.tf, label: `tfjs-node ${native.tf.version.tfjs} (tensorflow)` };
  const plain = await packageOf('@tensorflow/tfjs');
  if ('value' in plain) {
    const tf = plain.value as Runtime;
    tf.enableProdMode(); // else it prints an advertisement for tfjs-node
    await chooseBackend(tf);
    return { tf, label: `tfjs ${tf.version.tfjs} (${tf.getBackend()})` };
  }
  throw new Error(
    'TensorFlow.js cannot be loaded: install @tensorflow/tfjs-node or @tensorflow/tfjs 4.22 beside the program ' +
      `(${native.fault}; ${plain.fault})`,
  );
}

/** tfjs-node 4.22 calls a function that Node 23 removed (tfjs issue 8609). Given back before it is loaded. */
async function nativeRuntime(): Promise<{ tf: Runtime } | { fault: string }> {
  const old = util as {
    isNullOrUndefined?: (value: unknown) => boolean;
    isArray?: (value: unknown) => boolean;
  };
  old.isNullOrUndefined ??= (value) => value === null || value === undefined;
  old.isArray ??= (value) => Array.isArray(value); // deprecated, still in Node 24
  const native = await packageOf('@tensorflow/tfjs-node');
  if ('fault' in native) return native;
  try {
    const tf = native.value as Runtime;
    await tf.ready();
    return { tf };
  } catch (error) {
    return { fault: `@tensorflow/tfjs-node cannot start: ${firstLine(error)}` };
  }
}

async function chooseBackend(tf: Runtime): Promise<void> {
  const wasm = await packageOf('@tensorflow/tfjs-backend-wasm');
  if ('value' in wasm) {
    const { setWasmPaths } = wasm.value as { setWasmPaths: (folder: string) => void };
    setWasmPaths(`${dirname(locate('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
    if (await tf.setBackend('wasm').catch(() => false)) return;
  }
  await tf.setBackend('cpu');
  await tf.ready();
}

const locate = (name: string): string => createRequire(import.meta.url).resolve(name);

/** What the package exports, or why not; tfjs-node without its library throws an error without a code. */
async function packageOf(name: string): Promise<{ value: unknown } | { fault: string }> {
  let entry: string;
  try {
    entry = locate(name);
  } catch {
    return { fault: `${name} is not installed` };
  }
  try {
    const module = (await import(pathToFileURL(entry).href)) as { default: unknown };
    return { value: module.default };
  } catch (error) {
    return { fault: `${name} cannot be loaded: ${firstLine(error)}` };
  }
}

async function load(tf: Runtime, file: string): Promise<Network> {
  const artifacts = await readLayersModel(file);
  try {
    return new TfjsNetwork(file, tf, await tf.loadLayersModel({ load: () => Promise.resolve(artifacts) }));
  } catch (cause) {
    throw new Error(
      `model file ${file} is no layers model that TensorFlow.js can load: ${firstLine(cause)}`,
      {
        cause,
      },
    );
  }
}

class TfjsNetwork implements Network {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  private readonly file: string;
  private readonly tf: Runtime;
  private model: Tf.LayersModel | null;

  constructor(file: string, tf: Runtime, model: Tf.LayersModel) {
    this.file = file;
    this.tf = tf;
    this.model = model;
    // Not model.inputNames: a Sequential just loaded has none before its first run.
    this.inputNames = model.inputs.map((input) => input.name);
    this.outputNames = model.outputs.map((output) => output.name);
    this.inputShapes = model.inputs.map((input) => input.shape);
    this.outputShapes = model.outputs.map((output) => output.shape);
  }

  async run(feeds: Tensors): Promise<Tensors> {
    const model = this.model;
    if (!model) throw new Error(`model ${this.file} is closed`);
    const fed = this.inputNames.map((name) => fedTensor(this.file, name, feeds));
    let results: Tf.Tensor[] = [];
    try {
      results = this.predict(model, fed);
      return await tensorsOf(this.outputNames, results);
    } catch (cause) {
      throw new Error(`model ${this.file} could not compute: ${firstLine(cause)}`, { cause });
    } finally {
      this.tf.dispose(results);
    }
  }

  close(): Promise<void> {
    this.model?.dispose();
    this.model = null;
    return Promise.resolve();
  }

  private predict(model: Tf.LayersModel, fed: readonly Tensor[]): Tf.Tensor[] {
    return this.tf.tidy(() => {
      const tensors = fed.map(({ data, dims }) => {
        if (data instanceof BigInt64Array) throw new Error('TensorFlow.js has no 64-bit integers');
        return this.tf.tensor(data, [...dims]);
      });
      const results = model.predict(tensors.length === 1 ? tensors[0]! : tensors);
      return Array.isArray(results) ? results : [results];
    });
  }
}

async function tensorsOf(names: readonly string[], results: readonly Tf.Tensor[]): Promise<Tensors> {
  const out: Record<string, Tensor> = {};
  for (const [index, name] of names.entries()) {
    const result = results[index]!;
    // A copy: what the plain backend gives back is its own memory.
    out[name] = { data: (await result.data()).slice(), dims: result.shape };
  }
  return out;
}
