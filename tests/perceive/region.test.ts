import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCropper } from '../../agent/perceive/crop.ts';
import { regionAround, toPicture } from '../../agent/perceive/region.ts';
import { gray } from './pictures.ts';

const region = fc.record({
  centreX: fc.double({ min: 80, max: 120, noNaN: true }),
  centreY: fc.double({ min: 80, max: 120, noNaN: true }),
  side: fc.double({ min: 60, max: 110, noNaN: true }),
  angleRad: fc.double({ min: -3, max: 3, noNaN: true }),
});

it('leads a point of the crop back to where the crop took it from', () => {
  const cropper = createCropper(192, '0..1', 'edge');
  // A picture that says where it is: luma = x, then luma = y.
  const across = gray(200, 200, (x) => x);
  const down = gray(200, 200, (_, y) => y);
  fc.assert(
    fc.property(region, fc.nat(191), fc.nat(191), (square, u, v) => {
      const point = Float32Array.of(u + 0.5, v + 0.5);
      toPicture(point, 2, 192, square, point);
      const inside = point.every((value) => value > 1 && value < 199);
      cropper.cut(across, square);
      const x = cropper.data[v * 192 + u]! * 255;
      cropper.cut(down, square);
      const y = cropper.data[v * 192 + u]! * 255;
      // Pixel i covers i..i+1: its luma i stands for its middle. The table of floats has steps of .25.
      return !inside || (Math.abs(x + 0.5 - point[0]!) < 0.6 && Math.abs(y + 0.5 - point[1]!) < 0.6);
    }),
    { numRuns: 60 },
  );
});

it('finds the same square around points however they are turned and moved', () => {
  const points = Float32Array.of(-10, 0, 0, 10, 0, 0, 0, 30, 0, 4, -6, 0);
  fc.assert(
    fc.property(region, ({ centreX, centreY, angleRad }) => {
      const [cos, sin] = [Math.cos(angleRad), Math.sin(angleRad)];
      const moved = points.map((value, i) => {
        const [x, y] = [points[i - (i % 3)]!, points[i - (i % 3) + 1]!];
        if (i % 3 === 2) return value;
        return i % 3 === 0 ? centreX + x * cos - y * sin : centreY + x * sin + y * cos;
      });
      const square = regionAround(moved, 0, 1, 1.5);
      expect(square.side).toBeCloseTo(36 * 1.5, 2);
      expect(Math.cos(square.angleRad - angleRad)).toBeCloseTo(1, 4);
      // The middle of the box is 0, 12 before turning.
      expect(square.centreX).toBeCloseTo(centreX - 12 * sin, 2);
      expect(square.centreY).toBeCloseTo(centreY + 12 * cos, 2);
    }),
    { numRuns: 60 },
  );
});
