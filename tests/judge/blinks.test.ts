import { describe, expect, it } from 'vitest';
import { blinkFigures, countClosure, noBlinks } from '../../agent/judge/blinks.ts';
import type { EndedClosure } from '../../agent/judge/closures.ts';
import { judgeConfig } from '../stories/play.ts';

const closure = (endMs: number, lastedMs: number): EndedClosure => ({ kind: 'blink', endMs, lastedMs });
const counted = (closures: readonly EndedClosure[]) =>
  closures.reduce((state, ended) => countClosure(state, ended, ended.endMs, judgeConfig), noBlinks);

describe('blink figures', () => {
  const state = counted([
    closure(1000, 100),
    closure(20_000, 200),
    closure(40_000, 600),
    closure(50_000, 2000),
  ]);

  it('are rates a minute of seen time and a mean without microsleeps', () => {
    expect(blinkFigures(state, 60_000, true, judgeConfig)).toEqual({
      blinksPerMinute: 3,
      meanBlinkMs: 300,
      longBlinksPerMinute: 2,
    });
    expect(blinkFigures(state, 40_000, true, judgeConfig).longBlinksPerMinute).toBeCloseTo(3);
  });

  it('are unknown before enough was seen', () => {
    const unknown = { blinksPerMinute: null, meanBlinkMs: null, longBlinksPerMinute: null };
    expect(blinkFigures(state, 29_000, true, judgeConfig)).toEqual(unknown);
  });

  it('have no mean of two blinks', () => {
    const two = counted([closure(1000, 100), closure(2000, 100)]);
    expect(blinkFigures(two, 60_000, true, judgeConfig)).toMatchObject({
      blinksPerMinute: 2,
      meanBlinkMs: null,
    });
  });

  it('are switched off where the frame rate misses blinks, but for the long ones', () => {
    expect(blinkFigures(state, 60_000, false, judgeConfig)).toEqual({
      blinksPerMinute: null,
      meanBlinkMs: null,
      longBlinksPerMinute: 2,
    });
  });

  it('forget what left the window', () => {
    const later = countClosure(state, null, 75_000, judgeConfig);
    expect(later.recent.map((c) => c.endMs)).toEqual([20_000, 40_000, 50_000]);
    expect(countClosure(later, null, 76_000, judgeConfig)).toBe(later);
    expect(countClosure(later, closure(105_000, 100), 105_000, judgeConfig).recent).toHaveLength(2);
  });

  it('know a closure by its length, at the very limits', () => {
    const { longBlinkMs, microsleepMs } = judgeConfig.eyes;
    const lengths = counted([
      closure(1000, longBlinkMs - 1),
      closure(2000, longBlinkMs),
      closure(3000, microsleepMs - 1),
      closure(4000, microsleepMs),
    ]);
    expect(blinkFigures(lengths, 60_000, true, judgeConfig)).toEqual({
      blinksPerMinute: 3,
      meanBlinkMs: (2 * longBlinkMs + microsleepMs - 2) / 3,
      longBlinksPerMinute: 3,
    });
  });

  it('are known from the least seen time on, and none are no rate but zero', () => {
    const leastMs = judgeConfig.perclos.minShortFill * 60_000;
    expect(blinkFigures(noBlinks, leastMs, true, judgeConfig)).toEqual({
      blinksPerMinute: 0,
      meanBlinkMs: null,
      longBlinksPerMinute: 0,
    });
    expect(blinkFigures(noBlinks, leastMs - 1, true, judgeConfig).blinksPerMinute).toBeNull();
  });

  it('keep a closure to the very edge of the window', () => {
    const one = counted([closure(1000, 100)]);
    const edgeMs = 1000 + judgeConfig.blinksPerMinuteWindowMs;
    expect(countClosure(one, null, edgeMs, judgeConfig)).toBe(one);
    expect(countClosure(one, closure(edgeMs, 90), edgeMs, judgeConfig).recent).toHaveLength(2);
    expect(countClosure(one, null, edgeMs + 1, judgeConfig).recent).toEqual([]);
    expect(countClosure(noBlinks, null, 1, judgeConfig)).toBe(noBlinks);
  });
});
