import { describe, expect, it } from 'vitest';
import {
  countEyes,
  emptyPerclos,
  perclosLong,
  perclosShort,
  rollPerclos,
} from '../../agent/judge/perclos.ts';
import type { PerclosState } from '../../agent/judge/perclos.ts';
import { judgeConfig } from '../stories/play.ts';

const config = judgeConfig.perclos;

/** Counts 100-ms stretches of eyes that are closed by `closedAt(second)`, `null` = not seen. */
function counted(
  seconds: number,
  closedAt: (second: number) => boolean | null,
  from = emptyPerclos,
  startMs = 0,
) {
  let state: PerclosState = from;
  for (let atMs = startMs; atMs < startMs + seconds * 1000; atMs += 100) {
    state = rollPerclos(state, atMs, config);
    const closed = closedAt(atMs / 1000);
    if (closed !== null) state = countEyes(state, 100, closed);
  }
  return state;
}

describe('PERCLOS', () => {
  it('is unknown when nothing was seen', () => {
    expect(perclosShort(emptyPerclos, config)).toEqual({ share: null, seenMs: 0, fill: 0 });
    expect(
      perclosLong(
        counted(30, () => null),
        config,
      ).share,
    ).toBeNull();
  });

  it('is the share of seen time in which the eyes were closed', () => {
    const state = counted(60, (second) => second % 10 < 2);
    expect(perclosShort(state, config).share).toBeCloseTo(0.2);
    expect(perclosLong(state, config).share).toBeCloseTo(0.2);
  });

  it('leaves out what was not seen, and says how full its windows are', () => {
    const state = counted(60, (second) => (second % 2 < 1 ? null : second % 10 > 8));
    expect(perclosShort(state, config).share).toBeCloseTo(0.2, 1);
    expect(perclosShort(state, config).fill).toBeCloseTo(0.5);
    expect(perclosLong(state, config).fill).toBeCloseTo(30 / 180);
  });

  it('forgets what left the window, the short one first', () => {
    const closedThenOpen = counted(300, (second) => second < 60);
    expect(perclosShort(closedThenOpen, config).share).toBe(0);
    expect(perclosLong(closedThenOpen, config).share).toBe(0);
    const later = counted(150, (second) => second < 60);
    expect(perclosShort(later, config).share).toBe(0);
    expect(perclosLong(later, config).share).toBeCloseTo(0.4);
    expect(perclosLong(later, config).fill).toBeCloseTo(150 / 180);
  });

  it('empties while nothing is seen', () => {
    const state = rollPerclos(
      counted(60, () => true),
      400_000,
      config,
    );
    expect(perclosLong(state, config).share).toBeNull();
    expect(state.past).toEqual([]);
  });

  it('stays bounded', () => {
    const state = counted(1000, () => false);
    expect(state.past.length).toBeLessThanOrEqual(181);
    expect(perclosLong(state, config).fill).toBe(1);
  });
});

describe('the buckets of PERCLOS', () => {
  const { shortWindowMs, longWindowMs } = config;
  const bucket = (startMs: number, closedMs = 0) => ({ startMs, seenMs: 1000, closedMs });

  it('take time that was seen, once the clock runs', () => {
    expect(countEyes(emptyPerclos, 100, true)).toBe(emptyPerclos);
    const started = rollPerclos(emptyPerclos, 500, config);
    expect(started).toEqual({ ...emptyPerclos, current: { startMs: 500, seenMs: 0, closedMs: 0 } });
    expect(countEyes(started, 0, true)).toBe(started);
    expect(countEyes(started, -5, true)).toBe(started);
    const seen = countEyes(countEyes(started, 100, true), 300, false);
    expect(seen.current).toEqual({ startMs: 500, seenMs: 400, closedMs: 100 });
    expect(perclosShort(seen, config)).toEqual({ share: 0.25, seenMs: 400, fill: 400 / shortWindowMs });
  });

  it('are full after a second, and left out when empty', () => {
    const seen = countEyes(rollPerclos(emptyPerclos, 0, config), 100, true);
    expect(rollPerclos(seen, 999, config)).toBe(seen);
    const rolled = rollPerclos(seen, 1000, config);
    expect(rolled.past).toEqual([{ startMs: 0, seenMs: 100, closedMs: 100 }]);
    expect(rolled.current).toEqual({ startMs: 1000, seenMs: 0, closedMs: 0 });
    expect(rollPerclos(rolled, 2500, config)).toMatchObject({
      past: rolled.past,
      current: { startMs: 2000 },
    });
  });

  it('count to the last moment of their window', () => {
    const state = { ...emptyPerclos, past: [bucket(0, 500)], current: bucket(1000) };
    const at = (nowMs: number) => {
      const rolled = rollPerclos(state, nowMs, config);
      return [rolled.pastShort.seenMs, rolled.pastLong.seenMs, rolled.pastLong.closedMs];
    };
    expect(at(shortWindowMs)).toEqual([2000, 2000, 500]);
    expect(at(shortWindowMs + 1000)).toEqual([1000, 2000, 500]);
    expect(at(longWindowMs)).toEqual([0, 2000, 500]);
    expect(at(longWindowMs + 1000)).toEqual([0, 1000, 0]);
    expect(rollPerclos(state, longWindowMs, config).past).toHaveLength(2);
    expect(rollPerclos(state, longWindowMs + 1000, config).past).toEqual([bucket(1000)]);
  });
});
