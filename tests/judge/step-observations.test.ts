/** One observation at a time: what each kind of it changes, and what it leaves alone. */
import { describe, expect, it } from 'vitest';
import { noClosure } from '../../agent/judge/closures.ts';
import { noLook } from '../../agent/judge/distraction.ts';
import { initialState, step } from '../../agent/judge/index.ts';
import type { DriverState } from '../../agent/judge/index.ts';
import { beginSpan, keepShowing } from '../../agent/judge/span.ts';
import { unknownContext } from '../../agent/judge/surroundings.ts';
import type { NoFace, Observation, VoiceSeen } from '../../agent/perceive/observation.ts';
import { affectOf } from '../stories/affect.ts';
import { attentiveFrame, clearPicture } from '../stories/drive.ts';
import { judgeConfig, productConfig } from '../stories/play.ts';

const config = judgeConfig;
const parked: DriverState = { ...initialState('run'), atMs: 10_000 };
const driving: DriverState = { ...parked, trip: { active: true, startMs: 9500, cause: 'command' } };
const take = (state: DriverState, seen: Observation, by = config) => step(state, seen, by);
const tick = (atMs: number): Observation => ({ kind: 'tick', atMs });
const noFace = (atMs: number): NoFace => ({ kind: 'no-face', atMs, quality: clearPicture });
const voice = (atMs: number, changes: Partial<VoiceSeen> = {}): VoiceSeen => ({
  ...{ kind: 'voice-seen', atMs, windowMs: 3000, speechShare: 0.9 },
  ...{ levelDbfs: -20, clippedShare: 0, gap: false },
  ...changes,
});
const asleep: DriverState = {
  ...driving,
  closure: { ...noClosure, span: keepShowing(beginSpan(8500), 10_000), asleep: true, peak: 1 },
};
const angry = affectOf({ angry: 0.9, neutral: 0.1 });

describe('the clock', () => {
  it('begins with the first observation, and never goes back', () => {
    expect(take(initialState('run'), tick(500)).state.atMs).toBe(500);
    expect(take(driving, tick(9999)).state).toBe(driving);
    expect(take(driving, tick(10_000)).state).toBe(driving);
    expect(take(driving, tick(10_001)).state.atMs).toBe(10_001);
  });

  it('lets the behaviours of a trip pass on, and none without a trip', () => {
    expect(take(driving, tick(10_050)).state.attention.countedMs).toBe(10_050);
    expect(take(parked, tick(10_050)).state.attention.countedMs).toBeNull();
  });

  it('tells what is due without a frame', () => {
    const { outcomes, state } = take(asleep, tick(10_050));
    expect(outcomes).toMatchObject([
      { type: 'alert', phase: 'raised', kind: 'microsleep', atMs: 10_050, level: 1, alertKey: 'run:1' },
    ]);
    expect(state).toMatchObject({ level: 1, alerts: { count: 1 } });
    expect(Object.keys(state.alerts.open)).toEqual(['closed-eyes']);
  });

  it('falls to level 0 when there is nothing more to say', () => {
    expect(take({ ...driving, level: 2 }, tick(10_050)).state.level).toBe(0);
  });

  it('says nothing, and keeps its state, while there is nothing to say', () => {
    const { state, outcomes } = take(driving, noFace(10_000));
    expect(outcomes).toEqual([]);
    expect(state.alerts).toBe(driving.alerts);
  });

  it('before the first observation lets even a time below zero begin it', () => {
    expect(take(initialState('run'), tick(0)).state.atMs).toBe(0);
    expect(take(initialState('run'), tick(-5)).state.atMs).toBe(-5);
  });

  it('leaves the state that it was given as it was', () => {
    const before = JSON.stringify(asleep);
    take(asleep, tick(11_000));
    expect(JSON.stringify(asleep)).toBe(before);
  });
});

