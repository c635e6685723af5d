import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitHead } from '../../agent/perceive/head-pose.ts';
import { RIGID_POINTS } from '../../models/face-mesh-points.ts';

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/**
 * The canonical face turned by roll, then pitch, then yaw, and drawn as a camera sees it. Written out
 * axis by axis, independently of the code under test. Yaw > 0: to the driver's left, which is the
 * picture's right; pitch > 0: up; roll > 0: towards the right shoulder, which is the picture's left.
 */
function drawn(yawDeg: number, pitchDeg: number, rollDeg: number, pxPerCm = 15, noisePx = 0): Float32Array {
  const mesh = new Float32Array(468 * 3);
  const [yaw, pitch, roll] = [radians(yawDeg), radians(pitchDeg), radians(rollDeg)];
  RIGID_POINTS.forEach(({ mesh: index, xCm, yCm, zCm }, i) => {
    // Axes here: x to the driver's left, y up, z towards the camera.
    const x1 = xCm * Math.cos(roll) - yCm * Math.sin(roll);
    const y1 = xCm * Math.sin(roll) + yCm * Math.cos(roll);
    const y2 = y1 * Math.cos(pitch) + zCm * Math.sin(pitch);
    const z2 = zCm * Math.cos(pitch) - y1 * Math.sin(pitch);
    const x3 = x1 * Math.cos(yaw) + z2 * Math.sin(yaw);
    const z3 = z2 * Math.cos(yaw) - x1 * Math.sin(yaw);
    const noise = (k: number) => noisePx * Math.sin(i * 12.9898 + k * 78.233);
    mesh[index * 3] = 320 + pxPerCm * x3 + noise(1);
    mesh[index * 3 + 1] = 200 - pxPerCm * y2 + noise(2);
    mesh[index * 3 + 2] = -pxPerCm * z3 + noise(3);
  });
  return mesh;
}

describe('head pose', () => {
  it('recovers every turn of the head within a degree', () => {
    const angle = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
    fc.assert(
      fc.property(angle(70), angle(50), angle(40), fc.double({ min: 3, max: 40, noNaN: true }), (...turn) => {
        const [yaw, pitch, roll, pxPerCm] = turn;
        const { pose, pxPerCm: found, residualCm } = fitHead(drawn(yaw, pitch, roll, pxPerCm));
        expect(Math.abs(pose.yawDeg - yaw)).toBeLessThan(0.5);
        expect(Math.abs(pose.pitchDeg - pitch)).toBeLessThan(0.5);
        expect(Math.abs(pose.rollDeg - roll)).toBeLessThan(0.5);
        expect(found / pxPerCm).toBeCloseTo(1, 2);
        expect(residualCm).toBeLessThan(0.01);
      }),
    );
  });

  it('stays within a degree when the landmarks tremble by a pixel', () => {
    const { pose } = fitHead(drawn(25, -10, 8, 15, 1));
    expect(Math.abs(pose.yawDeg - 25)).toBeLessThan(1);
    expect(Math.abs(pose.pitchDeg + 10)).toBeLessThan(1);
    expect(Math.abs(pose.rollDeg - 8)).toBeLessThan(1);
  });

  it('calls a turn to the right of the picture a turn to the left of the driver', () => {
    const frontal = fitHead(drawn(0, 0, 0)).pose;
    expect(frontal.yawDeg).toBeCloseTo(0, 1);
    // The nose tip moves to the right of the picture against the middle of the eyes.
    const turned = drawn(30, 0, 0);
    const noseX = turned[4 * 3]!;
    const eyesX = (turned[33 * 3]! + turned[263 * 3]!) / 2;
    expect(noseX).toBeGreaterThan(eyesX);
    expect(fitHead(turned).pose.yawDeg).toBeGreaterThan(29);
  });

  it('is certain of a face and not of points that form none', () => {
    expect(fitHead(drawn(10, 5, 0)).pose.confidence).toBe(1);
    const scattered = drawn(10, 5, 0).map((value, i) => value + 60 * Math.sin(i * i));
    expect(fitHead(scattered).pose.confidence).toBe(0);
  });
});
