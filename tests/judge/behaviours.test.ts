import { describe, expect, it } from 'vitest';
import { drowsinessInput, endTrip, observeBehaviours, passTime } from '../../agent/judge/behaviours.ts';
import { noClosure } from '../../agent/judge/closures.ts';
import type { ClosureState } from '../../agent/judge/closures.ts';
import { noLook } from '../../agent/judge/distraction.ts';
import type { Outcome } from '../../agent/judge/outcome.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import { beginSpan } from '../../agent/judge/span.ts';
import { initialState } from '../../agent/judge/state.ts';
import type { DriverState } from '../../agent/judge/state.ts';
import { unknownContext } from '../../agent/judge/surroundings.ts';
import { unlearnedNeutral } from '../../agent/judge/neutral-pose.ts';
import { judgeConfig } from '../stories/play.ts';

const { eyes, distraction, drowsiness, time } = judgeConfig;
const driving: DriverState = {
  ...initialState('run'),
  trip: { active: true, startMs: 0, cause: 'replay' },
};
const standingFrom = (atMs: number): Partial<DriverState> => ({
  context: { ...unknownContext, speedKmh: 0, speedAtMs: atMs, moving: true, slowSinceMs: atMs - 60_000 },
});
const onRoad: Sight = {
  ...{ atMs: 0, picture: 'usable', face: true, closure: 0.05, ear: 0.3, eyesUnseen: null, mar: 0.1 },
  ...{ yawn: null, yawDeg: 0, pitchDeg: 0, rollDeg: 0, gaze: null, away: false },
  head: { yawDeg: 0, pitchDeg: 0 },
};
const sight = (atMs: number, more: Partial<Sight> = {}): Sight => ({ ...onRoad, atMs, ...more });
/** Eyes closed since 0 for so long. */
const closedFor = (seenMs: number): ClosureState => ({
  ...noClosure,
  ...{ span: { ...beginSpan(0), seenMs }, shut: { ...beginSpan(0), seenMs } },
  ...{ shutFrames: 10, closureSum: 9.5, peak: 1, onsetSeen: true, lastClosure: 0.95 },
  asleep: seenMs >= eyes.microsleepMs,
});

function observed(state: DriverState, ...seen: Sight[]) {
  const outcomes: Outcome[] = [];
  const after = seen.reduce((s, now) => observeBehaviours(s, now, judgeConfig, outcomes), state);
  return { state: after, outcomes, kinds: outcomes.map((o) => (o.type === 'event' ? o.kind : o.type)) };
}
function ticked(state: DriverState, nowMs: number) {
  const outcomes: Outcome[] = [];
  const after = passTime(state, nowMs, judgeConfig, outcomes);
  return { state: after, outcomes, kinds: outcomes.map((o) => (o.type === 'event' ? o.kind : o.type)) };
}

describe('a blink', () => {
  const blink = [sight(0), sight(100, { closure: 0.95 }), sight(200, { closure: 0.95 }), sight(250)];

  it('is recorded and counted, at a frame rate that carries it', () => {
    const { kinds, state } = observed(driving, ...blink);
    expect(kinds).toEqual(['blink']);
    expect(state.blinks.recent).toEqual([{ kind: 'blink', endMs: 250, lastedMs: 150 }]);
    const slow = observed({ ...driving, frames: { ...driving.frames, carriesBlinks: false } }, ...blink);
    expect(slow.kinds).toEqual([]);
    expect(slow.state.blinks.recent).toHaveLength(1);
  });

  it('of a driver who stood meanwhile is neither', () => {
    const { kinds, state } = observed({ ...driving, parkedMs: 1 }, ...blink);
    expect([kinds, state.blinks.recent]).toEqual([[], []]);
  });
});

describe('a closure that passed in part while the vehicle stood', () => {
  const ended = (parkedMs: number) =>
    observed({ ...driving, closure: closedFor(1500), parkedMs }, sight(1500), sight(1800));

  it('is recorded when the rest of it was a microsleep', () => {
    expect(ended(500).kinds).toEqual(['microsleep']);
    expect(ended(501).kinds).toEqual([]);
    expect(ended(0).state.blinks.recent).toHaveLength(1);
    expect(ended(500).state.blinks.recent).toEqual([]);
  });

  it('counts that time while it stands', () => {
    const closed = { ...driving, closure: closedFor(1000), parkedMs: 50 };
    const counted = { ...closed, attention: { ...driving.attention, countedMs: 900 } };
    expect(ticked({ ...counted, ...standingFrom(1000) }, 1000).state.parkedMs).toBe(150);
    expect(ticked({ ...closed, ...standingFrom(1000) }, 1000).state.parkedMs).toBe(50);
    expect(ticked(counted, 1000).state.parkedMs).toBe(50);
    expect(ticked({ ...counted, closure: noClosure }, 1000).state.parkedMs).toBe(0);
  });
});

