/** Pieces of the public-domain portrait, as the networks want them. */
import { join } from 'node:path';
import sharp from 'sharp';

const PORTRAIT = join(import.meta.dirname, '..', 'fixtures', 'portrait.png');

/** Around the face, about 1.5 times the box of its landmarks; pixels of the 512x512 portrait. */
export const FACE_REGION = { left: 148, top: 48, width: 150, height: 150 };
export const WHOLE = { left: 0, top: 0, width: 512, height: 512 };

/** One picture in both orders. */
export interface SquareImage {
  readonly side: number;
  readonly nhwc: Float32Array;
  readonly nchw: Float32Array;
}

/** @param from, to range of the values, e.g. 0 and 1 */
export async function portrait(
  region: typeof WHOLE,
  side: number,
  from: number,
  to: number,
): Promise<SquareImage> {
  const rgb = await sharp(PORTRAIT).extract(region).resize(side, side).removeAlpha().raw().toBuffer();
  const nhwc = Float32Array.from(rgb, (value) => from + (value / 255) * (to - from));
  return { side, nhwc, nchw: toNchw(nhwc, side) };
}

/** Three interleaved channels to three planes. */
export function toNchw(nhwc: Float32Array, side: number): Float32Array {
  const pixels = side * side;
  return nhwc.map((_, index) => nhwc[(index % pixels) * 3 + Math.floor(index / pixels)]!);
}
