/** IEEE 754 half precision to single: weights are shipped in 16 bits and computed in 32. */

/** @param bits the stored 16-bit patterns  @returns the same numbers, exactly */
export function decodeFloat16(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, decodeOne);
}

function decodeOne(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24; // zero and subnormal
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
