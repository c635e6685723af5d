import { describe, expect, it } from 'vitest';
import { createCropper } from '../../agent/perceive/crop.ts';
import type { PictureView } from '../../agent/perceive/picture.ts';
import type { Region } from '../../agent/perceive/region.ts';
import { gray, portrait, PORTRAIT, raw } from './pictures.ts';

const SIDE = 192;

/** Mean and largest difference of the crop from a reference, in 8-bit steps. */
function differences(data: Float32Array, reference: (x: number, y: number, colour: number) => number) {
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const at = i % (SIDE * SIDE);
    const colour = Math.floor(i / (SIDE * SIDE));
    const off = Math.abs(data[i]! * 255 - reference(at % SIDE, Math.floor(at / SIDE), colour));
    sum += off;
    largest = Math.max(largest, off);
  }
  return { mean: sum / data.length, largest };
}

/** Bilinear reference in floating point on packed RGB; the edge repeats. */
function sampler(rgb: Uint8Array, width: number, height: number, region: Region) {
  const at = (x: number, y: number, colour: number) =>
    rgb[(Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))) * 3 + colour]!;
  return (u: number, v: number, colour: number) => {
    const dx = ((u + 0.5) / SIDE - 0.5) * region.side;
    const dy = ((v + 0.5) / SIDE - 0.5) * region.side;
    const x = region.centreX + dx * Math.cos(region.angleRad) - dy * Math.sin(region.angleRad) - 0.5;
    const y = region.centreY + dx * Math.sin(region.angleRad) + dy * Math.cos(region.angleRad) - 0.5;
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - left, y - top];
    const upper = at(left, top, colour) * (1 - fx) + at(left + 1, top, colour) * fx;
    const lower = at(left, top + 1, colour) * (1 - fx) + at(left + 1, top + 1, colour) * fx;
    return upper * (1 - fy) + lower * fy;
  };
}

function crop(picture: PictureView, region: Region, outside: 'edge' | 'black' = 'edge'): Float32Array {
  const cropper = createCropper(SIDE, '0..1', outside);
  cropper.cut(picture, region);
  return cropper.data;
}

describe('crop', () => {
  // ffmpeg's own way from the very same planes to RGB, so that the range (16-235) is checked too.
  const picture = portrait();
  const rgb = raw(
    PORTRAIT,
    'scale=960:960,crop=640:480:97:0,format=yuv420p,scale=out_range=pc:flags=accurate_rnd',
    'rgb24',
  );

  it.each([
    ['upright, pixel by pixel', { centreX: 320, centreY: 220, side: SIDE, angleRad: 0 }],
    ['turned and enlarged', { centreX: 300, centreY: 230, side: 150, angleRad: 0.4 }],
    ['turned and reduced', { centreX: 310, centreY: 240, side: 330, angleRad: -0.7 }],
    ['reaching over the edge', { centreX: 30, centreY: 460, side: 300, angleRad: 0.2 }],
  ])('gives the colours that ffmpeg gives: %s', (_, region) => {
    const { mean, largest } = differences(crop(picture, region), sampler(rgb, 640, 480, region));
    // Chroma is taken from the nearest of its coarser samples: single pixels at colour edges differ.
    expect(mean).toBeLessThan(1.5);
    expect(largest).toBeLessThan(70);
  });

  it('gives gray pictures the same value in all three planes, full range', () => {
    const ramp = gray(256, 256, (x) => x);
    const data = crop(ramp, { centreX: 128, centreY: 128, side: SIDE, angleRad: 0 });
    const { largest } = differences(data, (u) => u + 32);
    expect(largest).toBeLessThan(0.51);
  });

  it('paints black what lies outside where a letterbox is wanted', () => {
    const cropper = createCropper(SIDE, '-1..1', 'black');
    cropper.cut(
      gray(200, 100, () => 255),
      { centreX: 100, centreY: 50, side: 200, angleRad: 0 },
    );
    const row = (v: number) => cropper.data.subarray(v * SIDE, (v + 1) * SIDE);
    expect(new Set(row(10))).toEqual(new Set([-1]));
    expect(row(96)[96]).toBe(1);
    expect(new Set(row(180))).toEqual(new Set([-1]));
  });

  it('stays within its range for every value of luma and chroma', () => {
    const pixels = new Uint8Array(64 * 64 * 1.5).map((_, i) => (i * 167) & 255);
    const data = crop(
      { pixels, width: 64, height: 64, pixelFormat: 'yuv420p' },
      { centreX: 32, centreY: 32, side: 80, angleRad: 1 },
    );
    expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('survives a region that holds nothing of the picture', () => {
    const far = { centreX: -5000, centreY: 9000, side: 100, angleRad: 0.3 };
    expect(crop(picture, far).every(Number.isFinite)).toBe(true);
    expect(crop(picture, far, 'black').every((value) => value === 0)).toBe(true);
  });
});
