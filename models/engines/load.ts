/**
 * Loads any network that models/network-file found, by the engine that computes it.
 * Input: the file and who computes. Output: a network with the ports of the manifest.
 */
import type { ModelsConfig } from '../../config/schema.ts';
import { TRAINED, isTrained } from '../manifest.ts';
import type { NetworkFile } from '../network-file.ts';
import type { InferenceEngine, Network } from './engine.ts';
import { fitNetwork } from './fit.ts';
import { onnxEngine } from './onnx.ts';

/** The engines of one thread. TensorFlow.js is loaded when the first network wants it. */
export interface Engines {
  readonly onnx: InferenceEngine;
  /** @throws Error with one sentence when TensorFlow.js is not installed */
  tfjs(): Promise<InferenceEngine>;
}

/** @param models the section of the settings: threads and providers */
export function createEngines(models: Pick<ModelsConfig, 'threads' | 'providers'>): Engines {
  let tfjs: Promise<InferenceEngine> | undefined;
  return {
    onnx: onnxEngine({ threads: models.threads, providers: models.providers }),
    tfjs: () => (tfjs ??= import('./tfjs.ts').then(({ tfjsEngine }) => tfjsEngine())),
  };
}

/**
 * @throws Error with one sentence: the file is no network, or a network of the user's own does not fit
 */
export async function loadNetwork(found: NetworkFile, engines: Engines): Promise<Network> {
  const engine = found.engine === 'tfjs' ? await engines.tfjs() : engines.onnx;
  const network = await engine.load(found.file);
  if (found.custom === null || !isTrained(found.name)) return network;
  try {
    return fitNetwork(network, { file: found.file, facts: TRAINED[found.name], gives: found.custom.gives });
  } catch (error) {
    await network.close();
    throw error;
  }
}
