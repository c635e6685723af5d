/** Perception with the real networks on a real face: the public-domain portrait. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaceSeen, NoFace } from '../../agent/perceive/observation.ts';
import { createPerceiver } from '../../agent/perceive/perceiver.ts';
import type { Perceiver } from '../../agent/perceive/perceiver.ts';
import type { PictureView } from '../../agent/perceive/picture.ts';
import { configSchema } from '../../config/schema.ts';
import { onnxEngine } from '../../models/engines/onnx.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../models/prepare.ts';
import { gray, portrait } from './pictures.ts';

const config = configSchema.parse({}).perceive;
let perceiver: Perceiver;

beforeAll(async () => {
  const files = await prepareModels(DEFAULT_MODELS_FOLDER, ['blazeface', 'face-mesh']);
  perceiver = await createPerceiver({ engine: onnxEngine({ threads: 1 }), files, config });
});
afterAll(() => perceiver.close());
beforeEach(() => perceiver.reset());

/** The last of a few frames of the same scene, 33 ms apart. */
async function look(picture: PictureView, frames = 3): Promise<FaceSeen | NoFace> {
  let seen: FaceSeen | NoFace | undefined;
  for (let i = 0; i < frames; i++) seen = await perceiver.face(picture, i * 33);
  return seen!;
}

async function face(picture: PictureView): Promise<FaceSeen> {
  const seen = await look(picture);
  if (seen.kind !== 'face-seen') throw new Error('no face was found');
  return seen;
}

const eyes = (seen: FaceSeen) => [seen.leftEye, seen.rightEye];
const boxes = (box: string) => `drawbox=x=240:y=165:w=80:h=50:${box},drawbox=x=330:y=165:w=80:h=50:${box}`;

describe('the portrait', () => {
  it('is a frontal face with open eyes and a smile', async () => {
    const seen = await face(portrait());
    expect(seen.confidence).toBeGreaterThan(0.99);
    expect(seen.box.x + seen.box.width / 2).toBeCloseTo(0.51, 1);
    expect(seen.box.y + seen.box.height / 2).toBeCloseTo(0.48, 1);
    for (const eye of eyes(seen)) {
      expect(eye.unseen).toBeNull();
      expect(eye.confidence).toBeGreaterThan(0.9);
      expect(eye.ear).toBeGreaterThan(0.28);
      expect(eye.ear).toBeLessThan(0.42);
    }
    expect(Math.abs(seen.pose.yawDeg)).toBeLessThan(6);
    expect(Math.abs(seen.pose.rollDeg)).toBeLessThan(6);
    expect(seen.mouth.mar).toBeLessThan(0.33);
    expect(Math.abs(seen.gaze!.yawDeg)).toBeLessThan(12);
    expect(Math.abs(seen.gaze!.pitchDeg)).toBeLessThan(12);
  });

  it('is the same face in gray', async () => {
    const colour = await face(portrait());
    perceiver.reset();
    const infrared = await face(portrait('null', 'gray8'));
    expect(infrared.leftEye.ear).toBeCloseTo(colour.leftEye.ear, 1);
    expect(infrared.pose.yawDeg - colour.pose.yawDeg).toBeCloseTo(0, 0);
  });

  it('is found at a tenth of the light, dark but not covered', async () => {
    const seen = await face(portrait('lutyuv=y=16+(val-16)*0.08'));
    expect(seen.quality).toMatchObject({ dark: true, covered: false });
  });

  it('turns and looks the other way in a mirror', async () => {
    const straight = await face(portrait());
    perceiver.reset();
    const mirrored = await face(portrait('hflip'));
    expect(mirrored.pose.yawDeg + straight.pose.yawDeg).toBeCloseTo(0, -0.5);
    expect(mirrored.pose.rollDeg + straight.pose.rollDeg).toBeCloseTo(0, -0.5);
    expect(mirrored.leftEye.ear).toBeCloseTo(straight.rightEye.ear, 1);
  });

  it('tilts to the left shoulder when the picture is turned clockwise', async () => {
    const straight = await face(portrait());
    perceiver.reset();
    const tilted = await face(portrait('rotate=20*PI/180'));
    expect(tilted.pose.rollDeg - straight.pose.rollDeg).toBeGreaterThan(-24);
    expect(tilted.pose.rollDeg - straight.pose.rollDeg).toBeLessThan(-16);
    expect(tilted.leftEye.ear).toBeCloseTo(straight.leftEye.ear, 1);
  });
});

