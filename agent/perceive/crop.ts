/**
 * Cuts a turned square out of a raw picture, straight into a network's input.
 * Input: planes (yuv420p or gray8) and a region in picture pixels.
 * Output: R, G, B planes (NCHW without the N) as floats in the network's range.
 * Luma is interpolated between four pixels, chroma taken from the nearest sample: the picture is never
 * converted as a whole, and nothing is allocated. The inner loops are small functions of their own in
 * whole numbers that look the float up at the end: one large loop took twice as long in V8.
 */
import type { PictureView } from './picture.ts';
import type { Region } from './region.ts';

/** What lies outside of the picture: black, or the nearest pixel of its edge. */
export type Outside = 'black' | 'edge';

/** Range of the floats: 0..1 (mesh) or -1..1 (BlazeFace). */
export type FloatRange = '0..1' | '-1..1';

/** Cuts squares of one size for one network. Owns the tensor data that it fills: `data` is reused. */
export interface Cropper {
  /** 3 x side x side, overwritten by each `cut`. */
  readonly data: Float32Array;
  readonly side: number;
  /** Fills `data` with the region of the picture. */
  cut(picture: PictureView, region: Region): void;
}

export function createCropper(side: number, range: FloatRange, outside: Outside): Cropper {
  const data = new Float32Array(3 * side * side);
  const floats = floatTable(range);
  const path: Path = { startX: 0, startY: 0, stepX: 0, stepY: 0, maxX: 0, maxY: 0 };
  return {
    data,
    side,
    cut(picture, region) {
      layPath(path, picture, region, side);
      for (let v = 0; v < side; v++) cutRow(data, side, v, picture, path, outside, floats);
    },
  };
}

/** Colours are computed in steps of 1/1020 of full scale (a quarter of an 8-bit step). */
const FULL_SCALE = 1020;
/** Index of black in the table of floats: sums of luma and chroma may fall below it. */
const BLACK = 1536;
const TABLE_LENGTH = 4096;

/** Turns a sum of luma and chroma into a float of the network's range, clamping it. */
function floatTable(range: FloatRange): Float32Array {
  const low = range === '0..1' ? 0 : -1;
  return Float32Array.from(
    { length: TABLE_LENGTH },
    (_, i) => low + (1 - low) * Math.min(1, Math.max(0, (i - BLACK) / FULL_SCALE)),
  );
}

/** BT.601 limited range to RGB (ITU-R BT.601: 219 steps of luma from 16, 224 of chroma around 128). */
const chroma = (gain: number) =>
  Int32Array.from({ length: 256 }, (_, i) => Math.round((i - 128) * (gain / 224) * FULL_SCALE));
const RED_FROM_V = chroma(1.402);
const GREEN_FROM_U = chroma(-0.344136);
const GREEN_FROM_V = chroma(-0.714136);
const BLUE_FROM_U = chroma(1.772);
const LUMA_GAIN = Math.round((FULL_SCALE / 219) * 256); // for luma with 4 fraction bits, result >> 12
const LUMA_ORIGIN = BLACK - Math.round((16 * FULL_SCALE) / 219);

const FRACTION_BITS = 16;
const ONE = 1 << FRACTION_BITS;
const HALF = ONE / 2;

/** Where output pixel 0,0 lies and how far one step leads, in 16.16 fixed point of picture pixels. */
interface Path {
  startX: number;
  startY: number;
  stepX: number;
  stepY: number;
  /** The last positions whose right and lower neighbours still are in the picture. */
  maxX: number;
  maxY: number;
}

function layPath(path: Path, picture: PictureView, region: Region, side: number): void {
  const scale = region.side / side;
  const stepX = Math.cos(region.angleRad) * scale;
  const stepY = Math.sin(region.angleRad) * scale;
  const first = (1 - side) / 2; // centre of output pixel 0, from the middle
  path.startX = Math.round((region.centreX - 0.5 + first * (stepX - stepY)) * ONE);
  path.startY = Math.round((region.centreY - 0.5 + first * (stepX + stepY)) * ONE);
  path.stepX = Math.round(stepX * ONE);
  path.stepY = Math.round(stepY * ONE);
  path.maxX = (picture.width - 1) * ONE - 1;
  path.maxY = (picture.height - 1) * ONE - 1;
}