describe('a frame', () => {
  it('is taken at its own time, though the clock is ahead of it', () => {
    const { state } = take(driving, attentiveFrame(9900));
    expect(state.sight?.atMs).toBe(9900);
    expect(state.frames.lastMs).toBe(9900);
    expect(state.atMs).toBe(10_000);
  });

  it('that is not newer than the newest is left out', () => {
    const { state } = take(driving, attentiveFrame(9900));
    expect(take(state, attentiveFrame(9900)).state).toBe(state);
    expect(take(state, attentiveFrame(9899)).state).toBe(state);
    expect(take(state, attentiveFrame(9901)).state.sight?.atMs).toBe(9901);
  });

  it('teaches the eyes and the pose with or without a trip, its behaviours only within one', () => {
    const yawning = attentiveFrame(9900, { mouth: { mar: 0.9, confidence: 0.9 } });
    expect(take(driving, yawning).state.mouth.wideMs).toBe(9900);
    expect(take(parked, yawning).state.mouth.wideMs).toBeNull();
    expect(take(parked, attentiveFrame(9900)).state.learnedAtMs).toBe(9900);
    expect(take(driving, attentiveFrame(9900)).state.learnedAtMs).toBe(9900);
  });

  it('without a face teaches nothing, and nobody is present in it', () => {
    const { state } = take(driving, noFace(9900));
    expect(state).toMatchObject({ learnedAtMs: null, sight: { face: false, atMs: 9900 } });
    expect(state.tripWatch.presentMs).toBeNull();
    expect(take(driving, attentiveFrame(9900)).state.tripWatch.presentMs).toBe(9900);
  });

  it('that shows the end of a closure is spoken of at the time of the clock', () => {
    const told = take(asleep, tick(10_050)).state;
    let state = told;
    const outcomes = [];
    for (let atMs = 10_060; atMs < 11_000; atMs += 40) {
      const judged = take(state, attentiveFrame(atMs));
      state = judged.state;
      outcomes.push(...judged.outcomes);
    }
    expect(outcomes.map((o) => [o.type, 'kind' in o && o.kind])).toEqual([
      ['event', 'microsleep'],
      ['alert', 'microsleep'],
    ]);
    expect(outcomes[1]).toMatchObject({ phase: 'cleared', cleared: 'ended' });
  });

  it('speaks at the time of the clock where that is later', () => {
    const late = { ...asleep, atMs: 10_020 };
    const [raised] = take(late, attentiveFrame(10_010, { leftEye: shutEye, rightEye: shutEye })).outcomes;
    expect(raised).toMatchObject({ phase: 'raised', atMs: 10_020 });
  });

  const shutEye = { ear: 0.07, confidence: 0.9, unseen: null };

  it('is asked what it expresses within a trip only', () => {
    const seen = attentiveFrame(9900, { affect: angry });
    expect(take(driving, seen).state.stress.face.weightMs).toBeGreaterThan(0);
    expect(take(parked, seen).state.stress.face.weightMs).toBe(0);
    expect(take(driving, attentiveFrame(9900)).state.stress.face.weightMs).toBe(0);
  });
});

describe('a window of sound', () => {
  const talking: DriverState = {
    ...driving,
    stress: { ...driving.stress, mouth: { usualMar: 0.1, movingShare: 0.9, atMs: 9000 } },
  };

  it('is remembered, and with speech somebody is present', () => {
    const { state } = take(driving, voice(10_000));
    expect(state.voice).toEqual({ atMs: 10_000, speechShare: 0.9 });
    expect(state.tripWatch.presentMs).toBe(10_000);
    expect(take(driving, voice(10_000, { speechShare: 0 })).state.tripWatch.presentMs).toBeNull();
  });

  it('is asked what it expresses within a trip only', () => {
    expect(take(talking, voice(10_000, { affect: angry })).state.stress.voice.weightMs).toBeGreaterThan(0);
    expect(take(talking, voice(10_000)).state.stress.voice.weightMs).toBe(0);
    const without = { ...talking, trip: parked.trip };
    expect(take(without, voice(10_000, { affect: angry })).state.stress.voice.weightMs).toBe(0);
  });
});

describe('what the vehicle says', () => {
  it('is heard', () => {
    const told = { kind: 'context', atMs: 10_000, speedKmh: 80, ignitionOn: true, hourOfDay: 3.5 } as const;
    expect(take(driving, told).state.context).toMatchObject({
      speedKmh: 80,
      ignitionOn: true,
      hourOfDay: 3.5,
    });
  });
});

