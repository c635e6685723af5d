/** Boxes cut out of pictures, upright and askew, and where they lie around a face. */
import { describe, expect, it } from 'vitest';
import { eyeBox, faceBox, leanOf, mouthBox } from '../../../models/preprocess/face-boxes.ts';
import { createSquarer, packed } from '../../../models/preprocess/gray-picture.ts';
import { createBoxCutter } from '../../../models/preprocess/turned-box.ts';

/** Rises by 4 to the right and by 3 downwards. */
const ramp = packed(
  Uint8Array.from({ length: 30 * 20 }, (_, i) => 4 * (i % 30) + 3 * Math.floor(i / 30)),
  30,
  20,
);
const at = (picture: { pixels: Uint8Array; stride: number }, x: number, y: number) =>
  picture.pixels[y * picture.stride + x];

describe('a box cutter', () => {
  it('gives back the very pixels of an upright box', () => {
    const cut = createBoxCutter(64).cut(ramp, { centreX: 10, centreY: 8, width: 6, height: 4, angleRad: 0 });
    expect([cut.width, cut.height]).toEqual([6, 4]);
    expect([at(cut, 0, 0), at(cut, 5, 3)]).toEqual([at(ramp, 7, 6), at(ramp, 12, 9)]);
  });
  it('turns the picture back by the angle of the box', () => {
    const box = { centreX: 10, centreY: 10, width: 6, height: 6, angleRad: Math.PI / 2 };
    const cut = createBoxCutter(64).cut(ramp, box);
    // What lies to the right in a box turned clockwise lies below in the picture.
    expect(at(cut, 5, 0)! - at(cut, 0, 0)!).toBe(3 * 5);
    expect(at(cut, 0, 5)! - at(cut, 0, 0)!).toBe(-4 * 5);
  });
  it('goes on with the edge outside of the picture', () => {
    const cut = createBoxCutter(64).cut(ramp, { centreX: 0, centreY: 0, width: 8, height: 8, angleRad: 0 });
    expect(at(cut, 0, 0)).toBe(at(ramp, 0, 0));
    const corner = createBoxCutter(64).cut(ramp, {
      centreX: 40,
      centreY: 40,
      width: 8,
      height: 8,
      angleRad: 0,
    });
    expect(new Set(corner.pixels.subarray(0, 64))).toEqual(new Set([at(ramp, 29, 19)]));
  });
  it('never cuts more pixels than its buffer holds', () => {
    const cut = createBoxCutter(16).cut(ramp, {
      centreX: 15,
      centreY: 10,
      width: 300,
      height: 20,
      angleRad: 0,
    });
    expect([cut.width, cut.height]).toEqual([16, 1]);
  });
});

describe('boxes of a face', () => {
  /** A mesh whose points span a box of 100 x 120 around (200, 150), leaning by the angle. */
  const mesh = (angleRad: number): Float32Array => {
    const points = new Float32Array(468 * 3);
    const put = (i: number, x: number, y: number) => {
      points[i * 3] = 200 + x * Math.cos(angleRad) - y * Math.sin(angleRad);
      points[i * 3 + 1] = 150 + x * Math.sin(angleRad) + y * Math.cos(angleRad);
    };
    for (let i = 0; i < 468; i++) put(i, i % 2 === 0 ? -50 : 50, i % 4 < 2 ? -60 : 60);
    put(33, -30, -20);
    put(263, 30, -20);
    return points;
  };
  it.each([0, 0.4, -0.7])('lean with the eyes and keep their size (%s rad)', (angleRad) => {
    const box = faceBox(mesh(angleRad));
    expect(leanOf(mesh(angleRad))).toBeCloseTo(angleRad, 5);
    expect(box.angleRad).toBeCloseTo(angleRad, 5);
    expect(box.width).toBeCloseTo(120 * 1.08, 2);
    // The middle is shifted upwards along the face, not along the picture.
    expect([box.centreX - 200, box.centreY - 150]).toEqual([
      expect.closeTo(0.046 * 120 * Math.sin(angleRad), 2),
      expect.closeTo(-0.046 * 120 * Math.cos(angleRad), 2),
    ]);
  });
  it('lie around the middle of an eye and of the lips', () => {
    const eye = new Float32Array(71 * 2);
    eye.set([100, 80], 0);
    eye.set([130, 80], 8 * 2);
    expect(eyeBox(eye, 0)).toMatchObject({ centreX: 115, centreY: 80 });
    const lips = Float32Array.from({ length: 160 }, (_, i) => (i % 2 === 0 ? 50 + (i % 40) : 70 + (i % 11)));
    const mouth = mouthBox(lips, 0);
    expect(mouth.width).toBeGreaterThan(mouth.height);
    expect(mouth.centreX).toBeCloseTo(69, 5);
  });
});

it('letterboxes a mouth so that a wide one does not look like an open one', () => {
  const squarer = createSquarer(32);
  squarer.letterbox(packed(new Uint8Array(40 * 10).fill(200), 40, 10));
  expect(new Set(squarer.pixels)).toEqual(new Set([200]));
  const striped = Uint8Array.from({ length: 40 * 10 }, (_, i) => (i % 40 < 20 ? 0 : 200));
  squarer.letterbox(packed(striped, 40, 10));
  expect([squarer.pixels[0], squarer.pixels[16 * 32], squarer.pixels[16 * 32 + 31]]).toEqual([100, 0, 200]);
});
