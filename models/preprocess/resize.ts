/**
 * Resizing as Pillow's BILINEAR does it, to the last bit: a triangle filter that widens when it shrinks,
 * rows first, then columns, coefficients of 22 fraction bits, each pass rounded to 8 bits
 * (Pillow 9.4, src/libImaging/Resample.c).
 */
/** A gray picture; `pixels` holds at least `stride` x `height` bytes. */
export interface GrayPicture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next; `width` when rows are packed. */
  readonly stride: number;
}

/** Keeps its buffers between calls. */
export interface Resizer {
  /** @param into at least `width` x `height` bytes */
  resize(picture: GrayPicture, width: number, height: number, into: Uint8Array): void;
}

const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

/** For one axis: which pixels each output pixel is made of, and how much of each. */
interface Taps {
  /** Of output pixel i: first input pixel at 2 i, how many at 2 i + 1. */
  bounds: Int32Array;
  /** `size` coefficients an output pixel. */
  weights: Int32Array;
  size: number;
}

export function createResizer(): Resizer {
  const across = emptyTaps();
  const down = emptyTaps();
  let between = new Uint8Array(0);
  return {
    resize(picture, width, height, into) {
      layTaps(across, picture.width, width);
      layTaps(down, picture.height, height);
      if (between.length < width * picture.height) between = new Uint8Array(width * picture.height);
      shrinkRows(picture, across, width, between);
      shrinkColumns(between, down, width, height, into);
    },
  };
}

const emptyTaps = (): Taps => ({ bounds: new Int32Array(0), weights: new Int32Array(0), size: 0 });

function layTaps(taps: Taps, inputs: number, outputs: number): void {
  const scale = inputs / outputs;
  const support = Math.max(scale, 1);
  taps.size = Math.ceil(support) * 2 + 1;
  if (taps.bounds.length < outputs * 2) taps.bounds = new Int32Array(outputs * 2);
  if (taps.weights.length < outputs * taps.size) taps.weights = new Int32Array(outputs * taps.size);
  for (let i = 0; i < outputs; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(inputs, Math.trunc(centre + support + 0.5)) - first;
    taps.bounds[i * 2] = first;
    taps.bounds[i * 2 + 1] = count;
    const weight = (x: number) => Math.max(0, 1 - Math.abs((x + first - centre + 0.5) / support));
    let total = 0;
    for (let x = 0; x < count; x++) total += weight(x);
    for (let x = 0; x < count; x++) {
      taps.weights[i * taps.size + x] = Math.trunc(0.5 + (weight(x) / total) * 2 ** FRACTION_BITS);
    }
  }
}

function shrinkRows(picture: GrayPicture, taps: Taps, width: number, into: Uint8Array): void {
  const { pixels, stride, height } = picture;
  for (let x = 0; x < width; x++) {
    const first = taps.bounds[x * 2]!;
    const count = taps.bounds[x * 2 + 1]!;
    for (let y = 0; y < height; y++) {
      let sum = HALF;
      for (let k = 0; k < count; k++) {
        sum += pixels[y * stride + first + k]! * taps.weights[x * taps.size + k]!;
      }
      into[y * width + x] = clip(sum >> FRACTION_BITS);
    }
  }
}

function shrinkColumns(rows: Uint8Array, taps: Taps, width: number, height: number, into: Uint8Array): void {
  for (let y = 0; y < height; y++) {
    const first = taps.bounds[y * 2]!;
    const count = taps.bounds[y * 2 + 1]!;
    for (let x = 0; x < width; x++) {
      let sum = HALF;
      for (let k = 0; k < count; k++)
        sum += rows[(first + k) * width + x]! * taps.weights[y * taps.size + k]!;
      into[y * width + x] = clip(sum >> FRACTION_BITS);
    }
  }
}

const clip = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : value);
