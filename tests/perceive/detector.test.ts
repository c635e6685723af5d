import { describe, expect, it } from 'vitest';
import { anchorCentre, decodeFaces, mergeOverlapping, overlap } from '../../agent/perceive/detector.ts';
import type { DetectedFace } from '../../agent/perceive/detector.ts';
import { chooseDriver } from '../../agent/perceive/driver-face.ts';

const face = (x: number, width: number, score = 0.9): DetectedFace => ({
  x,
  y: 50,
  width,
  height: width,
  score,
  angleRad: 0,
});

describe('detector', () => {
  it('has two anchors in each of 16 x 16 cells, then six in each of 8 x 8', () => {
    expect([0, 1].map((index) => anchorCentre(index))).toEqual([
      { x: 4, y: 4 },
      { x: 4, y: 4 },
    ]);
    expect(anchorCentre(2)).toEqual({ x: 12, y: 4 });
    expect(anchorCentre(511)).toEqual({ x: 124, y: 124 });
    expect(anchorCentre(512)).toEqual({ x: 8, y: 8 });
    expect(anchorCentre(518)).toEqual({ x: 24, y: 8 });
    expect(anchorCentre(895)).toEqual({ x: 120, y: 120 });
  });

  it('decodes box, score and eye line of an anchor', () => {
    const logits = new Float32Array(896).fill(-9);
    const boxes = new Float32Array(896 * 16);
    logits[514] = 2;
    boxes.set([3, -2, 40, 44, -10, -8, 10, 12], 514 * 16); // centre, size, right eye, left eye
    const [found, ...others] = decodeFaces(logits, boxes, 0.5);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ x: 8 + 3 - 20, y: 8 - 2 - 22, width: 40, height: 44 });
    expect(found!.score).toBeCloseTo(0.881, 3);
    expect(found!.angleRad).toBeCloseTo(Math.PI / 4, 5);
  });

  it('takes overlapping boxes for one face, weighted by score, and keeps distant ones', () => {
    const merged = mergeOverlapping([face(10, 40, 0.6), face(14, 40, 0.9), face(200, 40, 0.7)]);
    expect(merged).toHaveLength(2);
    expect(merged[0]!.x).toBeCloseTo((10 * 0.6 + 14 * 0.9) / 1.5, 6);
    expect(merged.map((one) => one.score)).toEqual([0.9, 0.7]);
  });

  it('measures overlap as shared area by area of both', () => {
    expect(overlap(face(0, 10), face(0, 10))).toBe(1);
    expect(overlap(face(0, 10), face(5, 10))).toBeCloseTo(1 / 3, 6);
    expect(overlap(face(0, 10), face(10, 10))).toBe(0);
  });
});

describe('the driver among several faces', () => {
  const left = face(50, 100);
  const right = face(400, 110);
  const rear = face(250, 50);
  it('sits on the configured side of the picture', () => {
    expect(chooseDriver([left, right, rear], 'left')).toBe(left);
    expect(chooseDriver([left, right, rear], 'right')).toBe(right);
  });
  it('is the largest face where no side is configured', () => {
    expect(chooseDriver([left, rear, right], 'any')).toBe(right);
  });
  it('is never a small face behind the front seats', () => {
    expect(chooseDriver([face(0, 40), right], 'left')).toBe(right);
  });
  it('is nobody where there is no face', () => {
    expect(chooseDriver([], 'any')).toBeNull();
  });
});
