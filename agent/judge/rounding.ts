/** Rounding for what is told: evidence and measures carry no more digits than were measured. */

/** `value` with at most `digits` decimals; never -0, which JSON does not know. */
export function rounded(value: number, digits = 0): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale + 0;
}