describe('closed eyes', () => {
  it('add to inattention in motion, not while standing', () => {
    const asleep = { ...driving, closure: closedFor(1200) };
    expect(ticked(asleep, 1200).state.attention.lapseMs).toBe(distraction.levelMs[0]);
    expect(ticked({ ...asleep, ...standingFrom(1200) }, 1200).state.attention.lapseMs).toBe(0);
    const parked = { ...driving, closure: closedFor(9000), parkedMs: 2000 };
    expect(ticked(parked, 9000).state.attention.lapseMs).toBe(7000);
  });

  it('lead to a lockout from level 3 on, as looks do and a driver who does not respond', () => {
    const terminal = (more: Partial<DriverState>, nowMs = 100) =>
      ticked({ ...driving, ...more }, nowMs).state.lockout.terminalAlerts;
    const gravestMs = distraction.levelMs[2];
    expect(terminal({})).toBe(0);
    expect(terminal({ look: { ...noLook, span: beginSpan(0), level: 3, peakLevel: 3 } })).toBe(1);
    expect(terminal({ look: { ...noLook, span: beginSpan(0), level: 2, peakLevel: 2 } })).toBe(0);
    expect(terminal({ closure: closedFor(gravestMs), parkedMs: 0 }, gravestMs)).toBe(1);
    expect(terminal({ closure: closedFor(2000) }, 2000)).toBe(0);
    expect(terminal({ closure: closedFor(judgeConfig.unresponsive.closedMs) }, 6000)).toBe(1);
  });
});

describe('PERCLOS', () => {
  const counted = (before: Partial<Sight> | null, atMs: number, more: Partial<DriverState> = {}) => {
    const state = { ...driving, sight: before && sight(1000, before), ...more };
    return observed(state, sight(atMs)).state.perclos.current;
  };

  it('counts the frame before for the time up to this one, for a while', () => {
    expect(counted({ closure: eyes.closedAt }, 1200)).toEqual({ startMs: 1200, seenMs: 200, closedMs: 200 });
    expect(counted({ closure: eyes.closedAt - 0.01 }, 1200)).toMatchObject({ seenMs: 200, closedMs: 0 });
    expect(counted({ closure: 1 }, 1900)).toMatchObject({ seenMs: time.holdMs, closedMs: time.holdMs });
  });

  it('counts nothing unseen, nor a nap at the kerb', () => {
    expect(counted({ closure: null }, 1200)).toMatchObject({ seenMs: 0 });
    expect(counted(null, 1200)).toMatchObject({ seenMs: 0 });
    expect(counted({ closure: 1 }, 1200, standingFrom(1200))).toMatchObject({ seenMs: 0 });
  });
});

describe('the newest frame', () => {
  it('holds for a while', () => {
    const attention = { ...driving.attention, lapseMs: 4000, countedMs: 100 };
    const at = (nowMs: number) => ticked({ ...driving, sight: onRoad, attention }, nowMs).state;
    expect(at(time.holdMs).attention.lapseMs).toBeLessThan(4000);
    expect(at(time.holdMs + 1).attention.lapseMs).toBe(4000);
    expect(at(time.holdMs).slowClock.unseenMs).toBe(0);
  });

  it('without a direction is uncertain once there is a neutral pose', () => {
    const slowClock = { ...driving.slowClock, countedMs: 0 };
    const state = { ...driving, slowClock, sight: sight(0, { head: null, away: null }) };
    const pose = { yawDeg: 0, pitchDeg: 0, rollDeg: 0, gazeYawDeg: 0, gazePitchDeg: 0 };
    expect(ticked(state, 200).state.slowClock.uncertainMs).toBe(0);
    const known = { ...state, neutral: { ...unlearnedNeutral, pose } };
    expect(ticked(known, 200).state.slowClock.uncertainMs).toBe(200);
  });

  it('looks ahead where its eyes hide: the time of hiding is counted then', () => {
    const hidden = { closure: null, eyesUnseen: 'covered' } as const;
    const hiddenFrom = (away: boolean | null) =>
      observed({ ...driving, closure: closedFor(1200) }, sight(1250, { ...hidden, away })).state.closure
        .hiddenFromMs;
    expect([hiddenFrom(false), hiddenFrom(true), hiddenFrom(null)]).toEqual([1250, null, null]);
  });
});

