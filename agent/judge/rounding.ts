/** Rounding for what is told: evidence and measures carry no more digits than were measured. */

/** `value` with at most `digits` decimals. */
export function rounded(value: number, digits = 0): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
