/**
 * Inference by ONNX Runtime. `run` computes on the calling thread, so watch loads this in its
 * perceive worker; it works in any worker_thread.
 */
import { existsSync } from 'node:fs';
import { InferenceSession, Tensor as OrtTensor, env, listSupportedBackends } from 'onnxruntime-node';
import { fedTensor, firstLine } from './engine.ts';
import type { InferenceEngine, Network, Shape, Tensor, TensorData, Tensors } from './engine.ts';

/** How ONNX Runtime is to compute. */
export interface OnnxOptions {
  /** Threads of one inference, >= 1. */
  readonly threads: number;
  /**
   * Execution providers in order of preference, e.g. `['tensorrt', 'cuda']` with a Jetson's own build;
   * those that this build of the runtime does not list are left out, `cpu` always comes last.
   */
  readonly providers?: readonly string[];
}

/** 4 = fatal: what goes wrong is thrown, and said once, by us. */
const QUIET = 4;

/** @returns an engine; nothing is loaded yet */
export function onnxEngine(options: OnnxOptions): InferenceEngine {
  const providers = chooseProviders(
    options.providers ?? [],
    listSupportedBackends().map((backend) => backend.name),
  );
  return {
    name: `onnxruntime ${env.versions.node ?? '?'} (${providers.join(', ')})`,
    load: (file) => load(file, options.threads, providers),
  };
}

/** The wanted providers that this build has, in the wanted order, then the CPU. */
export function chooseProviders(wanted: readonly string[], supported: readonly string[]): string[] {
  const usable = wanted.filter((name) => name !== 'cpu' && supported.includes(name));
  return [...new Set(usable), 'cpu'];
}

function sessionOptions(threads: number, providers: readonly string[]): InferenceSession.SessionOptions {
  return {
    executionProviders: providers,
    // 'extended' loses the blocked layout: the attention mesh took 4.2 ms instead of 3.1.
    graphOptimizationLevel: 'all',
    // Without the arena the process grows by 100 MB.
    enableCpuMemArena: true,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: QUIET,
    // Idle threads that spin double the CPU time.
    ...(threads > 1 ? { extra: { session: { intra_op: { allow_spinning: '0' } } } } : {}),
  };
}

async function load(file: string, threads: number, providers: readonly string[]): Promise<Network> {
  if (!existsSync(file)) throw new Error(`model file ${file} is missing; run 'npm run models'`);
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(file, sessionOptions(threads, providers));
  } catch (cause) {
    throw new Error(loadFault(file, providers, cause), { cause });
  }
  return new OnnxNetwork(file, session);
}

function loadFault(file: string, providers: readonly string[], cause: unknown): string {
  const accelerated = providers.filter((name) => name !== 'cpu');
  const or = accelerated.length > 0 ? `, or the providers ${accelerated.join(', ')} cannot start` : '';
  return `model file ${file} is no network that ONNX Runtime can load${or}: ${firstLine(cause)}`;
}

class OnnxNetwork implements Network {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
  private readonly file: string;
  private session: InferenceSession | null;

  constructor(file: string, session: InferenceSession) {
    this.file = file;
    this.session = session;
    this.inputNames = session.inputNames;
    this.outputNames = session.outputNames;
    this.inputShapes = session.inputMetadata.map(shapeOf);
    this.outputShapes = session.outputMetadata.map(shapeOf);
  }

  async run(feeds: Tensors): Promise<Tensors> {
    if (!this.session) throw new Error(`model ${this.file} is closed`);
    const ortFeeds: Record<string, OrtTensor> = {};
    for (const name of this.inputNames) ortFeeds[name] = ortTensor(fedTensor(this.file, name, feeds));
    try {
      return tensorsOf(await this.session.run(ortFeeds));
    } catch (cause) {
      throw new Error(`model ${this.file} could not compute: ${firstLine(cause)}`, { cause });
    }
  }

  async close(): Promise<void> {
    const session = this.session;
    this.session = null;
    await session?.release();
  }
}

function ortTensor({ data, dims }: Tensor): OrtTensor {
  if (data instanceof Float32Array) return new OrtTensor('float32', data, dims);
  if (data instanceof BigInt64Array) return new OrtTensor('int64', data, dims);
  if (data instanceof Int32Array) return new OrtTensor('int32', data, dims);
  return new OrtTensor('uint8', data, dims);
}

/** Symbolic sizes like `batch` may be anything. */
const shapeOf = (value: InferenceSession.ValueMetadata): Shape =>
  value.isTensor ? value.shape.map((size) => (typeof size === 'number' && size >= 0 ? size : null)) : [];

function tensorsOf(results: InferenceSession.ReturnType): Tensors {
  const out: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(results)) {
    out[name] = { data: value.data as TensorData, dims: value.dims };
  }
  return out;
}
