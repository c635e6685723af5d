import { describe, expect, it } from 'vitest';
import { meanReopenMs, noReopening, observeReopening } from '../../agent/judge/reopening.ts';
import { judgeConfig } from '../stories/play.ts';

/** Blinks whose lids come up linearly within `upMs` from shut to open, at `fps`. */
function blinks(upMs: number, fps: number, count = 5, hidden = false) {
  let state = noReopening;
  const periodMs = 2000;
  const closureAt = (atMs: number): number | null => {
    const inBlinkMs = atMs % periodMs;
    if (inBlinkMs < 100) return 1;
    const open = Math.min(1, (inBlinkMs - 100) / upMs);
    return hidden && open > 0.4 && open < 0.6 ? null : 1 - open;
  };
  const frames = Math.floor((count * periodMs * fps) / 1000);
  for (let n = 0; n < frames; n++) {
    const atMs = Math.round((n * 1000) / fps);
    state = observeReopening(state, closureAt(atMs), atMs, judgeConfig);
  }
  return meanReopenMs(state, count * periodMs, true, judgeConfig);
}

describe('the reopening of the lids', () => {
  it.each([30, 20, 15])('is measured between frames at %i a second', (fps) => {
    const share = judgeConfig.eyes.closedAt - judgeConfig.drowsiness.reopenedBelow;
    for (const upMs of [200, 400, 800]) expect(blinks(upMs, fps)).toBeCloseTo(share * upMs, -1);
  });

  it('is not known from a few, nor at a frame rate that does not carry blinks', () => {
    expect(blinks(400, 30, 2)).toBeNull();
    const state = { ...noReopening, recent: [1, 2, 3].map((n) => ({ endMs: n, reopenMs: 100 })) };
    expect(meanReopenMs(state, 10, true, judgeConfig)).toBe(100);
    expect(meanReopenMs(state, 10, false, judgeConfig)).toBeNull();
  });

  it('is forgotten after the window', () => {
    const state = { ...noReopening, recent: [1, 2, 3].map((n) => ({ endMs: n, reopenMs: 100 })) };
    expect(meanReopenMs(state, 2 + judgeConfig.blinksPerMinuteWindowMs, true, judgeConfig)).toBeNull();
  });

  it('that goes out of sight is left out', () => {
    expect(blinks(400, 30, 5, true)).toBeNull();
  });

  it('of lids that stay half down is none', () => {
    let state = observeReopening(noReopening, 1, 0, judgeConfig);
    for (let atMs = 33; atMs < 4000; atMs += 33) state = observeReopening(state, 0.5, atMs, judgeConfig);
    state = observeReopening(state, 0, 4000, judgeConfig);
    expect(state.recent).toEqual([]);
  });

  it('over a gap without frames is none', () => {
    const shut = observeReopening(noReopening, 1, 0, judgeConfig);
    expect(observeReopening(shut, 0, judgeConfig.time.holdMs + 1, judgeConfig).recent).toEqual([]);
    expect(observeReopening(shut, 0, judgeConfig.time.holdMs, judgeConfig).recent).toHaveLength(1);
  });
});
