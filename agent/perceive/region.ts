/**
 * A turned square in the picture: what is cut out for a network, and the way back for its points.
 * Units: picture pixels (origin: top left corner of the top left pixel), radians.
 */

/** A square, centred, turned by `angleRad` (positive = clockwise on the screen). */
export interface Region {
  readonly centreX: number;
  readonly centreY: number;
  readonly side: number;
  readonly angleRad: number;
}

/** The smallest upright square around a whole picture: what a letterbox shows. */
export function letterbox(width: number, height: number): Region {
  return { centreX: width / 2, centreY: height / 2, side: Math.max(width, height), angleRad: 0 };
}

/**
 * Writes picture coordinates of points given in the network's own pixels (0..`inputSide`).
 * @param points x, y (stride 2) or x, y, z (stride 3); z is scaled like x and not turned.
 * @param into same layout as `points`; may be `points` itself
 */
export function toPicture(
  points: Float32Array,
  stride: 2 | 3,
  inputSide: number,
  region: Region,
  into: Float32Array,
): void {
  const scale = region.side / inputSide;
  const cos = Math.cos(region.angleRad) * scale;
  const sin = Math.sin(region.angleRad) * scale;
  const half = inputSide / 2;
  for (let i = 0; i < points.length; i += stride) {
    const dx = points[i]! - half;
    const dy = points[i + 1]! - half;
    into[i] = region.centreX + dx * cos - dy * sin;
    into[i + 1] = region.centreY + dx * sin + dy * cos;
    if (stride === 3) into[i + 2] = points[i + 2]! * scale;
  }
}

/**
 * The square around points, turned by a line: the next frame's region from this frame's landmarks.
 * @param points x, y, z in picture pixels (stride 3)
 * @param fromIndex,toIndex the line that shall lie level (outer corners of the two eyes)
 * @param scale side of the square / longer side of the points' box (MediaPipe: 1.5)
 */
export function regionAround(
  points: Float32Array,
  fromIndex: number,
  toIndex: number,
  scale: number,
): Region {
  const angleRad = Math.atan2(
    points[toIndex * 3 + 1]! - points[fromIndex * 3 + 1]!,
    points[toIndex * 3]! - points[fromIndex * 3]!,
  );
  const cos = Math.cos(angleRad);
  const sin = Math.sin(angleRad);
  let minX = Infinity;
  let maxX = -Infinity;
  let minY = Infinity;
  let maxY = -Infinity;
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i]! * cos + points[i + 1]! * sin;
    const y = points[i + 1]! * cos - points[i]! * sin;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  const midX = (minX + maxX) / 2;
  const midY = (minY + maxY) / 2;
  return {
    centreX: midX * cos - midY * sin,
    centreY: midX * sin + midY * cos,
    side: Math.max(maxX - minX, maxY - minY) * scale,
    angleRad,
  };
}
