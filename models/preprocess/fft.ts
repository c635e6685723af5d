/** Power spectrum of real samples, size a power of two: a complex transform of half the size, then unfolded. */

export interface PowerSpectrum {
  readonly size: number;
  /**
   * |X(k)|^2 of k = 0 .. size / 2.
   * @param frame `size` samples
   * @param into size / 2 + 1 numbers
   */
  of(frame: Float64Array, into: Float64Array): void;
}

export function createPowerSpectrum(size: number): PowerSpectrum {
  const half = size / 2;
  const re = new Float64Array(half);
  const im = new Float64Array(half);
  const cos = Float64Array.from({ length: half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  const mirrored = bitReversal(half);
  return {
    size,
    of(frame, into) {
      for (let i = 0; i < half; i++) {
        const from = mirrored[i]! * 2;
        re[i] = frame[from]!;
        im[i] = frame[from + 1]!;
      }
      transform(re, im, cos, sin);
      into[0] = (re[0]! + im[0]!) ** 2;
      into[half] = (re[0]! - im[0]!) ** 2;
      for (let k = 1; k < half; k++) into[k] = unfolded(re, im, k, cos[k]!, sin[k]!);
    },
  };
}

/** |X(k)|^2 of the real frame from the half-size transform of its even (real) and odd (imaginary) samples. */
function unfolded(re: Float64Array, im: Float64Array, k: number, cos: number, sin: number): number {
  const other = re.length - k;
  const evenRe = (re[k]! + re[other]!) / 2;
  const evenIm = (im[k]! - im[other]!) / 2;
  const oddRe = (im[k]! + im[other]!) / 2;
  const oddIm = (re[other]! - re[k]!) / 2;
  const real = evenRe + cos * oddRe + sin * oddIm;
  const imaginary = evenIm + cos * oddIm - sin * oddRe;
  return real * real + imaginary * imaginary;
}

/** Radix-2, in place, input in bit-reversed order; `cos` and `sin` hold half a turn in `re.length` steps. */
function transform(re: Float64Array, im: Float64Array, cos: Float64Array, sin: Float64Array): void {
  const n = re.length;
  for (let width = 1; width < n; width *= 2) {
    const step = n / width; // of the table, whose full turn has 2 n entries
    for (let start = 0; start < n; start += width * 2) {
      for (let k = 0; k < width; k++) {
        const c = cos[k * step]!;
        const s = sin[k * step]!;
        const a = start + k;
        const b = a + width;
        const turnedRe = re[b]! * c + im[b]! * s;
        const turnedIm = im[b]! * c - re[b]! * s;
        re[b] = re[a]! - turnedRe;
        im[b] = im[a]! - turnedIm;
        re[a]! += turnedRe;
        im[a]! += turnedIm;
      }
    }
  }
}

function bitReversal(n: number): Uint32Array {
  const bits = Math.log2(n);
  return Uint32Array.from({ length: n }, (_, i) => {
    let mirrored = 0;
    for (let bit = 0; bit < bits; bit++) mirrored |= ((i >> bit) & 1) << (bits - 1 - bit);
    return mirrored;
  });
}
