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

describe('lids on their way up, frame by frame', () => {
  const { eyes, drowsiness, blinksPerMinuteWindowMs } = judgeConfig;
  type Frame = readonly [atMs: number, closure: number | null];
  const followed = (frames: readonly Frame[], from = noReopening) =>
    frames.reduce((state, [atMs, closure]) => observeReopening(state, closure, atMs, judgeConfig), from);

  it('leave the shut state and are open where they cross the limits', () => {
    const rising = followed([[0, 1], [100, 0.6]]); // prettier-ignore
    expect(rising.risingFromMs).toBeCloseTo((100 * (1 - eyes.closedAt)) / 0.4);
    const open = followed([[200, 0.1]], rising); // prettier-ignore
    const openAtMs = 100 + (100 * (0.6 - drowsiness.reopenedBelow)) / 0.5;
    expect(open).toMatchObject({ risingFromMs: null, lastMs: 200, lastClosure: 0.1 });
    expect(open.recent).toEqual([
      { endMs: 200, reopenMs: expect.closeTo(openAtMs - rising.risingFromMs!) as number },
    ]);
  });

  it('are shut at the limit, and open below theirs', () => {
    expect(followed([[0, 1], [100, eyes.closedAt]]).risingFromMs).toBeNull(); // prettier-ignore
    expect(followed([[0, eyes.closedAt], [100, 0.5]]).risingFromMs).toBe(0); // prettier-ignore
    expect(followed([[0, eyes.closedAt - 0.01], [100, 0.5]]).risingFromMs).toBeNull(); // prettier-ignore
    const at = (closure: number) => followed([[0, 1], [100, closure]]).recent; // prettier-ignore
    expect(at(drowsiness.reopenedBelow)).toEqual([]);
    expect(at(drowsiness.reopenedBelow - 0.01)).toHaveLength(1);
  });

  it('that shut again begin anew', () => {
    const again = followed([[0, 1], [100, 0.5], [200, 0.9], [300, 0.5], [400, 0]]); // prettier-ignore
    expect(again.recent).toHaveLength(1);
    expect(again.recent[0]!.reopenMs).toBeLessThan(200);
    expect(followed([[0, 1], [100, 0.5], [200, 0.9]]).risingFromMs).toBeNull(); // prettier-ignore
  });

  it('that were never seen shut, or out of sight, are none', () => {
    expect(followed([[0, 0.5], [100, 0]]).recent).toEqual([]); // prettier-ignore
    expect(followed([[0, 1], [100, 0.5], [200, null], [300, 0]]).recent).toEqual([]); // prettier-ignore
    expect(followed([[0, 1], [100, null]])).toMatchObject({ lastMs: 100, lastClosure: null }); // prettier-ignore
    expect(followed([[100, 0]])).toMatchObject({ lastMs: 100, lastClosure: 0, recent: [] });
  });

  it('droop from the longest time on', () => {
    const from = { ...followed([[0, 0.5]]), lastMs: 1900, risingFromMs: 2000 - drowsiness.reopenLongestMs };
    expect(followed([[2000, 0.5]], from).risingFromMs).toBe(from.risingFromMs);
    expect(followed([[2001, 0.5]], from).risingFromMs).toBeNull();
  });

  it('are remembered to the very edge of the window', () => {
    const recent = [40, 50, 51].map((endMs) => ({ endMs, reopenMs: endMs }));
    const now = 50 + blinksPerMinuteWindowMs;
    const shut = { ...noReopening, recent, lastMs: now - 100, lastClosure: 1 };
    expect(followed([[now, 0]], shut).recent.map(({ endMs }) => endMs)).toEqual([50, 51, now]);
    const three = { ...noReopening, recent };
    expect(meanReopenMs(three, 40 + blinksPerMinuteWindowMs, true, judgeConfig)).toBe(47);
    expect(meanReopenMs(three, 41 + blinksPerMinuteWindowMs, true, judgeConfig)).toBeNull();
  });
});
