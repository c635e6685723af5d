/** What affect networks would say: probabilities by name, the rest zero. */
import type { Affect, Observation, VoiceSeen } from '../../agent/perceive/observation.ts';
import type { Emotion } from '../../models/preprocess/constants.ts';

export function affectOf(named: Partial<Record<Emotion, number>>): Affect {
  const none = { angry: 0, disgust: 0, fear: 0, happy: 0, neutral: 0, sad: 0, surprise: 0 };
  return { probabilities: { ...none, ...named }, female: null };
}

export interface Feeling {
  readonly fromS: number;
  readonly toS: number;
  readonly affect: Affect;
}

/** Puts what the face expresses into the frames of a drive, every `everyMs`. */
export function withFaces(
  seen: readonly Observation[],
  feelings: readonly Feeling[],
  everyMs = 400,
): Observation[] {
  let lastMs = -Infinity;
  return seen.map((observation) => {
    if (observation.kind !== 'face-seen' || observation.atMs - lastMs < everyMs) return observation;
    lastMs = observation.atMs;
    const now = feelings.findLast(({ fromS, toS }) => lastMs >= fromS * 1000 && lastMs < toS * 1000);
    return now ? { ...observation, affect: now.affect } : observation;
  });
}

/** Windows of 3 s with speech, one each second. */
export function voices(feelings: readonly Feeling[]): VoiceSeen[] {
  return feelings.flatMap(({ fromS, toS, affect }) =>
    Array.from({ length: Math.max(0, Math.floor(toS - fromS) - 2) }, (_, hop) => ({
      kind: 'voice-seen' as const,
      atMs: (fromS + 3 + hop) * 1000,
      windowMs: 3000,
      speechShare: 0.8,
      levelDbfs: -25,
      clippedShare: 0,
      gap: false,
      affect,
    })),
  );
}
