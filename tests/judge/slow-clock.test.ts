import { describe, expect, it } from 'vitest';
import { sightOfNoFace } from '../../agent/judge/sight.ts';
import {
  answerSlowClock,
  elapseSlowClock,
  slowClockAtRest,
  slowLevel,
} from '../../agent/judge/slow-clock.ts';
import type { SlowClock, SlowClockInput } from '../../agent/judge/slow-clock.ts';
import { clearPicture } from '../stories/drive.ts';
import { judgeConfig } from '../stories/play.ts';

const { slowLevelMs, uncertainPoseMs } = judgeConfig.face;
const times = judgeConfig.distraction.levelMs;
const noFace = sightOfNoFace({ kind: 'no-face', atMs: 0, quality: clearPicture });
const hidden: SlowClockInput = { sight: noFace, calibrated: true, times };
const onRoad = { ...hidden, sight: { ...noFace, face: true, away: false, head: { yawDeg: 0, pitchDeg: 0 } } };
const uncertain = { ...hidden, sight: { ...noFace, face: true } };

function run(...stretches: readonly (readonly [SlowClockInput, number])[]): SlowClock {
  let state = slowClockAtRest;
  let atMs = 0;
  for (const [input, forMs] of stretches) {
    for (const endMs = atMs + forMs; atMs < endMs; atMs += 50)
      state = elapseSlowClock(state, input, atMs + 50, judgeConfig);
  }
  return state;
}
const levelOf = (state: SlowClock) => slowLevel(state, judgeConfig);

describe('the slow clock', () => {
  it.each([
    ['no face', hidden],
    ['no frame', { ...hidden, sight: null }],
  ])('climbs with %s', (_, input) => {
    expect(slowLevelMs.map((ms) => levelOf(run([input, ms + 50])))).toEqual([1, 2, 3]);
    expect(slowLevelMs.map((ms) => levelOf(run([input, ms])))).toEqual([0, 1, 2]);
  });

  it('waits for an uncertain pose to last, through gaps between frames, and not before calibration', () => {
    expect(run([uncertain, uncertainPoseMs]).unseenMs).toBe(0);
    expect(run([uncertain, uncertainPoseMs], [hidden, 100], [uncertain, 5000]).unseenMs).toBeGreaterThan(
      5000,
    );
    expect(run([uncertain, uncertainPoseMs], [onRoad, 100], [uncertain, 5000]).unseenMs).toBe(0);
    expect(run([{ ...uncertain, calibrated: false }, 60_000]).unseenMs).toBe(0);
  });

  it('wears off on the road, and stands while the driver is seen looking away', () => {
    const away = { ...onRoad, sight: { ...onRoad.sight, away: true } };
    expect(run([hidden, 20_050], [away, 5000]).unseenMs).toBe(20_000);
    expect(run([hidden, 20_050], [onRoad, 10_000])).toMatchObject({
      unseenMs: 0,
      startMs: null,
      peakLevel: 0,
    });
  });

  it('is answered by hand, except at level 3', () => {
    const second = run([hidden, slowLevelMs[1] + 50]);
    expect([second, answerSlowClock(second)].map(levelOf)).toEqual([2, 0]);
    expect(levelOf(answerSlowClock(run([hidden, slowLevelMs[2] + 50])))).toBe(3);
    expect(levelOf(run([hidden, slowLevelMs[2] + 50], [onRoad, 60_000]))).toBe(3);
  });

  it('stops just before its first level where nothing is raised', () => {
    const standing = run([{ ...hidden, times: null }, 60_000]);
    expect(levelOf(standing)).toBe(0);
    expect(standing.unseenMs).toBe(slowLevelMs[0] - 1);
  });
});

describe('the record of the slow clock', () => {
  const first = elapseSlowClock(slowClockAtRest, hidden, 1000, judgeConfig);

  it('says when the driver went out of sight', () => {
    const later = elapseSlowClock(first, hidden, 1200, judgeConfig);
    expect(first).toEqual({ ...slowClockAtRest, countedMs: 1000 });
    expect(later).toEqual({ ...slowClockAtRest, unseenMs: 200, startMs: 1000, countedMs: 1200 });
    expect(elapseSlowClock(later, hidden, 1500, judgeConfig).startMs).toBe(1000);
  });

  it('starts anew with an answer, from the moment it is at', () => {
    const later = elapseSlowClock(first, hidden, 1200, judgeConfig);
    expect(answerSlowClock(later)).toEqual({ ...slowClockAtRest, countedMs: 1200 });
  });

  it('counts an uncertain pose only beyond its time', () => {
    const unsure: SlowClock = { ...slowClockAtRest, uncertainMs: uncertainPoseMs - 100, countedMs: 0 };
    expect(elapseSlowClock(unsure, uncertain, 100, judgeConfig).unseenMs).toBe(0);
    expect(elapseSlowClock(unsure, uncertain, 101, judgeConfig).unseenMs).toBe(101);
  });
});
