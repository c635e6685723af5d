/**
 * Which part of a picture each network of ours sees of a face whose landmarks are known.
 * Input: points of `face-mesh` in picture pixels (models/face-mesh-points.ts). Output: boxes turned with the eyes.
 *
 * The boxes are framed as the training pictures are. Measured by running the mesh on those pictures:
 * FER2013 PublicTest (439 of 449) shows 1.08 x the longer side of the landmarks' box, its middle 0.046 higher;
 * UTKFace (306 of 307) 1.04 x, 0.025 lower. Eyes and lips by what is answered best on frames of drivers
 * (YawDD, 320 px wide). Eyes, 312 labelled by eye, 0.9-2.1 x the distance of the corners tried: at 1.1 open
 * .98, closed .97 right and .85 of sunglasses seen; at 1.65, which looks most like CEW, .98, .88 and .30.
 * Lips, 563 frames of people not trained on, 0.75-1.2 x their box tried: .975 right at 1, .956 at 0.83.
 */
import type { TurnedBox } from './turned-box.ts';

const FACE = { scale: 1.08, lower: -0.046 } as const;
const HEAD = { scale: 1.04, lower: 0.025 } as const;
const EYE_SCALE = 1.1;
const LIPS_SCALE = 1;
/** Outer corners of the eyes in the mesh: the line that lies level in the crop. */
const RIGHT_EYE_OUTER = 33;
const LEFT_EYE_OUTER = 263;
/** Corners in the points of an eye. */
const OUTER = 0;
const INNER = 8;

/** How the head leans in the picture. @param mesh 468 x (x, y, z) */
export const leanOf = (mesh: Float32Array): number =>
  Math.atan2(
    mesh[LEFT_EYE_OUTER * 3 + 1]! - mesh[RIGHT_EYE_OUTER * 3 + 1]!,
    mesh[LEFT_EYE_OUTER * 3]! - mesh[RIGHT_EYE_OUTER * 3]!,
  );

/** What `face-emotion` and `source-image` see. @param mesh 468 x (x, y, z) */
export const faceBox = (mesh: Float32Array): TurnedBox => squareAround(mesh, FACE);

/** What `face-sex` sees. @param mesh 468 x (x, y, z) */
export const headBox = (mesh: Float32Array): TurnedBox => squareAround(mesh, HEAD);

/** What `eye-state` sees. @param eye 71 x (x, y) of one eye @param angleRad of the line through both eyes */
export function eyeBox(eye: Float32Array, angleRad: number): TurnedBox {
  const [outerX, outerY, innerX, innerY] = [
    eye[OUTER]!,
    eye[OUTER + 1]!,
    eye[INNER * 2]!,
    eye[INNER * 2 + 1]!,
  ];
  const side = Math.max(1, Math.hypot(outerX - innerX, outerY - innerY) * EYE_SCALE);
  const [centreX, centreY] = [(outerX + innerX) / 2, (outerY + innerY) / 2];
  return { centreX, centreY, width: side, height: side, angleRad };
}

/** What `mouth` sees. @param lips 80 x (x, y) @param angleRad of the line through both eyes */
export function mouthBox(lips: Float32Array, angleRad: number): TurnedBox {
  const box = boundsOf(lips, 2, angleRad);
  const [width, height] = [box.width * LIPS_SCALE, box.height * LIPS_SCALE];
  return { ...box, width: Math.max(1, width), height: Math.max(1, height) };
}

function squareAround(mesh: Float32Array, { scale, lower }: { scale: number; lower: number }): TurnedBox {
  const angleRad = leanOf(mesh);
  const box = boundsOf(mesh, 3, angleRad);
  const longer = Math.max(box.width, box.height);
  const centreX = box.centreX - Math.sin(angleRad) * lower * longer;
  const centreY = box.centreY + Math.cos(angleRad) * lower * longer;
  const side = Math.max(1, longer * scale);
  return { centreX, centreY, width: side, height: side, angleRad };
}

/** The smallest box with this turn around points of `stride` numbers. */
function boundsOf(points: Float32Array, stride: number, angleRad: number): TurnedBox {
  const cos = Math.cos(angleRad);
  const sin = Math.sin(angleRad);
  let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += stride) {
    const x = points[i]! * cos + points[i + 1]! * sin;
    const y = points[i + 1]! * cos - points[i]! * sin;
    minX = Math.min(minX, x);
    maxX = Math.max(maxX, x);
    minY = Math.min(minY, y);
    maxY = Math.max(maxY, y);
  }
  const [x, y] = [(minX + maxX) / 2, (minY + maxY) / 2];
  const [centreX, centreY] = [x * cos - y * sin, x * sin + y * cos];
  return { centreX, centreY, width: maxX - minX, height: maxY - minY, angleRad };
}
