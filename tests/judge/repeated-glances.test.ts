import { describe, expect, it } from 'vitest';
import { noLook } from '../../agent/judge/distraction.ts';
import type { LookState } from '../../agent/judge/distraction.ts';
import {
  clearGlances,
  countGlance,
  judgeGlances,
  noGlances,
  observeRoad,
} from '../../agent/judge/repeated-glances.ts';
import type { GlancesState } from '../../agent/judge/repeated-glances.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import { beginSpan } from '../../agent/judge/span.ts';
import { judgeConfig } from '../stories/play.ts';

const { levelMs } = judgeConfig.distraction;
const look = (startMs: number, endMs: number, level: 0 | 1 = 0) => ({ startMs, endMs, mirror: null, level });
const after = (...looks: ReturnType<typeof look>[]) => looks.reduce(countGlance, noGlances);
const judged = (state: GlancesState, nowMs: number, present: LookState = noLook) =>
  judgeGlances(state, present, nowMs, levelMs, judgeConfig);
/** Five glances of 2 s with 1 s between: 10 s away within 14 s. */
const five = after(
  look(0, 2000),
  look(3000, 5000),
  look(6000, 8000),
  look(9000, 11_000),
  look(12_000, 14_000),
);
/** A look-away that is going on since `startMs`. */
const going = (startMs: number, nowMs: number, yawDeg = 25): LookState => ({
  ...noLook,
  span: { ...beginSpan(startMs), seenMs: nowMs },
  yawSumDeg: yawDeg,
  frames: 1,
});
const sightAt = (atMs: number, away: boolean | null) => ({ atMs, away }) as Sight;

describe('repeated glances', () => {
  it('are reached at ten seconds within thirty', () => {
    expect(judged(five, 14_000).state).toMatchObject({ reachedSinceMs: 0, peakAwayMs: 10_000 });
    const less = after(
      look(0, 2000),
      look(3000, 5000),
      look(6000, 8000),
      look(9000, 11_000),
      look(12_000, 13_900),
    );
    expect(judged(less, 13_900).state.reachedSinceMs).toBeNull();
  });

  it('count the glance that is going on, from its shortest length on', () => {
    const four = after(look(0, 2000), look(3000, 5000), look(6000, 8000), look(9000, 11_000));
    expect(judged(four, 13_900, going(12_000, 13_900)).state.reachedSinceMs).toBeNull();
    expect(judged(four, 14_000, going(12_000, 14_000)).state.reachedSinceMs).toBe(0);
    const nearly = after(look(0, 2450), look(3000, 5450), look(6000, 8450), look(9000, 11_450));
    expect(judged(nearly, 12_200, going(12_000, 12_200)).state.reachedSinceMs).toBeNull();
    expect(judged(nearly, 12_300, going(12_000, 12_300)).state.reachedSinceMs).toBe(0);
  });

  it('do not count a mirror that is being checked', () => {
    const four = after(look(0, 2000), look(3000, 5000), look(6000, 8000), look(9000, 12_400));
    expect(judged(four, 14_000, going(13_000, 14_000, 45)).state.reachedSinceMs).toBeNull();
    expect(judged(four, 15_000, going(13_000, 15_000, 45)).state.reachedSinceMs).toBe(0);
  });

  it('forget what left the window', () => {
    const early = after(
      look(0, 2000),
      look(3000, 5000),
      look(25_000, 27_000),
      look(28_000, 30_000),
      look(31_000, 33_000),
    );
    expect(judged(early, 34_000).state.reachedSinceMs).toBeNull();
    expect(judged(early, 34_000).state.glances).toHaveLength(4);
  });

  it('leave out distractions and single looks', () => {
    expect(countGlance(noGlances, look(0, 9000, 1))).toBe(noGlances);
    expect(countGlance(noGlances, null)).toBe(noGlances);
    expect(judged(after(look(0, 11_000)), 11_000).state.reachedSinceMs).toBeNull();
  });

  it('made while the vehicle stands or creeps do not count, then or later', () => {
    const stood = judgeGlances(five, noLook, 14_000, null, judgeConfig).state;
    expect(stood.reachedSinceMs).toBeNull();
    const began = judged(stood, 15_000, going(13_000, 15_000));
    expect(began.state).toMatchObject({ reachedSinceMs: null, peakAwayMs: 1000 });
    const later = [look(13_000, 15_000), look(16_000, 20_500)].reduce(countGlance, began.state);
    expect(judged(later, 26_400, going(22_000, 26_400)).state.reachedSinceMs).toBeNull();
    expect(judged(later, 26_500, going(22_000, 26_500)).state.reachedSinceMs).toBe(14_000);
    expect(countGlance(stood, look(12_000, 13_500)).glances).toEqual([]);
  });

  it('are over when the vehicle stops', () => {
    const stopped = judgeGlances(judged(five, 14_000).state, noLook, 14_100, null, judgeConfig);
    expect(stopped.events.map((e) => [e.kind, e.endMs])).toEqual([['repeated-glances', 14_100]]);
    expect(stopped.state.reachedSinceMs).toBeNull();
  });

  it('are cleared by two seconds on the road, and recorded then', () => {
    const reached = judged(five, 14_000).state;
    const onRoad = observeRoad(reached, sightAt(14_100, false), noLook, judgeConfig);
    const seen = observeRoad(onRoad, sightAt(14_400, false), noLook, judgeConfig);
    const later = [14_700, 15_000, 15_300, 15_600, 15_900].reduce(
      (state, atMs) => observeRoad(state, sightAt(atMs, false), noLook, judgeConfig),
      seen,
    );
    expect(judged(later, 16_050).state.reachedSinceMs).toBe(0);
    const cleared = judged(later, 16_100);
    expect(cleared.events).toEqual([
      { type: 'event', kind: 'repeated-glances', startMs: 0, endMs: 14_100, evidence: { awayMs: 10_000 } },
    ]);
    expect(cleared.state).toMatchObject({ glances: [], reachedSinceMs: null });
  });

  it('are not cleared by a road that is not seen', () => {
    let state = judged(five, 14_000).state;
    for (let atMs = 14_100; atMs < 20_000; atMs += 100) {
      state = observeRoad(state, sightAt(atMs, null), noLook, judgeConfig);
      state = judged(state, atMs).state;
    }
    expect(state.reachedSinceMs).toBe(0);
  });

  it('that were not reached are cleared without a word', () => {
    expect(clearGlances(after(look(0, 2000)), 9000)).toEqual({ state: noGlances, events: [] });
    expect(clearGlances(noGlances, 9000).state).toBe(noGlances);
  });
});

