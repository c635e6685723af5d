/**
 * Does the driver speak (or chew, or laugh)? From the mouth alone, so that it works without a microphone.
 * Input: MAR and time of each frame. Output: when the mouth last moved as in talk [ms].
 *
 * A mouth that moves away from where it was over the last second moves; one that is wide open yawns, and a
 * yawn says nothing about being awake.
 */
import type { PerceiveConfig } from '../../config/schema.ts';

export interface Talk {
  follow(mar: number, atMs: number): void;
  /** When the mouth last moved; -Infinity when it never did, or yawned since. */
  lastMs(): number;
  reset(): void;
}

const FOLLOW_MS = 1000;
/** A mouth that shuts after a yawn moves too, but does not talk. */
const AFTER_YAWN_MS = 1500;

export function createTalk(config: PerceiveConfig): Talk {
  let usualMar: number | null = null;
  let followedMs = -Infinity;
  let lastMs = -Infinity;
  let wideMs = -Infinity;
  return {
    follow(mar, atMs) {
      if (mar >= config.wideMouthMar) wideMs = atMs;
      const yawned = atMs - wideMs < AFTER_YAWN_MS;
      const share = 1 - Math.exp(-Math.max(0, atMs - followedMs) / FOLLOW_MS);
      usualMar = usualMar === null || yawned ? mar : usualMar + (mar - usualMar) * share;
      followedMs = atMs;
      if (yawned) lastMs = -Infinity;
      else if (Math.abs(mar - usualMar) > config.talkMarStep) lastMs = atMs;
    },
    lastMs: () => lastMs,
    reset() {
      usualMar = null;
      followedMs = lastMs = wideMs = -Infinity;
    },
  };
}
