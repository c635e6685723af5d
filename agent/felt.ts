/**
 * The newest of what face and voice expressed, for the research profile alone: in the fleet profile nothing
 * is kept, so that nothing can be passed on. (The EU AI Act, Art. 5(1)(f), prohibits inferring emotions at
 * the workplace except for medical or safety reasons; stress alerts carry no emotion's name.)
 *
 * In: observations. Out: face and voice, each `null` once it is stale.
 */
import type { Affect, FaceSeen, NoFace, VoiceSeen } from './perceive/observation.ts';

/** What was felt now. */
export interface Feelings {
  readonly face: Affect | null;
  readonly voice: Affect | null;
}

export interface Felt {
  take(seen: FaceSeen | NoFace | VoiceSeen): void;
  /** `null` in the fleet profile. */
  at(nowMs: number): Feelings | null;
}

/** As long as a window of sound: an older answer is no news. */
const STALE_AFTER_MS = 3000;

export function openFelt(profile: 'fleet' | 'research'): Felt {
  if (profile === 'fleet') return { take: () => undefined, at: () => null };
  let face: (FaceSeen & { readonly affect: Affect }) | null = null;
  let voice: (VoiceSeen & { readonly affect: Affect }) | null = null;
  const fresh = (seen: { readonly atMs: number; readonly affect: Affect } | null, nowMs: number) =>
    seen !== null && nowMs - seen.atMs <= STALE_AFTER_MS ? seen.affect : null;
  return {
    take(seen) {
      if (seen.kind === 'no-face' || seen.affect === undefined) return;
      if (seen.kind === 'face-seen') face = { ...seen, affect: seen.affect };
      else voice = { ...seen, affect: seen.affect };
    },
    at: (nowMs) => ({ face: fresh(face, nowMs), voice: fresh(voice, nowMs) }),
  };
}
