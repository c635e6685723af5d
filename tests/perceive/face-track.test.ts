/** The tracking loop with a scripted detector and mesh: when it searches, stays, moves and gives up. */
import { describe, expect, it } from 'vitest';
import type { DetectedFace, Detector } from '../../agent/perceive/detector.ts';
import { createFaceTrack } from '../../agent/perceive/face-track.ts';
import type { FaceMesh } from '../../agent/perceive/mesh.ts';
import type { Region } from '../../agent/perceive/region.ts';
import { configSchema } from '../../config/schema.ts';
import { drawnMesh } from './drawn-head.ts';
import { gray } from './pictures.ts';

const picture = gray(640, 480, () => 90);
const face = (x: number, y = 100): DetectedFace => ({
  x,
  y,
  width: 180,
  height: 180,
  score: 0.9,
  angleRad: 0,
});

interface World {
  faces: DetectedFace[];
  /** What the mesh thinks of a region. */
  score: (region: Region) => number;
  scattered: boolean;
}

function track(config: Partial<ReturnType<typeof perceiveConfig>> = {}) {
  const world: World = { faces: [face(230)], score: () => 1, scattered: false };
  const looked: Region[] = [];
  let place = { x: -1000, y: -1000 };
  const detector: Detector = { detect: () => Promise.resolve(world.faces) };
  const mesh: FaceMesh = {
    measure(_, region) {
      looked.push(region);
      // A face that stands still wherever the mesh first looked for it.
      const isNear = Math.hypot(region.centreX - place.x, region.centreY - place.y) < 100;
      if (!isNear) place = { x: region.centreX, y: region.centreY };
      const points = drawnMesh({ yawDeg: 0, pitchDeg: 0, rollDeg: 0 }, 11);
      for (let i = 0; i < points.length; i += 3) {
        points[i] = points[i]! - 320 + place.x + (world.scattered ? 99 * Math.sin(i * i) : 0);
        points[i + 1] = points[i + 1]! - 200 + place.y;
      }
      const none = new Float32Array(0);
      return Promise.resolve({
        mesh: points,
        leftEye: none,
        rightEye: none,
        lips: none,
        leftIris: none,
        rightIris: none,
        score: world.score(region),
        region,
      });
    },
  };
  const followed = createFaceTrack(detector, mesh, { ...perceiveConfig(), ...config });
  return { world, looked, followed };
}
const perceiveConfig = () => configSchema.parse({}).perceive;

describe('the tracked face', () => {
  it('is searched once and then followed without the detector', async () => {
    const { followed } = track();
    for (let atMs = 0; atMs < 1900; atMs += 33) expect(await followed.find(picture, atMs)).not.toBeNull();
    expect(followed.stats).toMatchObject({ detections: 1, lost: 0 });
  });

  it('is searched anew in the very frame in which the mesh sees none any more', async () => {
    const { world, looked, followed } = track();
    await followed.find(picture, 0);
    world.faces = [face(20)];
    world.score = (region) => (region.centreX < 200 ? 1 : 0.1);
    expect(await followed.find(picture, 33)).not.toBeNull();
    expect(looked.at(-1)!.centreX).toBe(110);
    expect(followed.stats).toMatchObject({ detections: 2, lost: 1 });
  });

  it('is given up when its landmarks fit no head, however sure the mesh is', async () => {
    const { world, followed } = track();
    await followed.find(picture, 0);
    world.scattered = true;
    expect(await followed.find(picture, 33)).toBeNull();
  });

  it('is left for the only face that the detector sees when it does not see the tracked one', async () => {
    const { world, looked, followed } = track();
    await followed.find(picture, 0);
    world.faces = [face(20)];
    await followed.find(picture, 1900);
    expect(looked.at(-1)!.centreX).toBeGreaterThan(200);
    await followed.find(picture, 2100);
    expect(looked.at(-1)!.centreX).toBe(110);
  });

  it('is kept when the detector sees no face at all', async () => {
    const { world, followed } = track();
    await followed.find(picture, 0);
    world.faces = [];
    expect(await followed.find(picture, 2100)).not.toBeNull();
    expect(followed.stats.lost).toBe(0);
  });

  it('is kept when a passenger with a larger face leans in', async () => {
    const { world, looked, followed } = track();
    await followed.find(picture, 0);
    world.faces = [{ ...face(430), width: 200, height: 200 }, face(230)];
    await followed.find(picture, 2100);
    expect(looked.at(-1)!.centreX).toBeLessThan(400);
  });

  it('is left for the configured seat when somebody appears there', async () => {
    const { world, looked, followed } = track({ seat: 'left' });
    await followed.find(picture, 0);
    world.faces = [face(230), face(20)];
    await followed.find(picture, 2100);
    expect(looked.at(-1)!.centreX).toBe(110);
  });
});

it('searches no more often than configured while there is no face', async () => {
  const { world, followed } = track({ detectEveryMs: 200 });
  world.faces = [];
  for (let atMs = 0; atMs < 1000; atMs += 50) expect(await followed.find(picture, atMs)).toBeNull();
  expect(followed.stats.detections).toBe(5);
});
