/**
 * Reads a TF.js layers model from disk: topology, weights and their shapes, whichever runtime computes.
 * Input: a `model.json` as tensorflowjs_converter or `model.save` writes it; shards lie beside it.
 */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { io } from '@tensorflow/tfjs';

/**
 * @param file absolute path of the model.json
 * @throws Error with one sentence naming the file that is missing, no layers model, or short of weights
 */
export async function readLayersModel(file: string): Promise<io.ModelArtifacts> {
  const model = await readModelJson(file);
  const groups = model.weightsManifest;
  const weightSpecs = groups.flatMap((group) => group.weights);
  const shards = groups.flatMap((group) => group.paths.map((path) => resolve(dirname(file), path)));
  const bytes = Buffer.concat(await Promise.all(shards.map((shard) => readShard(file, shard))));
  return { modelTopology: model.modelTopology, weightSpecs, weightData: Uint8Array.from(bytes).buffer };
}

async function readModelJson(file: string): Promise<io.ModelJSON> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`model file ${file} cannot be read: ${(cause as Error).message}`, { cause });
  });
  let model: Partial<io.ModelJSON> | null;
  try {
    model = JSON.parse(text) as Partial<io.ModelJSON> | null;
  } catch (cause) {
    throw new Error(`model file ${file} is no model.json: ${(cause as Error).message}; ${CONVERT}`, {
      cause,
    });
  }
  if (model?.format === 'graph-model')
    throw new Error(`model file ${file} is a TF.js graph model, wanted a layers model; ${CONVERT}`);
  if (!model?.modelTopology || !Array.isArray(model.weightsManifest))
    throw new Error(`model file ${file} should hold modelTopology and weightsManifest; ${CONVERT}`);
  return model as io.ModelJSON;
}

const CONVERT =
  "a Keras file is converted by 'tensorflowjs_converter --input_format=keras --output_format=tfjs_layers_model'";

async function readShard(file: string, shard: string): Promise<Buffer> {
  return await readFile(shard).catch((cause: unknown) => {
    throw new Error(`model file ${file}: its weights ${shard} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  });
}
