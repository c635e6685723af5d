/**
 * What every inference engine offers: a file becomes a network, tensors go in, tensors come out.
 * Nothing outside models/engines/ knows which runtime computes.
 *
 * Lifecycle: one `load` per network at start-up, then any number of `run`, then one `close`.
 * `run` is called by the thread that loaded the network and blocks that thread for the whole
 * inference, so cameras and clocks live in another thread.
 */

/** The element types that the networks here use. */
export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A dense tensor in row-major order. `data.length` is the product of `dims`; `[]` is a scalar. */
export interface Tensor<D extends TensorData = TensorData> {
  readonly data: D;
  readonly dims: readonly number[];
}

/** Tensors by input or output name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A shape as a file declares it; `null` = any size. */
export type Shape = readonly (number | null)[];

/** A loaded network. */
export interface Network {
  /** Names that `run` wants, in the file's order. */
  readonly inputNames: readonly string[];
  /** Names that `run` gives back, in the file's order. */
  readonly outputNames: readonly string[];
  /** Shapes in the order of `inputNames`. */
  readonly inputShapes: readonly Shape[];
  /** Shapes in the order of `outputNames`. */
  readonly outputShapes: readonly Shape[];
  /**
   * One inference. Every input name must be fed; shapes and units stand in models/manifest.ts.
   *
   * Buffers: inputs stay the caller's. They must not be written to until the promise settles and
   * may be reused from then on. Outputs are fresh and belong to the caller for as long as it likes.
   *
   * At most one `run` at a time per network; a second call before the first settles is the
   * caller's fault and may compute from half-written inputs.
   * @throws Error naming the network's file and what did not fit, e.g. a missing input.
   */
  run(feeds: Tensors): Promise<Tensors>;
  /** Frees the network's memory. No `run` may be under way; none may follow. Closing twice is fine. */
  close(): Promise<void>;
}

/** A runtime that can load networks. Holds no state of its own: any thread may make one. */
export interface InferenceEngine {
  /** For logs and benchmarks, e.g. `onnxruntime 1.30.0 (cpu)`. */
  readonly name: string;
  /**
   * Reads and prepares a network. Slow (10-200 ms) and allocating: at start-up only.
   * @param file absolute path: an .onnx, or the model.json of a TF.js layers model, as the engine wants it
   * @throws Error with one sentence naming the file when it is missing or no network.
   */
  load(file: string): Promise<Network>;
}

/** Numbers in a tensor of this shape. */
export const sizeOf = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);

/**
 * The tensor fed for `name`, checked.
 * @throws Error naming the network's file: the input is missing or of another length than its shape
 */
export function fedTensor(file: string, name: string, feeds: Tensors): Tensor {
  const tensor = feeds[name];
  if (!tensor) throw new Error(`model ${file}: input '${name}' is missing`);
  const { data, dims } = tensor;
  if (sizeOf(dims) === data.length) return tensor;
  throw new Error(
    `model ${file}: input '${name}' of shape [${dims.join(',')}] should have ${sizeOf(dims)} numbers, found ${data.length}`,
  );
}

/** What a runtime says, in one line. */
export const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** The float data of output `name`, checked, so that a stage need not cast. */
export function floatsOf(tensors: Tensors, name: string): Float32Array {
  const data = tensors[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new Error(
    `network output '${name}' should be float32, found ${data?.constructor.name ?? 'no such output'}`,
  );
}