describe('eyes that cannot be seen', () => {
  it.each([
    ['dark lenses', boxes('c=black:t=fill')],
    ['a hand the colour of the face', 'drawbox=x=235:y=165:w=180:h=50:c=0xC89078:t=fill'],
    ['white reflections', boxes('c=white:t=fill')],
  ])('are covered, never closed: %s', async (_, filters) => {
    for (const eye of eyes(await face(portrait(filters)))) {
      expect(eye.unseen).toBe('covered');
      expect(eye.confidence).toBe(0);
    }
  });

  it('are lost in a blurred picture', async () => {
    const seen = await look(portrait('gblur=sigma=9'));
    if (seen.kind === 'face-seen') {
      expect(eyes(seen).map((eye) => eye.unseen)).toEqual(['poor-picture', 'poor-picture']);
    }
    expect(seen.quality.blurred).toBe(true);
  });
});

describe('no face', () => {
  it('is a value of its own: an empty scene', async () => {
    const scene = gray(640, 480, (x, y) => 90 + 60 * Math.sin(x / 40) * Math.cos(y / 25));
    expect(await look(scene)).toMatchObject({ kind: 'no-face', quality: { covered: false } });
  });

  it('says so when the lens is covered', async () => {
    const black = gray(640, 480, (x, y) => (x * y) % 3);
    expect(await look(black)).toMatchObject({ kind: 'no-face', quality: { covered: true, dark: true } });
  });

  it('follows a face that leaves and comes back elsewhere', async () => {
    const here = portrait();
    const there = portrait('crop=440:480:200:0,pad=640:480:0:0');
    const empty = gray(640, 480, () => 90);
    const kinds: string[] = [];
    const boxX: number[] = [];
    for (const [i, picture] of [here, here, empty, empty, there, there].entries()) {
      const seen = await perceiver.face(picture, i * 33);
      kinds.push(seen.kind);
      if (seen.kind === 'face-seen') boxX.push(seen.box.x);
    }
    expect(kinds).toEqual(['face-seen', 'face-seen', 'no-face', 'no-face', 'face-seen', 'face-seen']);
    expect(boxX[0]! - boxX.at(-1)!).toBeCloseTo(200 / 640, 1);
  });
});

describe('two faces', () => {
  const two = 'split[a][b];[a]crop=320:480:160:0[l];[b]crop=320:480:160:0,hflip[r];[l][r]hstack';
  it.each([
    ['left', (x: number) => x < 0.4],
    ['right', (x: number) => x > 0.5],
  ] as const)('the driver sits on the %s', async (seat, isThere) => {
    const files = await prepareModels(DEFAULT_MODELS_FOLDER, ['blazeface', 'face-mesh']);
    const engine = onnxEngine({ threads: 1 });
    const seated = await createPerceiver({ engine, files, config: { ...config, seat } });
    const seen = await seated.face(portrait(two), 0);
    await seated.close();
    expect(seen.kind === 'face-seen' && isThere(seen.box.x)).toBe(true);
  });
});

it('gives the same observations to the last bit when the same frames come again', async () => {
  const frames = [portrait(), portrait('hflip'), portrait('rotate=0.1'), portrait('gblur=sigma=1')];
  const replay = async () => {
    perceiver.reset();
    const seen = [];
    for (const [i, picture] of [...frames, ...frames].entries())
      seen.push(await perceiver.face(picture, i * 40));
    return JSON.stringify(seen);
  };
  expect(await replay()).toBe(await replay());
});

it('begins anew when the time goes back: another stream, another face', async () => {
  await perceiver.face(portrait(), 90_000);
  expect(await perceiver.face(portrait('crop=440:480:200:0,pad=640:480:0:0'), 0)).toMatchObject({
    kind: 'face-seen',
  });
  expect(
    (
      await perceiver.face(
        gray(640, 480, () => 90),
        40,
      )
    ).kind,
  ).toBe('no-face');
});

it('refuses bytes that cannot hold the picture, in one sentence', async () => {
  const picture: PictureView = {
    pixels: new Uint8Array(10),
    width: 640,
    height: 480,
    pixelFormat: 'yuv420p',
  };
  await expect(perceiver.face(picture, 0)).rejects.toThrow(
    'picture of 640x480 yuv420p needs at least 16x16 pixels in 460800 bytes, found 10',
  );
});
