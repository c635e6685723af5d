/**
 * The canonical face as a camera sees it: truth for the tests of geometry. Written out axis by axis,
 * independently of the code under test. Yaw > 0: to the driver's left, which is the picture's right;
 * pitch > 0: up; roll > 0: towards the right shoulder, which is the picture's left. Order: roll, pitch, yaw.
 */
import { RIGID_POINTS } from '../../models/face-mesh-points.ts';

export interface Turn {
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly rollDeg: number;
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** A point of the head (x to the driver's left, y up, z out of the face) in picture axes (x, y down, z away). */
export function turned(
  [xCm, yCm, zCm]: readonly [number, number, number],
  { yawDeg, pitchDeg, rollDeg }: Turn,
): [number, number, number] {
  const [yaw, pitch, roll] = [radians(yawDeg), radians(pitchDeg), radians(rollDeg)];
  const x1 = xCm * Math.cos(roll) - yCm * Math.sin(roll);
  const y1 = xCm * Math.sin(roll) + yCm * Math.cos(roll);
  const y2 = y1 * Math.cos(pitch) + zCm * Math.sin(pitch);
  const z2 = zCm * Math.cos(pitch) - y1 * Math.sin(pitch);
  return [x1 * Math.cos(yaw) + z2 * Math.sin(yaw), -y2, x1 * Math.sin(yaw) - z2 * Math.cos(yaw)];
}

/** The mesh of a turned head around 320, 200; points that are not rigid lie at its middle. */
export function drawnMesh(turn: Turn, pxPerCm = 15, noisePx = 0): Float32Array {
  const mesh = new Float32Array(468 * 3);
  for (let i = 0; i < 468; i++) mesh.set([320, 200, 0], i * 3);
  RIGID_POINTS.forEach(({ mesh: index, xCm, yCm, zCm }, i) => {
    const noise = (k: number) => noisePx * Math.sin(i * 12.9898 + k * 78.233);
    const [x, y, z] = turned([xCm, yCm, zCm], turn);
    mesh.set([320 + pxPerCm * x + noise(1), 200 + pxPerCm * y + noise(2), pxPerCm * z + noise(3)], index * 3);
  });
  return mesh;
}