describe('a hand in the vehicle', () => {
  const unseen: DriverState = {
    ...driving,
    slowClock: {
      ...{ unseenMs: 20_000, startMs: 0, uncertainMs: 20_000, peakLevel: 1, countedMs: 10_000 },
    },
  };
  const ack = (origin: 'button' | 'command' | 'page', atMs = 10_000) =>
    ({ kind: 'ack', atMs, origin }) as const;

  it('answers the slow clock by the button or the page, and its alert is cleared', () => {
    const raised = take(unseen, ack('command', 10_050));
    expect(raised.outcomes).toMatchObject([{ phase: 'raised', kind: 'face-lost' }]);
    for (const origin of ['button', 'page'] as const) {
      const answered = take(raised.state, ack(origin, 10_050));
      expect(answered.state.slowClock).toMatchObject({ unseenMs: 0, peakLevel: 0 });
      expect(answered.outcomes).toMatchObject([{ phase: 'cleared', kind: 'face-lost', atMs: 10_050 }]);
      const late = take(raised.state, ack(origin, 9000));
      expect(late.outcomes).toMatchObject([{ phase: 'cleared', atMs: 10_050 }]);
    }
  });

  it('far away answers nothing, nor does any without a trip', () => {
    expect(take(unseen, ack('command')).state).toBe(unseen);
    const over = { ...unseen, trip: parked.trip };
    expect(take(over, ack('button')).state).toBe(over);
  });
});

describe('a trip', () => {
  const start = (atMs: number) => ({ kind: 'trip', atMs, phase: 'start', cause: 'command' }) as const;
  const end = (atMs: number) => ({ kind: 'trip', atMs, phase: 'end', cause: 'command' }) as const;

  it('begins with fresh behaviours and nothing held off', () => {
    const held: DriverState = {
      ...parked,
      look: { ...noLook, carriedMs: 900 },
      tripWatch: { ...parked.tripWatch, heldOff: 'anything' },
    };
    const { state, outcomes } = take(held, start(10_100));
    expect(outcomes).toEqual([{ type: 'trip', phase: 'start', cause: 'command', atMs: 10_100 }]);
    expect(state.trip).toEqual({ active: true, startMs: 10_100, cause: 'command' });
    expect(state.look).toEqual(noLook);
    expect(state.tripWatch.heldOff).toBeNull();
  });

  it('that begins or ends twice begins or ends once', () => {
    expect(take(driving, start(10_000))).toEqual({ state: driving, outcomes: [] });
    expect(take(parked, end(10_000))).toEqual({ state: parked, outcomes: [] });
  });

  it('ends with what lasts, clears its alerts because of that, and holds off the next', () => {
    const told = take(asleep, tick(10_050)).state;
    const { state, outcomes } = take(told, end(10_050));
    expect(outcomes).toMatchObject([
      { type: 'event', kind: 'microsleep' },
      { type: 'alert', phase: 'cleared', cleared: 'trip-end', level: 0 },
      { type: 'trip', phase: 'end', cause: 'command', atMs: 10_050 },
    ]);
    expect(state).toMatchObject({ level: 0, alerts: { open: {} }, tripWatch: { heldOff: 'anything' } });
    expect(state.trip).toEqual({ active: false, startMs: null, cause: null });
    expect(state.closure).toEqual(noClosure);
  });
});

describe('a trip that nobody tells', () => {
  const ignition = (on: boolean, sinceMs: number): Partial<DriverState> => ({
    context: { ...unknownContext, ignitionOn: on, ignitionAtMs: 10_000, ignitionSinceMs: sinceMs },
  });

  it('begins by itself where that is wanted', () => {
    const on = { ...parked, ...ignition(true, 0) };
    const { outcomes, state } = take(on, tick(10_050), productConfig);
    expect(outcomes).toEqual([{ type: 'trip', phase: 'start', cause: 'ignition', atMs: 10_050 }]);
    expect(state.trip).toEqual({ active: true, startMs: 10_050, cause: 'ignition' });
    expect(take(on, tick(10_050)).outcomes).toEqual([]);
  });

  it('ends by itself, and presence alone does not begin the next', () => {
    const off = { ...driving, ...ignition(false, 10_050 - productConfig.trip.ignitionOffMs) };
    expect(take(off, tick(10_049), productConfig).outcomes).toEqual([]);
    const { outcomes, state } = take(off, tick(10_050), productConfig);
    expect(outcomes).toEqual([{ type: 'trip', phase: 'end', cause: 'ignition', atMs: 10_050 }]);
    expect(state.tripWatch.heldOff).toBe('presence');
  });

  it('is let begin again once what was held off is over', () => {
    const held = { ...parked, tripWatch: { ...parked.tripWatch, heldOff: 'anything' } as const };
    expect(take(held, tick(10_050), productConfig).state.tripWatch.heldOff).toBe('presence');
    const within = { ...held, trip: driving.trip };
    expect(take(within, tick(10_050), productConfig).state.tripWatch.heldOff).toBe('anything');
  });
});
