/** Perception on real drivers, where the optional data folder ../shared is there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStates } from '../../agent/perceive/load-states.ts';
import { createNetworkOpener } from '../../agent/perceive/network-opener.ts';
import type { EyeReading, FaceSeen } from '../../agent/perceive/observation.ts';
import { createPerceiver } from '../../agent/perceive/perceiver.ts';
import type { Perceiver } from '../../agent/perceive/perceiver.ts';
import { configSchema } from '../../config/schema.ts';
import { createEngines } from '../../models/engines/load.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../models/prepare.ts';
import { clip, pictures } from './pictures.ts';

const isThere = clip('talking-face.mp4') !== null;
if (!isThere) console.log('skipped: perception on real clips, ../shared/data/videos is not there');

/** Every second frame or so: half a minute of CPU time is enough. */
const FPS = 15;
let perceiver: Perceiver;
const { models, perceive: config } = configSchema.parse({});
const engines = createEngines(models);

/** Faces seen in a clip, and how many frames it has. */
async function watch(name: string, width: number, height: number) {
  perceiver.reset();
  const faces: FaceSeen[] = [];
  const frames = pictures(clip(name)!, `fps=${FPS}`, width, height);
  for (const [i, picture] of frames.entries()) {
    const seen = await perceiver.face(picture, (i * 1000) / FPS);
    if (seen.kind === 'face-seen') faces.push(seen);
  }
  return { faces, found: faces.length / frames.length };
}

const read = (eye: EyeReading) => eye.unseen === null && eye.confidence >= 0.3;
const share = (faces: readonly FaceSeen[], is: (face: FaceSeen) => boolean) =>
  faces.filter(is).length / faces.length;
const eyesRead = (face: FaceSeen) => read(face.leftEye) || read(face.rightEye);
const between = (faces: readonly FaceSeen[], fromS: number, toS: number) =>
  faces.filter((face) => face.atMs >= fromS * 1000 && face.atMs < toS * 1000);
const mars = (faces: readonly FaceSeen[]) => faces.map((face) => face.mouth.mar);

describe.skipIf(!isThere).each([
  ['with the eye and the mouth network', 'research'],
  ['by the landmarks alone', 'any-use'],
] as const)('real drivers %s', (_, licence) => {
  beforeAll(async () => {
    const files = await prepareModels(DEFAULT_MODELS_FOLDER, ['blazeface', 'face-mesh']);
    const states = await loadStates(config, createNetworkOpener({ ...models, licence }, engines));
    expect(states.eyes === null).toBe(licence === 'any-use');
    perceiver = await createPerceiver({ engine: engines.onnx, files, config, states });
  });
  afterAll(() => perceiver.close());

  it('behind reflecting glasses: face always found, eyes mostly not read, never closed; one yawn', async () => {
    const { faces, found } = await watch('yawdd-1.mp4', 640, 480);
    expect(found).toBeGreaterThanOrEqual(0.98);
    expect(share(faces, eyesRead)).toBeLessThan(0.5);
    const closed = (eye: EyeReading) => read(eye) && eye.ear < 0.1;
    expect(share(faces, (face) => closed(face.leftEye) || closed(face.rightEye))).toBe(0);
    expect(Math.min(...mars(between(faces, 5, 7)))).toBeGreaterThan(0.4);
    expect(Math.max(...mars(between(faces, 0, 4)))).toBeLessThan(0.1);
  });

  it('looking around: the eye towards the camera is read all the time', async () => {
    const { faces, found } = await watch('yawdd-2.mp4', 640, 480);
    expect(found).toBeGreaterThanOrEqual(0.98);
    expect(share(faces, eyesRead)).toBeGreaterThan(0.98);
    expect(Math.max(...mars(faces))).toBeLessThan(0.1);
    // The look to the driver's left at 9.4-10.6 s (the right of the picture), after a look ahead at 8 s.
    const yaw = (fromS: number, toS: number) =>
      Math.max(...between(faces, fromS, toS).map((face) => face.pose.yawDeg));
    expect(yaw(9.4, 10.6)).toBeGreaterThan(50);
    expect(yaw(8, 8.5)).toBeLessThan(10);
  });

  it('talking, yawning, smiling: eyes read, the yawn opens the mouth wider than anything else', async () => {
    const { faces, found } = await watch('yawdd-4.mp4', 640, 480);
    expect(found).toBeGreaterThanOrEqual(0.98);
    expect(share(faces, eyesRead)).toBeGreaterThan(0.98);
    expect(Math.max(...mars(between(faces, 13.5, 14.5)))).toBeGreaterThan(0.5);
    expect(Math.max(...mars(between(faces, 0, 12)))).toBeLessThan(0.35);
    expect(Math.max(...mars(between(faces, 16, 19.5)))).toBeLessThan(0.4);
  });

  it('in conversation: eyes read, and a look down of two seconds is not two seconds of sleep', async () => {
    const { faces, found } = await watch('talking-face.mp4', 360, 288);
    expect(found).toBeGreaterThanOrEqual(0.98);
    expect(share(faces, eyesRead)).toBeGreaterThan(0.95);
    const down = between(faces, 9.2, 11.1);
    expect(share(down, (face) => face.leftEye.ear < 0.1)).toBe(1);
    expect(share(between(faces, 10.2, 11.1), (face) => face.leftEye.unseen === 'eyes-down')).toBe(1);
  });
});
