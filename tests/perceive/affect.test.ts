/** Affect: when a face is asked, and the real networks on the public-domain portrait. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNetworkOpener } from '../../agent/perceive/network-opener.ts';
import { createFaceAffect } from '../../agent/perceive/affect.ts';
import type { FaceLandmarks } from '../../agent/perceive/mesh.ts';
import { loadAffect } from '../../agent/perceive/load-affect.ts';
import type { LoadedAffect } from '../../agent/perceive/load-affect.ts';
import type { FaceSeen } from '../../agent/perceive/observation.ts';
import { createPerceiver } from '../../agent/perceive/perceiver.ts';
import type { Perceiver } from '../../agent/perceive/perceiver.ts';
import { configSchema } from '../../config/schema.ts';
import { createEngines } from '../../models/engines/load.ts';
import { EMOTIONS } from '../../models/preprocess/constants.ts';
import { likeliest } from '../../models/networks/classifier.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../models/prepare.ts';
import { portrait } from './pictures.ts';

const { models, perceive } = configSchema.parse({});
const sum = (of: Readonly<Record<string, number>>) =>
  Object.values(of).reduce((total, value) => total + value, 0);

describe('a face', () => {
  const picture = portrait();
  const landmarks = { mesh: new Float32Array(468 * 3).map((_, i) => 200 + ((i * 37) % 90)) } as FaceLandmarks;
  const ahead = { yawDeg: 0, pitchDeg: 0, rollDeg: 0, confidence: 1 };
  const none = Object.fromEntries(EMOTIONS.map((emotion) => [emotion, 0]));
  const emotion = {
    of: () => Promise.resolve({ fer: none, ferplus: { ...none, sad: 0.7, neutral: 0.3 } } as never),
  };
  const affect = () => createFaceAffect({ emotion, sex: null }, perceive);

  it('is asked at its own rate, whatever the rate of frames', async () => {
    const faces = affect();
    const asked = [];
    for (let atMs = 0; atMs <= 1200; atMs += 100)
      if ((await faces.read(picture, landmarks, ahead, atMs)) !== null) asked.push(atMs);
    expect(asked).toEqual([0, 400, 800, 1200]);
  });

  it('is asked at once when another stream begins', async () => {
    const faces = affect();
    await faces.read(picture, landmarks, ahead, 5000);
    faces.reset();
    expect(await faces.read(picture, landmarks, ahead, 0)).not.toBeNull();
  });

  it('that is turned away is not asked, and does not use up its turn', async () => {
    const faces = affect();
    const turned = { ...ahead, yawDeg: -(perceive.affectYawDeg + 1) };
    expect(await faces.read(picture, landmarks, turned, 0)).toBeNull();
    expect(await faces.read(picture, landmarks, ahead, 50)).not.toBeNull();
  });

  it('answers by the head after FER+ votes', async () => {
    const read = await affect().read(picture, landmarks, ahead, 0);
    expect(read).toEqual({ probabilities: { ...none, sad: 0.7, neutral: 0.3 }, female: null });
  });
});

describe('the networks', () => {
  let loaded: LoadedAffect;
  let perceiver: Perceiver;
  beforeAll(async () => {
    const engines = createEngines(models);
    loaded = await loadAffect(perceive, createNetworkOpener(models, engines));
    const files = await prepareModels(DEFAULT_MODELS_FOLDER, ['blazeface', 'face-mesh']);
    perceiver = await createPerceiver({
      ...{ engine: engines.onnx, files, config: perceive, affect: loaded.face },
    });
  });
  afterAll(() => perceiver.close());

  it('see a smiling woman in the portrait', async () => {
    const seen = (await perceiver.face(portrait(), 0)) as FaceSeen;
    const { probabilities, female } = seen.affect!;
    expect(sum(probabilities)).toBeCloseTo(1, 5);
    expect(likeliest(probabilities)).toBe('happy');
    expect(female).toBeGreaterThan(0.5);
    expect(await perceiver.face(portrait(), 33)).not.toHaveProperty('affect');
  });

  it('answer for a window of sound with probabilities, bounded whatever the sound', async () => {
    for (const samples of [
      new Float32Array(48_000),
      new Float32Array(48_000).map((_, i) => Math.sin(i / 9)),
    ]) {
      const window = { samples, sampleRateHz: 16_000, atMs: 3000, windowMs: 3000, gap: false };
      const read = await loaded.voice!.read(window);
      expect(Object.keys(read.probabilities)).toEqual([...EMOTIONS]);
      expect(sum(read.probabilities)).toBeCloseTo(1, 5);
    }
  });

  it('that are for research only are left out where any use must be allowed, and it is said', async () => {
    const anyUse = await loadAffect(
      perceive,
      createNetworkOpener({ ...models, licence: 'any-use' }, createEngines(models)),
    );
    expect(anyUse.face).toBeNull();
    expect(anyUse.switchedOff.join()).toMatch(/'face-emotion' is for research only/);
    const window = {
      samples: new Float32Array(48_000).fill(0.1),
      ...{ sampleRateHz: 16_000, atMs: 3000, windowMs: 3000, gap: false },
    };
    const { probabilities } = await anyUse.voice!.read(window);
    expect(probabilities.surprise).toBe(0);
    expect(sum(probabilities)).toBeCloseTo(1, 5);
  });

  it('are not loaded when affect is switched off', async () => {
    const off = await loadAffect(
      { ...perceive, affect: false },
      createNetworkOpener(models, createEngines(models)),
    );
    expect(off).toEqual({ face: null, voice: null, switchedOff: ['perceive.affect is false'] });
  });
});
