/** EAR, MAR and gaze against drawn heads: what they must not depend on, and what they must show. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eyeAspectRatio } from '../../agent/perceive/eyes.ts';
import { measureGaze } from '../../agent/perceive/gaze.ts';
import { fitHead } from '../../agent/perceive/head-pose.ts';
import { mouthAspectRatio } from '../../agent/perceive/mouth.ts';
import type { FaceLandmarks } from '../../agent/perceive/mesh.ts';
import type { EyeReading } from '../../agent/perceive/observation.ts';
import { EYE, IRIS, LIPS } from '../../models/face-mesh-points.ts';
import { drawnMesh, turned } from './drawn-head.ts';
import type { Turn } from './drawn-head.ts';

const PX_PER_CM = 15;
type Point = readonly [number, number, number];

/** Corners of the left eye on the canonical face, centimetres; the right eye mirrors them. */
const OUTER: Point = [4.445859, 2.663991, 3.173422];
const INNER: Point = [1.856432, 2.585245, 3.757904];
const mirrored = ([x, y, z]: Point): Point => [-x, y, z];
const project = (point: Point, turn: Turn) => {
  const [x, y] = turned(point, turn);
  return [320 + PX_PER_CM * x, 200 + PX_PER_CM * y] as const;
};
const between = (a: Point, b: Point, share: number): Point => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** The contour of an eye whose lids are `openCm` apart in the middle. */
function drawnEye(side: 'left' | 'right', openCm: number, turn: Turn): Float32Array {
  const eye = new Float32Array(71 * 2);
  const place = (point: Point) => (side === 'left' ? point : mirrored(point));
  const put = (index: number, point: Point) => eye.set(project(place(point), turn), index * 2);
  put(EYE.outerCorner, OUTER);
  put(EYE.innerCorner, INNER);
  EYE.lidPairs.forEach(([upper, lower], i) => {
    const middle = between(OUTER, INNER, (i + 1) / 8);
    const half = openCm / 2;
    put(upper, [middle[0], middle[1] + half, middle[2]]);
    put(lower, [middle[0], middle[1] - half, middle[2]]);
  });
  return eye;
}

const angle = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const anyTurn = fc.record({ yawDeg: angle(45), pitchDeg: angle(15), rollDeg: angle(30) });

describe('eye aspect ratio', () => {
  it('stays the same however the head turns and tilts', () => {
    fc.assert(
      fc.property(anyTurn, fc.constantFrom('left' as const, 'right' as const), (turn, side) => {
        const ear = eyeAspectRatio(drawnEye(side, 0.8, turn), fitHead(drawnMesh(turn, PX_PER_CM)));
        expect(ear).toBeGreaterThan(0.28);
        expect(ear).toBeLessThan(0.32);
      }),
    );
  });

  it('is 0 for lids that meet or cross', () => {
    const turn = { yawDeg: 20, pitchDeg: 0, rollDeg: 10 };
    const head = fitHead(drawnMesh(turn, PX_PER_CM));
    expect(eyeAspectRatio(drawnEye('left', 0, turn), head)).toBeCloseTo(0, 2);
    expect(eyeAspectRatio(drawnEye('left', -0.1, turn), head)).toBe(0);
  });
});

describe('mouth aspect ratio', () => {
  const lips = new Float32Array(80 * 2);
  lips.set([100, 50], LIPS.innerRightCorner * 2);
  lips.set([140, 50], LIPS.innerLeftCorner * 2);
  for (const [upper, lower] of LIPS.innerPairs) {
    lips.set([120, 42], upper * 2);
    lips.set([120, 62], lower * 2);
  }
  it('is the opening of the inner lips by their width', () => {
    expect(mouthAspectRatio(lips, 1)).toBeCloseTo(0.5, 6);
  });
  it('takes a width that a turn shortens for as wide as it is', () => {
    expect(mouthAspectRatio(lips, 0.5)).toBeCloseTo(0.25, 6);
  });
  it('is 0 for lips without any width', () => {
    expect(mouthAspectRatio(new Float32Array(160), 1)).toBe(0);
  });
});

describe('gaze', () => {
  const open: EyeReading = { ear: 0.3, confidence: 1, unseen: null };
  const gone: EyeReading = { ear: 0.3, confidence: 0, unseen: 'covered' };

  /** Irises of eyeballs 0.9 cm behind the corners, 1.2 cm in radius, turned within the head. */
  function looking(turn: Turn, yawDeg: number, pitchDeg: number): FaceLandmarks {
    const [yaw, pitch] = [(yawDeg * Math.PI) / 180, (pitchDeg * Math.PI) / 180];
    const iris = (place: (point: Point) => Point) => {
      const [x, y, z] = place(between(OUTER, INNER, 0.5));
      const points = new Float32Array(5 * 2);
      const seen: Point = [
        x + 1.2 * Math.sin(yaw) * Math.cos(pitch),
        y + 1.2 * Math.sin(pitch),
        z - 0.9 + 1.2 * Math.cos(yaw) * Math.cos(pitch),
      ];
      points.set(project(seen, turn), IRIS.centre * 2);
      return points;
    };
    return {
      mesh: drawnMesh(turn, PX_PER_CM),
      leftEye: drawnEye('left', 0.8, turn),
      rightEye: drawnEye('right', 0.8, turn),
      lips: new Float32Array(160),
      leftIris: iris((point) => point),
      rightIris: iris(mirrored),
      score: 1,
      region: { centreX: 0, centreY: 0, side: 1, angleRad: 0 },
    };
  }
  const gazeOf = (turn: Turn, yawDeg: number, pitchDeg: number) => {
    const landmarks = looking(turn, yawDeg, pitchDeg);
    return measureGaze(landmarks, fitHead(landmarks.mesh), open, open)!;
  };
  const still = { yawDeg: 0, pitchDeg: 0, rollDeg: 0 };

  it('shows how far the eyes turn within the head, whatever the head does', () => {
    fc.assert(
      fc.property(
        fc.record({ yawDeg: angle(30), pitchDeg: angle(15), rollDeg: angle(20) }),
        angle(25),
        angle(15),
        (turn, yawDeg, pitchDeg) => {
          const ahead = gazeOf(turn, 0, 0);
          const aside = gazeOf(turn, yawDeg, pitchDeg);
          expect(Math.abs(aside.yawDeg - ahead.yawDeg - yawDeg)).toBeLessThan(2);
          expect(Math.abs(aside.pitchDeg - ahead.pitchDeg - pitchDeg)).toBeLessThan(2);
        },
      ),
    );
  });

  it('is less certain by one eye and unknown by none', () => {
    const landmarks = looking(still, 10, 0);
    const head = fitHead(landmarks.mesh);
    const both = measureGaze(landmarks, head, open, open)!;
    const one = measureGaze(landmarks, head, open, gone)!;
    expect(one.confidence).toBeLessThan(1);
    expect(one.confidence).toBeGreaterThan(0);
    expect(both.yawDeg).toBeGreaterThan(5);
    expect(measureGaze(landmarks, head, gone, gone)).toBeNull();
  });

  it('is unknown behind lids that are nearly shut', () => {
    const landmarks = looking(still, 0, 0);
    const shut: EyeReading = { ear: 0.08, confidence: 1, unseen: null };
    expect(measureGaze(landmarks, fitHead(landmarks.mesh), shut, shut)).toBeNull();
  });
});
