/**
 * When something really happened that was noted while the wall clock was not set (no clock battery: boot in
 * 1970, or at the time of the last shutdown). Reckoned when it is sent: the monotonic clock has run on evenly
 * since then, so the time that passed is known as soon as the wall clock is right. Of another boot nothing can
 * be said: the note then stays as it is, and so does its word about the clock.
 */
import type { ClockState } from '../contract/index.ts';
import type { Speaker } from './heading.ts';

/** What is needed of a message; a gap record has no time of capture. */
export interface Noted {
  readonly bootId: string;
  readonly clock: ClockState;
  readonly capturedAtMs?: number;
}

/** @returns UTC, ISO 8601; `null` where there is nothing to correct, or no way to */
export function correctedWallTime(
  { bootId, clock, capturedAtMs }: Noted,
  now: Speaker['clock'],
): string | null {
  if (clock === 'synchronised' || now.state() !== 'synchronised') return null;
  if (bootId !== now.bootId || capturedAtMs === undefined) return null;
  const agoMs = now.monotonicMs() - capturedAtMs;
  // A recorded drive that is played faster than it was runs on a time of its own.
  if (agoMs < 0) return null;
  return new Date(Date.parse(now.wallTime()) - agoMs).toISOString();
}