/** One row of the output: its part inside of the picture at full speed, its ends pixel by pixel. */
function cutRow(
  data: Float32Array,
  side: number,
  v: number,
  picture: PictureView,
  path: Path,
  outside: Outside,
  floats: Float32Array,
): void {
  const { stepX, stepY, maxX, maxY } = path;
  const startX = path.startX - v * stepY;
  const startY = path.startY + v * stepX;
  const sample = picture.pixelFormat === 'gray8' ? sampleGray : sampleYuv;
  const at = v * side;
  let from = 0;
  let to = side;
  while (from < to && !within(startX + from * stepX, startY + from * stepY, maxX, maxY)) from++;
  while (to > from && !within(startX + (to - 1) * stepX, startY + (to - 1) * stepY, maxX, maxY)) to--;
  sample(data, at + from, at + to, startX + from * stepX, startY + from * stepY, path, picture, floats);
  for (let u = 0; u < side; u++) {
    if (u === from) u = to;
    if (u >= side) break;
    if (outside === 'black') paintBlack(data, at + u, side, floats);
    else {
      const x = Math.min(Math.max(startX + u * stepX, 0), maxX);
      const y = Math.min(Math.max(startY + u * stepY, 0), maxY);
      sample(data, at + u, at + u + 1, x, y, path, picture, floats);
    }
  }
}

function within(x: number, y: number, maxX: number, maxY: number): boolean {
  return x >= 0 && y >= 0 && x <= maxX && y <= maxY;
}

function paintBlack(data: Float32Array, at: number, side: number, floats: Float32Array): void {
  const black = floats[BLACK]!;
  data[at] = black;
  data[at + side * side] = black;
  data[at + 2 * side * side] = black;
}

/** Fills `data[from..to)` of each colour, walking through the picture from x, y (16.16). */
function sampleYuv(
  data: Float32Array,
  from: number,
  to: number,
  x: number,
  y: number,
  path: Path,
  picture: PictureView,
  floats: Float32Array,
): void {
  const { stepX, stepY } = path;
  const { pixels, width, height } = picture;
  const chromaWidth = (width + 1) >> 1;
  const offsetU = width * height;
  const offsetV = offsetU + chromaWidth * ((height + 1) >> 1);
  const green = data.length / 3;
  const blue = 2 * green;
  for (let at = from; at < to; at++, x = (x + stepX) | 0, y = (y + stepY) | 0) {
    const blended = blend(pixels, width, x, y);
    const luma = LUMA_ORIGIN + ((Math.imul(blended >> 12, LUMA_GAIN) + 2048) >> 12);
    const c =
      (Math.imul((y + HALF) >> (FRACTION_BITS + 1), chromaWidth) + ((x + HALF) >> (FRACTION_BITS + 1))) | 0;
    const u = pixels[offsetU + c]!;
    const v = pixels[offsetV + c]!;
    data[at] = floats[luma + RED_FROM_V[v]!]!;
    data[at + green] = floats[luma + GREEN_FROM_U[u]! + GREEN_FROM_V[v]!]!;
    data[at + blue] = floats[luma + BLUE_FROM_U[u]!]!;
  }
}

/** The same for one plane of full range. */
function sampleGray(
  data: Float32Array,
  from: number,
  to: number,
  x: number,
  y: number,
  path: Path,
  picture: PictureView,
  floats: Float32Array,
): void {
  const { stepX, stepY } = path;
  const { pixels, width } = picture;
  const green = data.length / 3;
  const blue = 2 * green;
  for (let at = from; at < to; at++, x = (x + stepX) | 0, y = (y + stepY) | 0) {
    const value = floats[BLACK + (blend(pixels, width, x, y) >> 14)]!; // 255 with 16 fraction bits -> 1020
    data[at] = value;
    data[at + green] = value;
    data[at + blue] = value;
  }
}

/** The plane's value between four pixels, with 16 fraction bits. */
function blend(pixels: Uint8Array, width: number, x: number, y: number): number {
  const i = (Math.imul(y >> FRACTION_BITS, width) + (x >> FRACTION_BITS)) | 0;
  const weightX = (x >> 8) & 255;
  const weightY = (y >> 8) & 255;
  const topLeft = pixels[i]!;
  const bottomLeft = pixels[i + width]!;
  const top = (topLeft << 8) + Math.imul(pixels[i + 1]! - topLeft, weightX);
  const bottom = (bottomLeft << 8) + Math.imul(pixels[i + width + 1]! - bottomLeft, weightX);
  return ((top << 8) + Math.imul(bottom - top, weightY)) | 0;
}