describe('the sum of glances', () => {
  const { repeatedWindowMs, glanceMinMs } = judgeConfig.distraction;

  it('is nothing without a glance, and leaves the state as it is', () => {
    expect(judged(noGlances, 5000)).toEqual({ state: noGlances, events: [] });
    expect(judged(noGlances, 5000).state).toBe(noGlances);
  });

  it('keeps what it has while nothing changes', () => {
    const two = after(look(0, 2000), look(3000, 5000));
    const { state, events } = judged(two, 5000);
    expect(events).toEqual([]);
    expect(state.glances).toBe(two.glances);
    expect(judged(state, 5100).state.peakAwayMs).toBe(4000);
  });

  it('holds a glance to the last moment of the window', () => {
    const two = after(look(0, 2000), look(3000, 5000));
    expect(judged(two, 2000 + repeatedWindowMs).state.glances).toHaveLength(2);
    expect(judged(two, 2001 + repeatedWindowMs).state.glances).toEqual([{ startMs: 3000, endMs: 5000 }]);
  });

  it('begins with the first glance of the window when it is reached', () => {
    const late = after(look(0, 500), look(26_000, 31_000), look(32_000, 37_000));
    expect(judged(late, 37_000).state.reachedSinceMs).toBe(26_000);
    const touching = after(look(0, 7000), look(27_000, 32_000), look(32_000, 37_000));
    expect(judged(touching, 37_000).state.reachedSinceMs).toBe(0);
  });

  it('once reached stays, though less of it is left in the window', () => {
    const reached = judged(five, 14_000).state;
    const later = judged(reached, 36_000).state;
    expect(later).toMatchObject({ reachedSinceMs: 0, peakAwayMs: 10_000 });
    expect(later.glances).toHaveLength(3);
    expect(clearGlances({ ...noGlances, reachedSinceMs: 500, peakAwayMs: 10_200 }, 60_000).events).toEqual([
      { type: 'event', kind: 'repeated-glances', startMs: 500, endMs: 60_000, evidence: { awayMs: 10_200 } },
    ]);
  });

  it('does not count a present look that is a distraction of its own', () => {
    const four = after(look(0, 2000), look(3000, 5000), look(6000, 8000), look(9000, 11_000));
    const distracted: LookState = { ...going(12_000, 16_000), peakLevel: 1 };
    expect(judged(four, 16_000, distracted).state).toMatchObject({ reachedSinceMs: null, peakAwayMs: 8000 });
  });

  it('counts only what came after the vehicle stood', () => {
    const stood: GlancesState = { ...noGlances, sinceMs: 10_000 };
    expect(countGlance(stood, look(8000, 10_000)).glances).toEqual([]);
    expect(countGlance(stood, look(8000, 10_001)).glances).toEqual([{ startMs: 10_000, endMs: 10_001 }]);
    expect(judged(stood, 10_000, going(9000, 10_000)).state).toBe(stood);
    const since = judged(stood, 10_000 + glanceMinMs, going(9000, 10_000 + glanceMinMs)).state;
    expect(since.peakAwayMs).toBe(glanceMinMs);
  });

  it('says nothing where the vehicle stands and none was reached', () => {
    const { state, events } = judgeGlances(five, noLook, 14_000, null, judgeConfig);
    expect({ state, events }).toEqual({ state: { ...noGlances, sinceMs: 14_000 }, events: [] });
  });
});

describe('the road', () => {
  const road = (away: boolean | null, present = noLook) =>
    observeRoad(noGlances, sightAt(1000, away), present, judgeConfig).road;

  it('is looked at, or a mirror is; not while looking away, nor where that is unknown', () => {
    expect(road(false)).toEqual(beginSpan(1000));
    expect(road(true, going(0, 1000, 45))).toEqual(beginSpan(1000));
    expect(road(true, going(0, 1000))).toBeNull();
    expect(road(null)).toBeNull();
  });

  it('goes out of sight when no frame comes', () => {
    const onRoad: GlancesState = { ...noGlances, road: beginSpan(1000) };
    expect(judged(onRoad, 1100).state).toBe(onRoad);
    const silent = judged(onRoad, 1000 + judgeConfig.time.holdMs + 1).state.road;
    expect(silent).toMatchObject({ startMs: 1000, unseenFromMs: 1000 + judgeConfig.time.holdMs });
  });
});
