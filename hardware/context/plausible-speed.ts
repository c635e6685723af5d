/**
 * Whether a told speed can be true. In: speeds as a source tells them [km/h] with their times [monotonic ms].
 * Out: the speed, or `null` for one that is dropped: no number, negative, absurdly fast, or a jump that no
 * vehicle makes. A jump that is confirmed three times was true after all (a tunnel's end, a wrong one before).
 */

/** Harder than any brake or start: about 15 m/s2 (full braking: about 10). */
const CHANGE_KMH_PER_S = 55;
/** Sources round, and two of them may arrive at once. */
const SLACK_KMH = 10;
const CONFIRMED_BY = 3;
/** A speed before a longer pause says nothing about the present one. */
const FORGET_AFTER_MS = 10_000;

interface Told {
  readonly kmh: number;
  readonly atMs: number;
}

/** @returns what judges one speed after the other of one source */
export function openSpeedCheck(maxKmh: number): (kmh: number, atMs: number) => number | null {
  let believed: Told | null = null;
  let doubted: Told | null = null;
  let doubtedTimes = 0;

  return (kmh, atMs) => {
    if (!(kmh >= 0 && kmh <= maxKmh)) return null; // NaN, too
    const told = { kmh, atMs };
    if (!follows(believed, told)) {
      doubtedTimes = follows(doubted, told) ? doubtedTimes + 1 : 1;
      doubted = told;
      if (doubtedTimes < CONFIRMED_BY) return null;
    }
    believed = told;
    doubted = null;
    doubtedTimes = 0;
    return kmh;
  };
}

/** A vehicle can have come from the one speed to the other. */
function follows(before: Told | null, now: Told): boolean {
  if (before === null) return true;
  const sinceMs = now.atMs - before.atMs;
  if (sinceMs > FORGET_AFTER_MS) return true;
  return Math.abs(now.kmh - before.kmh) <= SLACK_KMH + (CHANGE_KMH_PER_S * Math.max(0, sinceMs)) / 1000;
}