describe('a silent camera', () => {
  const silentSince = (lastMs: number | null, startMs: number | null, nowMs: number) => {
    const state = { ...driving, frames: { ...driving.frames, lastMs }, trip: { ...driving.trip, startMs } };
    return ticked(state, nowMs).state.notices['camera-blocked']?.span.startMs;
  };

  it('is silent since its last frame, or since the trip began', () => {
    expect(silentSince(5000, 0, 6000)).toBe(5000);
    expect(silentSince(5000, 0, 5999)).toBeUndefined();
    expect(silentSince(5000, 8000, 8500)).toBeUndefined();
    expect(silentSince(5000, 8000, 9000)).toBe(8000);
    expect(silentSince(null, 0, 1000)).toBe(0);
    expect(silentSince(null, null, 9000)).toBeUndefined();
  });
});

describe('the estimate of drowsiness', () => {
  const estimatedAt = (estimatedAtMs: number | null, nowMs: number) =>
    ticked({ ...driving, drowsiness: { ...driving.drowsiness, estimatedAtMs } }, nowMs).state.drowsiness
      .estimatedAtMs;

  it('is made every so often', () => {
    expect(estimatedAt(null, 500)).toBe(500);
    expect(estimatedAt(1000, 999 + drowsiness.everyMs)).toBe(1000);
    expect(estimatedAt(1000, 1000 + drowsiness.everyMs)).toBe(1000 + drowsiness.everyMs);
  });

  it('is made of what is known now', () => {
    const state: DriverState = {
      ...driving,
      trip: { ...driving.trip, startMs: 20_000 },
      context: { ...unknownContext, hourOfDay: 3.5 },
      mouth: { ...driving.mouth, yawns: [80_000, 100_000] },
      perclos: { ...driving.perclos, current: { startMs: 99_000, seenMs: 800, closedMs: 200 } },
    };
    expect(drowsinessInput(state, 100_000, judgeConfig)).toMatchObject({
      ...{ short: { share: 0.25, seenMs: 800 }, long: { share: 0.25, seenMs: 800 }, meanReopenMs: null },
      ...{ yawns: 2, headNods: 0, tripMs: 80_000, hourOfDay: 3.5, carriesBlinks: true },
    });
    expect(drowsinessInput({ ...state, trip: driving.trip }, 100_000, judgeConfig).tripMs).toBe(100_000);
    const noTrip = { ...state, trip: { ...driving.trip, startMs: null } };
    expect(drowsinessInput(noTrip, 100_000, judgeConfig).tripMs).toBe(0);
  });
});

describe('what ends', () => {
  const looked = { ...noLook, span: { ...beginSpan(0), seenMs: 1000 }, yawSumDeg: 25, frames: 1 };
  const open: DriverState = {
    ...driving,
    look: looked,
    closure: closedFor(1500),
    stress: { ...driving.stress, stressed: true, sinceMs: 500 },
    drowsiness: { ...driving.drowsiness, drowsy: true, tiredSinceMs: 100 },
    lockout: { ...driving.lockout, sinceMs: 900 },
    glances: { ...driving.glances, reachedSinceMs: 700 },
    unresponsive: {
      ...{ hiddenMs: 0, countedMs: 0 },
      noReturn: { behaviour: 'closed-eyes', startMs: 0, seenMs: 1, thresholdMs: 1, withHidden: false },
    },
    notices: {
      ...driving.notices,
      'face-lost': { span: beginSpan(0), cause: 'no face', glimpsedMs: 0, told: true, afterMs: 0 },
    },
  };

  it('with the trip is all that lasts', () => {
    const outcomes: Outcome[] = [];
    endTrip(open, 1500, judgeConfig, outcomes);
    expect(outcomes.map((o) => o.type === 'event' && o.kind).sort()).toEqual(
      ['drowsiness', 'face-lost', 'glance', 'lockout', 'microsleep', 'repeated-glances', 'stress', 'unresponsive'], // prettier-ignore
    );
  });

  it('with a look back is a glance, which the sum remembers', () => {
    const { kinds, state } = observed({ ...driving, look: looked }, sight(1000), sight(1300));
    expect(kinds).toEqual(['glance']);
    expect(state.glances.glances).toEqual([{ startMs: 0, endMs: 1000 }]);
    const bySilence = ticked({ ...driving, look: looked }, 1501);
    expect(bySilence.kinds).toEqual(['glance']);
    expect(bySilence.state.glances.glances).toEqual([{ startMs: 0, endMs: 1300 }]);
  });

  it('by the clock is recorded as well', () => {
    const closure = { ...closedFor(600), asleep: false };
    expect(ticked({ ...driving, closure }, 1200).state.closure).toEqual(noClosure);
    const stood = { ...open, ...standingFrom(1600), sight: sight(1500), look: noLook, closure: noClosure };
    expect(ticked(stood, 1600).kinds).toEqual(expect.arrayContaining(['unresponsive', 'repeated-glances']));
  });
});
