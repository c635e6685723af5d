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

describe('a reading', () => {
  const angry = affectOf({ angry: 0.5, sad: 0.5 });
  const weights = (...timesMs: number[]) =>
    timesMs.map(
      ((state) => (atMs: number) => {
        state = readFace(state, angry, atMs, config);
        return Number(state.face.weightMs.toFixed(1));
      })(calm),
    );

  it('stands for the time since the one before, weighed by its confidence, and fades', () => {
    const kept = (ms: number) => Math.exp(-ms / config.stress.memoryMs);
    const [first, second, afterPause] = weights(0, 400, 20_400);
    expect(first).toBe(500);
    expect(second).toBeCloseTo(500 * kept(400) + 200, 1);
    expect(afterPause).toBeCloseTo((500 * kept(400) + 200) * kept(20_000) + 500, 1);
  });

  it('at the least confidence counts, and below it only uses up its time', () => {
    const at = (angryShare: number) => affectOf({ angry: angryShare, sad: angryShare, happy: 0.1 });
    const { minConfidence } = config.stress;
    expect(readFace(calm, at(minConfidence), 0, config).face.weightMs).toBe(1000 * minConfidence);
    const unsure = readFace(calm, at(minConfidence - 0.01), 0, config);
    expect(unsure.face).toMatchObject({ weightMs: 0, strainMs: 0, readAtMs: 0 });
    expect(readFace(unsure, angry, 300, config).face.weightMs).toBeCloseTo(150);
  });

  it('of a voice counts from the least share of moving on', () => {
    const moving = (movingShare: number): StressState => ({ ...calm, mouth: { ...calm.mouth, movingShare } });
    const { mouthMovingShare } = config.stress;
    expect(readVoice(moving(mouthMovingShare), angry, 0, config).voice.weightMs).toBe(500);
    expect(readVoice(moving(mouthMovingShare - 0.01), angry, 0, config).voice.weightMs).toBe(0);
  });
});

describe('judging', () => {
  /** Strain of exactly `share` in face and voice, read for long enough; `faded` to `atMs` already. */
  const strained = (share: number, atMs: number, more: Partial<StressState> = {}): StressState => {
    const read = { weightMs: 10_000, strainMs: 10_000 * share, atMs, readAtMs: atMs };
    return { ...calm, face: read, voice: read, ...more };
  };
  const { raiseAt, raiseAfterMs, clearBelow, everyMs } = config.stress;

  it('is done every so often, and not in between', () => {
    const judged = judgeStress(strained(0.5, 5000), 5000, config).state;
    expect(judged).toMatchObject({ judgedAtMs: 5000, strain: 0.5 });
    expect(judgeStress(judged, 5000 + everyMs - 1, config).state).toBe(judged);
    expect(judgeStress(judged, 5000 + everyMs, config).state.judgedAtMs).toBe(5000 + everyMs);
  });

  it('begins at the strain that is high, and is stress once that has lasted', () => {
    expect(judgeStress(strained(raiseAt, 5000), 5000, config).state.sinceMs).toBe(5000);
    expect(judgeStress(strained(raiseAt - 0.001, 5000), 5000, config).state.sinceMs).toBeNull();
    const since = (lastedMs: number) =>
      judgeStress(strained(1, 50_000, { sinceMs: 50_000 - lastedMs }), 50_000, config);
    expect(since(raiseAfterMs - 1).state.stressed).toBe(false);
    expect(since(raiseAfterMs)).toMatchObject({ state: { stressed: true }, events: [] });
  });

  it('ends below the lower strain, with one event', () => {
    const open = (share: number) =>
      judgeStress(strained(share, 90_000, { stressed: true, sinceMs: 60_000 }), 90_000, config);
    expect(open(clearBelow)).toMatchObject({ state: { stressed: true }, events: [] });
    const over = open(clearBelow - 0.01);
    expect(over.state).toMatchObject({ stressed: false, sinceMs: null });
    expect(over.events).toMatchObject([{ type: 'event', kind: 'stress', startMs: 60_000, endMs: 90_000 }]);
  });

  it('says in its evidence what was read, and nothing of what was not', () => {
    const { face } = strained(0.8, 0);
    expect(stressEvidence({ ...calm, face, strain: 0.567 }, config)).toMatchObject({
      ...{ strain: 0.57, faceStrain: 0.8, faceReadMs: 10_000, voiceStrain: null, voiceReadMs: 0 },
    });
    expect(stressEvidence(calm, config)).toMatchObject({ strain: null, faceStrain: null });
  });

  it('lets one half-read source speak beside a whole one by its half', () => {
    const half = { weightMs: config.stress.enoughMs / 2, strainMs: 0, atMs: 0, readAtMs: 0 };
    const state = { ...strained(0.9, 0), voice: half };
    expect(judgeStress(state, 0, config).state.strain).toBeCloseTo(0.9 / 1.5, 5);
    expect(judgeStress({ ...state, face: half }, 0, config).state.strain).toBeNull();
  });
});

describe('the mouth', () => {
  it('follows where it was, and how much it moves, by one time constant', () => {
    const { mouthFollowMs, mouthMovesMar } = config.stress;
    const followed = 1 - Math.exp(-100 / mouthFollowMs);
    const first = followMouth(calm, 0.1, 1000, config.stress);
    expect(first.mouth).toEqual({ usualMar: 0.1, movingShare: 0, atMs: 1000 });
    const moved = followMouth(first, 0.3, 1100, config.stress).mouth;
    expect(moved.usualMar).toBeCloseTo(0.1 + 0.2 * followed);
    expect(moved.movingShare).toBeCloseTo(followed);
    const hidden = followMouth({ ...calm, mouth: moved }, null, 1200, config.stress).mouth;
    expect(hidden.usualMar).toBe(moved.usualMar);
    expect(hidden.movingShare).toBeCloseTo(followed * (1 - followed));
    const still = followMouth(first, 0.1 + mouthMovesMar / 2, 1100, config.stress).mouth;
    expect(still.movingShare).toBe(0);
  });

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
