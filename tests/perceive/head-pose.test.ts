import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitHead } from '../../agent/perceive/head-pose.ts';
import { drawnMesh } from './drawn-head.ts';

const still = { yawDeg: 0, pitchDeg: 0, rollDeg: 0 };

describe('head pose', () => {
  it('recovers every turn of the head within half a degree', () => {
    const angle = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
    const turn = fc.record({ yawDeg: angle(70), pitchDeg: angle(50), rollDeg: angle(40) });
    fc.assert(
      fc.property(turn, fc.double({ min: 3, max: 40, noNaN: true }), (truth, pxPerCm) => {
        const found = fitHead(drawnMesh(truth, pxPerCm));
        expect(Math.abs(found.pose.yawDeg - truth.yawDeg)).toBeLessThan(0.5);
        expect(Math.abs(found.pose.pitchDeg - truth.pitchDeg)).toBeLessThan(0.5);
        expect(Math.abs(found.pose.rollDeg - truth.rollDeg)).toBeLessThan(0.5);
        expect(found.pxPerCm / pxPerCm).toBeCloseTo(1, 2);
        expect(found.residualCm).toBeLessThan(0.01);
      }),
    );
  });

  it('stays within a degree when the landmarks tremble by a pixel', () => {
    const { pose } = fitHead(drawnMesh({ yawDeg: 25, pitchDeg: -10, rollDeg: 8 }, 15, 1));
    expect(Math.abs(pose.yawDeg - 25)).toBeLessThan(1);
    expect(Math.abs(pose.pitchDeg + 10)).toBeLessThan(1);
    expect(Math.abs(pose.rollDeg - 8)).toBeLessThan(1);
  });

  it('calls a nose that moves to the right of the picture a turn to the left of the driver', () => {
    const mesh = drawnMesh({ ...still, yawDeg: 30 });
    const eyesX = (mesh[33 * 3]! + mesh[263 * 3]!) / 2;
    expect(mesh[4 * 3]!).toBeGreaterThan(eyesX);
    expect(fitHead(mesh).pose.yawDeg).toBeGreaterThan(29);
  });

  it('calls a nose that moves up in the picture, against the eyes, a look up', () => {
    const noseBelowEyes = (mesh: Float32Array) => mesh[4 * 3 + 1]! - mesh[33 * 3 + 1]!;
    const up = drawnMesh({ ...still, pitchDeg: 20 });
    expect(noseBelowEyes(up)).toBeLessThan(noseBelowEyes(drawnMesh(still)));
    expect(fitHead(up).pose.pitchDeg).toBeGreaterThan(19);
  });

  it('calls a forehead that moves to the left of the picture a tilt to the right shoulder', () => {
    const mesh = drawnMesh({ ...still, rollDeg: 20 });
    expect(mesh[10 * 3]!).toBeLessThan(mesh[4 * 3]!);
    expect(fitHead(mesh).pose.rollDeg).toBeGreaterThan(19);
  });

  it('is certain of a face and not of points that form none', () => {
    const mesh = drawnMesh({ yawDeg: 10, pitchDeg: 5, rollDeg: 0 });
    expect(fitHead(mesh).pose.confidence).toBe(1);
    const scattered = mesh.map((value, i) => value + 60 * Math.sin(i * i));
    expect(fitHead(scattered).pose.confidence).toBe(0);
  });
});
