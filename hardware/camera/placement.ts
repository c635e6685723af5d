/**
 * Puts the bytes of a raw frame where they belong in the slot while they arrive: turned, flipped and
 * cropped in the one pass that copies them.
 *
 * In:  stretches of a raw frame in the source's layout, in order, cut anywhere.
 * Out: the frame in the slot, in the layout of `Geometry.output`.
 */
import type { Geometry } from './geometry.ts';
import type { RawLayout, RawPlane } from './raw-layout.ts';
import { packedLayout } from './raw-layout.ts';

/** Writes `source[from, to)`, which are the bytes of the frame from `offset` on, into the slot. */
export type Placement = (
  source: Uint8Array,
  from: number,
  to: number,
  offset: number,
  slot: Uint8Array,
) => void;

/** A plain copy, for sources that deliver the final layout. */
export const copyAsIs: Placement = (source, from, to, offset, slot) => {
  slot.set(source.subarray(from, to), offset);
};

/** The cheapest placement for this geometry. @param layout where the source has its pixels; left out = packed. */
export function placementOf(geometry: Geometry, layout: RawLayout = packed(geometry)): Placement {
  const { source, crop, rotateDeg, mirror } = geometry;
  const untouched =
    rotateDeg === 0 && !mirror && crop.width === source.width && crop.height === source.height;
  if (untouched && isPacked(layout, geometry)) return copyAsIs;
  const planes = planesOf(geometry, layout);
  return (chunk, from, to, offset, slot) => {
    for (const plane of planes) {
      const begin = Math.max(offset, plane.start);
      const end = Math.min(offset + to - from, plane.start + plane.stride * plane.height);
      if (begin < end) placePlane(plane, chunk, from - offset, begin, end, slot);
    }
  };
}

const packed = ({ source, output }: Geometry): RawLayout => packedLayout(source, output.pixelFormat);

function isPacked(layout: RawLayout, geometry: Geometry): boolean {
  const { bytes, luma } = packed(geometry);
  return layout.bytes === bytes && layout.luma.start === luma.start && !layout.stretch;
}

/** Limited range (16-235) to full range (0-255), BT.601. */
const STRETCH = Uint8Array.from({ length: 256 }, (_, luma) =>
  Math.min(255, Math.max(0, Math.round(((luma - 16) * 255) / 219))),
);

/** One plane: pixel (x, y) of the source goes to `origin + x * stepX + y * stepY` if it is kept. */
interface Plane extends RawPlane {
  readonly height: number;
  /** Kept pixels of the source: x in [x0, x1), y in [y0, y1). */
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  readonly origin: number;
  readonly stepX: number;
  readonly stepY: number;
  /** What each value becomes; `null` = itself. */
  readonly values: Uint8Array | null;
}

function planesOf(geometry: Geometry, layout: RawLayout): Plane[] {
  const luma = planeOf(geometry, 1, layout.luma, 0, layout.stretch ? STRETCH : null);
  if (layout.chroma === null) return [luma];
  const [u, v] = layout.chroma;
  const lumaOut = geometry.crop.width * geometry.crop.height;
  return [luma, planeOf(geometry, 2, u, lumaOut), planeOf(geometry, 2, v, lumaOut + lumaOut / 4)];
}

/** @param scale 1 for luma, 2 for chroma. @param outStart where the plane begins in the slot [bytes]. */
function planeOf(
  geometry: Geometry,
  scale: number,
  raw: RawPlane,
  outStart: number,
  values: Uint8Array | null = null,
): Plane {
  const width = Math.ceil(geometry.source.width / scale);
  const height = Math.ceil(geometry.source.height / scale);
  const crop = geometry.crop;
  const outWidth = crop.width / scale;
  const across = uprightAxis(geometry, 'across', width, height);
  const down = uprightAxis(geometry, 'down', width, height);
  const keptAcross = kept(across, crop.x / scale, outWidth, width, height);
  const keptDown = kept(down, crop.y / scale, crop.height / scale, width, height);
  const [x0, x1] = across.alongX ? keptAcross : keptDown;
  const [y0, y1] = across.alongX ? keptDown : keptAcross;
  return {
    ...raw,
    height,
    values,
    x0,
    x1,
    y0,
    y1,
    origin: outStart + (across.at0 - crop.x / scale) + (down.at0 - crop.y / scale) * outWidth,
    stepX: across.alongX ? across.sign : down.sign * outWidth,
    stepY: across.alongX ? down.sign * outWidth : across.sign,
  };
}

/** A coordinate of the upright picture: `at0 + sign * x` (or y, unless `alongX`). */
interface Axis {
  readonly alongX: boolean;
  readonly sign: 1 | -1;
  readonly at0: number;
}

function uprightAxis(geometry: Geometry, which: 'across' | 'down', width: number, height: number): Axis {
  const { rotateDeg, mirror } = geometry;
  const alongX = (rotateDeg === 0 || rotateDeg === 180) === (which === 'across');
  const length = alongX ? width : height;
  const turnedBack =
    which === 'across' ? rotateDeg === 90 || rotateDeg === 180 : rotateDeg === 180 || rotateDeg === 270;
  const backwards = turnedBack !== (mirror && which === 'across');
  return backwards ? { alongX, sign: -1, at0: length - 1 } : { alongX, sign: 1, at0: 0 };
}

/** Source pixels along this axis that land in [low, low + size). */
function kept(axis: Axis, low: number, size: number, width: number, height: number): [number, number] {
  const length = axis.alongX ? width : height;
  return axis.sign === 1 ? [low, low + size] : [length - low - size, length - low];
}

/** Places the plane's bytes [begin, end) (counted in the source's frame); `shift` leads into the chunk. */
function placePlane(
  plane: Plane,
  chunk: Uint8Array,
  shift: number,
  begin: number,
  end: number,
  slot: Uint8Array,
): void {
  const last = end - plane.start;
  for (let at = begin - plane.start; at < last;) {
    const y = Math.floor(at / plane.stride);
    const row = y * plane.stride;
    const rowEnd = Math.min(last, row + plane.stride);
    if (y >= plane.y0 && y < plane.y1) {
      const x0 = Math.max(at - row, plane.x0);
      const x1 = Math.min(rowEnd - row, plane.x1);
      if (x0 < x1) placeRun(plane, chunk, shift + plane.start + row, x0, x1, y, slot);
    }
    at = rowEnd;
  }
}

/** One stretch of one row; `row` is where x = 0 lies in the chunk. */
function placeRun(
  plane: Plane,
  chunk: Uint8Array,
  row: number,
  x0: number,
  x1: number,
  y: number,
  slot: Uint8Array,
): void {
  const { stepX, values } = plane;
  let to = plane.origin + y * plane.stepY + x0 * stepX;
  if (stepX === 1 && values === null) {
    slot.set(chunk.subarray(row + x0, row + x1), to);
    return;
  }
  for (let x = row + x0; x < row + x1; x += 1) {
    slot[to] = values === null ? chunk[x]! : values[chunk[x]!]!;
    to += stepX;
  }
}
