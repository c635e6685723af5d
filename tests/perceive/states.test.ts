/** The eye and the mouth network: when they are asked, what they see in the portrait, and life without them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNetworkOpener } from '../../agent/perceive/network-opener.ts';
import { createEyeStates } from '../../agent/perceive/eye-state.ts';
import { loadStates } from '../../agent/perceive/load-states.ts';
import type { FaceLandmarks } from '../../agent/perceive/mesh.ts';
import { createMouthStates } from '../../agent/perceive/mouth-state.ts';
import type { FaceSeen } from '../../agent/perceive/observation.ts';
import { createPerceiver } from '../../agent/perceive/perceiver.ts';
import type { Perceiver } from '../../agent/perceive/perceiver.ts';
import { configSchema } from '../../config/schema.ts';
import { createEngines } from '../../models/engines/load.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../models/prepare.ts';
import { portrait } from './pictures.ts';

const { models, perceive } = configSchema.parse({});
const picture = portrait();
const points = new Float32Array(142).map((_, i) => 200 + ((i * 37) % 40));

describe('an eye', () => {
  const network = { of: () => Promise.resolve({ open: 0.9, closed: 0.05, not_visible: 0.05 }) };
  const askedOver = async (shut: (atMs: number) => boolean, untilMs: number) => {
    const states = createEyeStates(network, perceive);
    const asked = [];
    for (let atMs = 0; atMs <= untilMs; atMs += 50) {
      const eye = { picture, points, leanRad: 0, shut: shut(atMs), atMs };
      if ((await states.ask('leftEye', eye)) !== null) asked.push(atMs);
    }
    return asked;
  };

  it('is asked at a low rate, whatever the rate of frames', async () => {
    expect(await askedOver(() => false, 1500)).toEqual([0, 500, 1000, 1500]);
  });

  it('is asked at once when its lids shut, and more often while they are', async () => {
    const shut = (atMs: number) => atMs >= 650 && atMs < 900;
    expect(await askedOver(shut, 1300)).toEqual([0, 500, 650, 750, 850]);
  });

  it('is asked beside the other one, and at once in another stream', async () => {
    const states = createEyeStates(network, perceive);
    const eye = { picture, points, leanRad: 0, shut: false, atMs: 9000 };
    expect(await states.ask('leftEye', eye)).not.toBeNull();
    expect(await states.ask('rightEye', eye)).not.toBeNull();
    expect(await states.ask('rightEye', { ...eye, atMs: 9100 })).toBeNull();
    states.reset();
    expect(await states.ask('rightEye', { ...eye, atMs: 0 })).not.toBeNull();
  });
});

it('a mouth is asked only while it is open, at its own rate', async () => {
  const network = { of: () => Promise.resolve({ yawn: 0.7, no_yawn: 0.3 }) };
  const states = createMouthStates(network, perceive);
  const landmarks = {
    mesh: new Float32Array(468 * 3).map((_, i) => 200 + ((i * 37) % 90)),
    lips: new Float32Array(160).map((_, i) => 200 + ((i * 13) % 50)),
  } as FaceLandmarks;
  const ask = (mar: number, atMs: number) => states.ask(picture, landmarks, mar, atMs);
  expect(await ask(perceive.mouthStateFromMar - 0.01, 0)).toBeNull();
  expect(await ask(perceive.mouthStateFromMar, 40)).toBe(0.7);
  expect(await ask(0.6, 200)).toBeNull();
  expect(await ask(0.6, 240)).toBe(0.7);
});

describe('the networks', () => {
  let perceiver: Perceiver;
  const boxes = 'drawbox=x=240:y=165:w=80:h=50:c=black:t=fill,drawbox=x=330:y=165:w=80:h=50:c=black:t=fill';
  const engines = createEngines(models);

  beforeAll(async () => {
    const states = await loadStates(perceive, createNetworkOpener(models, engines));
    expect(states.switchedOff).toEqual([]);
    const files = await prepareModels(DEFAULT_MODELS_FOLDER, ['blazeface', 'face-mesh']);
    perceiver = await createPerceiver({ engine: engines.onnx, files, config: perceive, states });
  });
  afterAll(() => perceiver.close());

  it('see open eyes and no yawn in the portrait, and nothing behind dark lenses', async () => {
    const seen = (await perceiver.face(picture, 0)) as FaceSeen;
    for (const eye of [seen.leftEye, seen.rightEye]) {
      expect(eye.unseen).toBeNull();
      expect(eye.confidence).toBeGreaterThan(0.9);
    }
    perceiver.reset();
    const behind = (await perceiver.face(portrait(boxes), 0)) as FaceSeen;
    expect([behind.leftEye.unseen, behind.rightEye.unseen]).toEqual(['covered', 'covered']);
  });

  it('give the same to the last bit when the same frames come again', async () => {
    const frames = [picture, portrait(boxes), portrait('hflip'), portrait('gblur=sigma=2')];
    const replay = async () => {
      perceiver.reset();
      const seen = [];
      for (const [i, frame] of [...frames, ...frames].entries())
        seen.push(await perceiver.face(frame, i * 250));
      return JSON.stringify(seen);
    };
    expect(await replay()).toBe(await replay());
  });

  it('are left out, and it is said, where their licence or the settings do not allow them', async () => {
    const anyUse = await loadStates(
      perceive,
      createNetworkOpener({ ...models, licence: 'any-use' }, engines),
    );
    expect(anyUse).toMatchObject({ eyes: null, mouth: null });
    expect(anyUse.switchedOff.join()).toMatch(
      /'eye-state' is for research only.*'mouth' is for research only/,
    );
    const off = await loadStates(
      { ...perceive, eyeState: false, mouthState: false },
      createNetworkOpener(models, engines),
    );
    expect(off).toEqual({
      eyes: null,
      mouth: null,
      switchedOff: ['perceive.eyeState is false', 'perceive.mouthState is false'],
    });
  });
});
