/**
 * Gray pictures: from colour, resized, letterboxed.
 * Input and output: gray levels 0-255, row-major. Python's twin: models/training/pictures_data.py.
 */
import { PREPROCESSING } from './constants.ts';
import { createResizer, type GrayPicture } from './resize.ts';

export type { GrayPicture } from './resize.ts';

/** A picture whose rows are packed. */
export const packed = (pixels: Uint8Array, width: number, height: number): GrayPicture => ({
  pixels,
  width,
  height,
  stride: width,
});

const [RED, GREEN, BLUE] = PREPROCESSING.grayWeights.map(Math.fround) as [number, number, number];

/**
 * Weighted sum of R, G, B, rounded half to even, as numpy does in 32-bit floats.
 * @param rgb interleaved, 3 bytes a pixel
 * @param into as many bytes as pixels
 */
export function grayOfRgb(rgb: Uint8Array, into: Uint8Array): void {
  for (let i = 0, at = 0; i < into.length; i++, at += 3) {
    const sum = Math.fround(Math.fround(RED * rgb[at]!) + Math.fround(GREEN * rgb[at + 1]!));
    into[i] = roundHalfEven(Math.fround(sum + Math.fround(BLUE * rgb[at + 2]!)));
  }
}

/** Python's rounding: 2.5 becomes 2, 3.5 becomes 4. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** Brings whole pictures to a network's side; keeps its buffers between calls. */
export interface Squarer {
  /** `side` x `side` gray levels, overwritten by each call. */
  readonly pixels: Uint8Array;
  /** The whole picture stretched to the side. */
  stretch(picture: GrayPicture): void;
  /** The longer side fitted, centred, the rest filled with the small picture's rounded mean. */
  letterbox(picture: GrayPicture): void;
}

export function createSquarer(side: number): Squarer {
  const pixels = new Uint8Array(side * side);
  const small = new Uint8Array(side * side);
  const resizer = createResizer();
  return {
    pixels,
    stretch: (picture) => resizer.resize(picture, side, side, pixels),
    letterbox(picture) {
      const scale = side / Math.max(picture.width, picture.height);
      const width = Math.max(1, roundHalfEven(picture.width * scale));
      const height = Math.max(1, roundHalfEven(picture.height * scale));
      resizer.resize(picture, width, height, small);
      pixels.fill(roundHalfEven(meanOf(small, width * height)));
      const top = (side - height) >> 1;
      const left = (side - width) >> 1;
      for (let y = 0; y < height; y++) {
        pixels.set(small.subarray(y * width, (y + 1) * width), (top + y) * side + left);
      }
    },
  };
}

/**
 * Network input: (x - mean) / max(std, minStd) over the whole picture, population standard deviation.
 * Neither brightness nor contrast reaches the network.
 * @param into as many numbers as pixels
 */
export function standardise(pixels: Uint8Array, minStd: number, into: Float32Array): void {
  const mean = meanOf(pixels, pixels.length);
  let squares = 0;
  for (const value of pixels) squares += (value - mean) * (value - mean);
  const std = Math.max(Math.sqrt(squares / pixels.length), minStd);
  for (let i = 0; i < pixels.length; i++) into[i] = (pixels[i]! - mean) / std;
}

function meanOf(pixels: Uint8Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += pixels[i]!;
  return sum / count;
}
