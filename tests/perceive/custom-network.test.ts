/** A researcher's Keras network in the place of ours, from the settings to what is seen in a face. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNetworkOpener } from '../../agent/perceive/network-opener.ts';
import { loadAffect } from '../../agent/perceive/load-affect.ts';
import type { FaceSeen } from '../../agent/perceive/observation.ts';
import { createPerceiver } from '../../agent/perceive/perceiver.ts';
import { configSchema } from '../../config/schema.ts';
import { createEngines } from '../../models/engines/load.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../models/prepare.ts';
import { EMOTIONS } from '../../models/preprocess/constants.ts';
import { saveLayersModel } from '../models/layers-model.ts';
import { portrait } from './pictures.ts';

/** In the order of EMOTIONS: whatever the face, fear. */
const ALWAYS = [0.05, 0.05, 0.65, 0.05, 0.1, 0.05, 0.05];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-custom-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** 48x48x1, channels last, one head and a softmax, as most face networks come. */
async function frightened(side: number): Promise<string> {
  const flatten = tf.layers.flatten({ inputShape: [side, side, 1] });
  const dense = tf.layers.dense({ units: 7, activation: 'softmax' });
  const model = tf.sequential({ layers: [flatten, dense] });
  dense.setWeights([tf.zeros([side * side, 7]), tf.tensor1d(ALWAYS.map(Math.log))]);
  return await saveLayersModel(model, join(folder, String(side)));
}

const settings = (file: string) =>
  configSchema.parse({ models: { custom: { 'face-emotion': { file, engine: 'tfjs' } } } });

it('is asked instead of ours, and its own probabilities are what counts', async () => {
  const { models, perceive } = settings(await frightened(48));
  const engines = createEngines(models);
  const { face } = await loadAffect(perceive, createNetworkOpener(models, engines));
  const files = await prepareModels(DEFAULT_MODELS_FOLDER, ['blazeface', 'face-mesh']);
  const perceiver = await createPerceiver({ engine: engines.onnx, files, config: perceive, affect: face });
  const { affect } = (await perceiver.face(portrait(), 0)) as FaceSeen;
  for (const [index, emotion] of EMOTIONS.entries())
    expect(affect!.probabilities[emotion], emotion).toBeCloseTo(ALWAYS[index]!, 5);
  await perceiver.close();
});

it('is refused before the first frame when its picture has another size', async () => {
  const file = await frightened(64);
  const { models, perceive } = settings(file);
  await expect(loadAffect(perceive, createNetworkOpener(models, createEngines(models)))).rejects.toThrow(
    `network ${file} in the place of face-emotion takes [?,64,64,1], wanted [1,1,48,48] or [1,48,48,1]`,
  );
});
