import { describe, expect, it } from 'vitest';
import {
  calm,
  endStress,
  followMouth,
  judgeStress,
  readFace,
  readVoice,
  strainOf,
  stressEvidence,
} from '../../agent/judge/stress.ts';
import type { StressState } from '../../agent/judge/stress.ts';
import { judgeConfig } from '../stories/play.ts';
import { affectOf } from '../stories/affect.ts';

const config = judgeConfig;
const talking: StressState = { ...calm, mouth: { usualMar: 0.1, movingShare: 0.6, atMs: 0 } };

interface Minute {
  readonly face?: ReturnType<typeof affectOf>;
  readonly voice?: ReturnType<typeof affectOf>;
  readonly seconds?: number;
  readonly fromS?: number;
  readonly from?: StressState;
}

/** Readings once a second; judged once a second. */
function lived({ face, voice, seconds = 60, fromS = 0, from = talking }: Minute): StressState {
  let state = from;
  for (let atMs = fromS * 1000; atMs <= (fromS + seconds) * 1000; atMs += 1000) {
    if (face) state = readFace(state, face, atMs, config);
    if (voice) state = readVoice(state, voice, atMs, config);
    state = judgeStress(state, atMs, config).state;
  }
  return state;
}

describe('strain of a reading', () => {
  it('is what anger, fear and disgust add, and nothing else', () => {
    expect(strainOf(affectOf({ angry: 0.8, neutral: 0.2 }), config.stress)).toBeCloseTo(0.8);
    expect(strainOf(affectOf({ fear: 0.5, angry: 0.5 }), config.stress)).toBeCloseTo(1);
    expect(strainOf(affectOf({ disgust: 0.6, sad: 0.4 }), config.stress)).toBeCloseTo(0.3);
    expect(strainOf(affectOf({ happy: 0.5, surprise: 0.3, sad: 0.2 }), config.stress)).toBe(0);
  });
});

describe('stress', () => {
  const angry = affectOf({ angry: 0.9, neutral: 0.1 });
  const neutral = affectOf({ neutral: 0.9, happy: 0.1 });

  it('is face and voice together, each by half', () => {
    const { strain } = lived({ face: angry, voice: neutral });
    expect(strain).toBeCloseTo(0.45, 1);
  });

  it('is not said of one source by its half alone, unless it is very sure', () => {
    expect(lived({ face: affectOf({ angry: 0.7, sad: 0.3 }) }).stressed).toBe(false);
    expect(lived({ face: angry }).strain).toBeCloseTo(0.9 * config.stress.loneShare, 2);
    expect(lived({ face: angry }).stressed).toBe(true);
  });

  it('waits until it has lasted', () => {
    const enoughMs = config.stress.enoughMs / 0.9;
    const dueMs = enoughMs + config.stress.raiseAfterMs;
    expect(lived({ face: angry, voice: angry, seconds: dueMs / 1000 - 3 }).stressed).toBe(false);
    expect(lived({ face: angry, voice: angry, seconds: dueMs / 1000 + 3 }).stressed).toBe(true);
  });

  it('is unknown while little was read, and again when nothing comes any more', () => {
    expect(lived({ face: angry, seconds: 3 }).strain).toBeNull();
    const later = lived({ from: lived({ face: angry, voice: angry }), fromS: 61, seconds: 120 });
    expect(later).toMatchObject({ strain: null, stressed: false });
  });

  it('leaves out what is uncertain', () => {
    const unsure = affectOf({ angry: 0.35, fear: 0.33, neutral: 0.32 });
    expect(lived({ face: unsure, voice: unsure }).strain).toBeNull();
  });

  it('hears no voice while the mouth is still', () => {
    const still: StressState = { ...calm, mouth: { usualMar: 0.1, movingShare: 0.1, atMs: 0 } };
    expect(lived({ voice: angry, from: still }).strain).toBeNull();
  });

  it('ends with hysteresis, as an event that says what it was made of', () => {
    const stressed = lived({ face: angry, voice: angry });
    const calmer = lived({ from: stressed, face: neutral, voice: neutral, fromS: 61, seconds: 15 });
    expect(calmer.strain).toBeLessThan(config.stress.raiseAt);
    expect(calmer.stressed).toBe(true);
    const over = lived({ from: stressed, face: neutral, voice: neutral, fromS: 61, seconds: 60 });
    expect(over.stressed).toBe(false);
    const [event] = endStress(stressed, 61_000, config).events;
    expect(event).toMatchObject({ kind: 'stress', startMs: stressed.sinceMs, endMs: 61_000 });
    expect(endStress(over, 130_000, config)).toEqual({ state: calm, events: [] });
  });

  it('names no emotion in its evidence', () => {
    const words = JSON.stringify(stressEvidence(lived({ face: angry, voice: angry }), config));
    expect(words).not.toMatch(/ang|fear|disg|happ|sad|surp|neutr|male/i);
  });
});

describe('the mouth', () => {
  const follow = (marAt: (second: number) => number | null, seconds: number) => {
    let state = calm;
    for (let frame = 0; frame < seconds * 15; frame++)
      state = followMouth(state, marAt(frame / 15), (frame * 1000) / 15, config.stress);
    return state.mouth.movingShare;
  };

  it('moves in talk, and not in its own noise', () => {
    expect(follow((s) => 0.15 + 0.1 * Math.sin(2 * Math.PI * 3 * s), 5)).toBeGreaterThan(0.6);
    expect(follow((s) => 0.15 + 0.004 * Math.sin(2 * Math.PI * 5 * s), 5)).toBe(0);
  });

  it('that is not seen stops counting within seconds', () => {
    const talkThenHidden = (s: number) => (s < 5 ? 0.15 + 0.1 * Math.sin(2 * Math.PI * 3 * s) : null);
    expect(follow(talkThenHidden, 8)).toBeLessThan(config.stress.mouthMovingShare);
  });
});
