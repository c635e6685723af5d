import { describe, expect, it } from 'vitest';
import { attentive, elapseAttention, levelLeft, wornOff } from '../../agent/judge/attention.ts';
import type { AttentionInput, AttentionState } from '../../agent/judge/attention.ts';
import { noLook } from '../../agent/judge/distraction.ts';
import { sightOfNoFace } from '../../agent/judge/sight.ts';
import { beginSpan } from '../../agent/judge/span.ts';
import { clearPicture } from '../stories/drive.ts';
import { judgeConfig } from '../stories/play.ts';

const times = judgeConfig.distraction.levelMs;
const unseen = sightOfNoFace({ kind: 'no-face', atMs: 0, quality: clearPicture });
const onRoad: AttentionInput = {
  look: noLook,
  asleepMs: 0,
  sight: { ...unseen, face: true, away: false, closure: 0 },
  times,
};
const after = (lapseMs: number, forMs: number, input = onRoad): AttentionState => {
  let state: AttentionState = { ...attentive, lapseMs, countedMs: 0 };
  for (let atMs = 50; atMs <= forMs; atMs += 50) state = elapseAttention(state, input, atMs, judgeConfig);
  return state;
};

describe('inattention', () => {
  it('wears off in attention, the faster the more there is of it', () => {
    const worn = (lapseMs: number) => lapseMs - after(lapseMs, 500).lapseMs;
    expect(worn(9000)).toBeGreaterThan(worn(5000));
    expect(worn(5000)).toBeGreaterThan(worn(1500));
    expect(worn(1500)).toBeGreaterThan(500);
  });

  it('of level 2 is worn off after about two and a half seconds', () => {
    expect(after(times[1], 2300).lapseMs).toBeGreaterThan(0);
    expect(after(times[1], 2800).lapseMs).toBe(0);
  });

  it('of looks made while standing is over with one look at the road; that of sleep wears off', () => {
    const standing = { ...onRoad, times: null };
    expect(after(times[0] - 1, 50, standing).lapseMs).toBe(0);
    expect(after(times[1], 50, standing).lapseMs).toBeGreaterThan(0);
    expect(after(times[0] - 1, 50).lapseMs).toBeGreaterThan(0);
    const unseenRoad = { ...standing, sight: null };
    expect(after(times[0] - 1, 5000, unseenRoad).lapseMs).toBe(times[0] - 1);
  });

  it('wears off the same in small steps as in large ones', () => {
    const inOne = elapseAttention({ ...attentive, lapseMs: 6000, countedMs: 0 }, onRoad, 1000, judgeConfig);
    expect(after(6000, 1000).lapseMs).toBeCloseTo(inOne.lapseMs, 6);
  });

  it.each([
    ['no frame', null],
    ['no face', unseen],
    ['a direction that is not known', { ...onRoad.sight!, away: null }],
    ['eyes off the road', { ...onRoad.sight!, away: true }],
    ['closed eyes', { ...onRoad.sight!, closure: 1 }],
  ])('stays with %s', (_, sight) => {
    expect(after(4000, 5000, { ...onRoad, sight }).lapseMs).toBe(4000);
  });

  it('of closed eyes is not carried into the next look', () => {
    const slept = after(0, 50, { ...onRoad, asleepMs: times[1] });
    expect(slept).toMatchObject({ lapseMs: times[1], lookedMs: 0 });
  });

  it('of level 3 keeps that level, though it wears off', () => {
    const reached = after(0, 50, { ...onRoad, asleepMs: times[2] });
    expect(levelLeft(reached, times)).toBe(3);
    let state = reached;
    for (let atMs = 100; atMs < 60_000; atMs += 50) state = elapseAttention(state, onRoad, atMs, judgeConfig);
    expect(state.lapseMs).toBe(0);
    expect(levelLeft(state, times)).toBe(3);
  });

  it('while standing stays just below level 1', () => {
    const standing = after(6000, 50, { ...onRoad, sight: null, times: null });
    expect(levelLeft(standing, times)).toBe(0);
    expect(standing.lapseMs).toBe(times[0] - 1);
  });
});

describe('attention', () => {
  const { closedAt } = judgeConfig.eyes;
  const withClosure = (closure: number | null) => ({ ...onRoad, sight: { ...onRoad.sight!, closure } });

  it('is a look at the road with eyes that are not closed, as far as they are seen', () => {
    expect(after(4000, 50, withClosure(null)).lapseMs).toBeLessThan(4000);
    expect(after(4000, 50, withClosure(closedAt - 0.01)).lapseMs).toBeLessThan(4000);
    expect(after(4000, 50, withClosure(closedAt)).lapseMs).toBe(4000);
    expect(after(4000, 50, { ...onRoad, asleepMs: 1 }).lapseMs).toBe(4000);
  });

  it('forgives a driver who stands only below level 1, and once no look goes on', () => {
    const standing = { ...onRoad, times: null };
    expect(after(times[0], 50, standing).lapseMs).toBeGreaterThan(times[0] - 500);
    const span = { ...beginSpan(0), seenMs: 40, untilMs: 20, absentFromMs: 20 };
    expect(after(2000, 50, { ...standing, look: { ...noLook, span } }).lapseMs).toBeGreaterThan(1000);
  });

  it('leaves the sleep of a driver who stands what it is', () => {
    expect(after(0, 50, { ...onRoad, times: null, asleepMs: times[1] }).lapseMs).toBe(times[1]);
  });

  it('does not shorten the looks before by the present one', () => {
    const look = { ...noLook, span: { ...beginSpan(0), seenMs: 1000 } };
    const input = { ...onRoad, look, sight: { ...onRoad.sight!, away: true } };
    const before: AttentionState = { ...attentive, lapseMs: 4000, lookedMs: 4000, countedMs: 950 };
    expect(elapseAttention(before, input, 1000, judgeConfig)).toMatchObject({
      lapseMs: 4000,
      lookedMs: 4000,
    });
    const less = { ...before, lapseMs: 500, lookedMs: 500 };
    expect(elapseAttention(less, input, 1000, judgeConfig)).toMatchObject({ lapseMs: 1000, lookedMs: 1000 });
  });
});

describe('wearing off', () => {
  const even = {
    ...judgeConfig,
    distraction: { ...judgeConfig.distraction, recoveryAtLeast: 2, recoveryAtMost: 2 },
  };

  it('is even where the slowest and the fastest are the same, and ends at nothing', () => {
    expect(wornOff(5000, 1500, times[2], even)).toBe(2000);
    expect(wornOff(5000, 3000, times[2], even)).toBe(0);
  });

  it('takes attention, and something to wear off', () => {
    expect(wornOff(5000, 0, times[2], judgeConfig)).toBe(5000);
    expect(wornOff(0, 1000, times[2], judgeConfig)).toBe(0);
  });
});
