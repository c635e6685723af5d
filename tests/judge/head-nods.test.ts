import { describe, expect, it } from 'vitest';
import { noNods, nodsWithin, observeNods } from '../../agent/judge/head-nods.ts';
import { seededRandom } from '../stories/random.ts';
import { judgeConfig } from '../stories/play.ts';

interface Head {
  readonly pitchDeg: number | null;
  readonly closure: number | null;
}
const FRAME_MS = 33;
const random = seededRandom(3);

/** Nods counted over `seconds` of a head that does `moves`; a degree of noise. */
function nods(seconds: number, moves: (atS: number) => Head): number {
  let state = noNods;
  for (let atMs = 0; atMs < seconds * 1000; atMs += FRAME_MS) {
    const { pitchDeg, closure } = moves(atMs / 1000);
    const noisy = pitchDeg === null ? null : pitchDeg + random.next() * 2 - 1;
    state = observeNods(state, { pitchDeg: noisy, closure, atMs }, judgeConfig);
  }
  return nodsWithin(state, seconds * 1000, judgeConfig);
}

/** The eyes shut at 5 s, the head falls to `deg` within `fallS`, jerks up at `upS`, the eyes open. */
const nodding =
  (deg: number, fallS = 0.5, upS = 7, closure: number | null = 1) =>
  (atS: number): Head => {
    const down = Math.min(1, Math.max(0, (atS - 5.5) / fallS));
    const falls = atS >= 5.5 && atS < upS;
    return { pitchDeg: falls ? -deg * down : 0, closure: atS >= 5 && atS < upS ? closure : 0 };
  };

describe('a head nod', () => {
  it('is a fast fall with shut eyes and a return', () => {
    expect(nods(20, nodding(15))).toBe(1);
    expect(nods(20, nodding(25, 0.8, 7.5))).toBe(1);
  });

  it('is none with open eyes, or with eyes that nobody can read', () => {
    expect(nods(20, nodding(15, 0.5, 7, 0.1))).toBe(0);
    expect(nods(20, nodding(15, 0.5, 7, null))).toBe(0);
  });

  it('is none when the head sinks slowly, stays down, or hardly moves', () => {
    expect(nods(20, nodding(15, 4, 9))).toBe(0);
    expect(nods(20, nodding(15, 0.5, 9.5))).toBe(0);
    expect(nods(20, nodding(5))).toBe(0);
  });

  it('is none for a blink that goes with a look down', () => {
    const looks = (atS: number): Head => ({
      pitchDeg: atS % 10 > 5 && atS % 10 < 6.5 ? -20 : 0,
      closure: atS % 10 > 5 && atS % 10 < 5.15 ? 1 : 0,
    });
    expect(nods(300, looks)).toBe(0);
  });

  it('is none where the pose is lost on the way', () => {
    const lost = (atS: number): Head => {
      const head = nodding(15)(atS);
      return atS > 6 && atS < 6.2 ? { ...head, pitchDeg: null } : head;
    };
    expect(nods(20, lost)).toBe(0);
  });

  it('is seen again after the driver has sunk in the seat', () => {
    const sunk = (atS: number): Head => {
      if (atS < 10) return { pitchDeg: 0, closure: 0 };
      const head = nodding(15)(atS - 30);
      return { ...head, pitchDeg: (head.pitchDeg ?? 0) - 8 };
    };
    expect(nods(50, sunk)).toBe(1);
  });

  it('is measured from how this driver sits, and counts for the window only', () => {
    const low = (atS: number): Head => {
      const head = nodding(15)(atS);
      return { ...head, pitchDeg: (head.pitchDeg ?? 0) - 12 };
    };
    expect(nods(20, low)).toBe(1);
    const state = { ...noNods, nods: [1000, 2000] };
    expect(nodsWithin(state, 1000 + judgeConfig.drowsiness.nodWindowMs, judgeConfig)).toBe(2);
    expect(nodsWithin(state, 1001 + judgeConfig.drowsiness.nodWindowMs, judgeConfig)).toBe(1);
  });
});

describe('a nod, frame by frame', () => {
  const { drowsiness, time, eyes } = judgeConfig;
  type Frame = readonly [atMs: number, pitchDeg: number | null, closure: number | null];
  const followed = (...frames: readonly Frame[]) =>
    frames.reduce(
      (state, [atMs, pitchDeg, closure]) => observeNods(state, { pitchDeg, closure, atMs }, judgeConfig),
      noNods,
    );
  const { nodDeg, nodShutMs, nodLongestMs, nodFallMs, nodWindowMs } = drowsiness;
  /** The eyes shut for `shutMs` up to 1000, when the head is down by `deg`, open from then on; up at `upMs`. */
  const falls = (deg: number, upMs = 1400, shutMs = nodShutMs) =>
    followed(
      [600, 0, 0],
      [1000 - shutMs, 0, 0],
      [1000, -deg, 1],
      ...Array.from(
        { length: Math.floor((upMs - 1001) / 200) },
        (_, n) => [1200 + n * 200, -deg, 0] as const,
      ),
      [upMs, 0, 0],
    );

  it('counts from its least depth on', () => {
    expect(falls(nodDeg, 1200).nods).toEqual([1200]);
    expect(falls(nodDeg - 0.01, 1200).nods).toEqual([]);
  });

  it('needs eyes that were shut for its least time, counted from before it', () => {
    expect(falls(15, 1200, nodShutMs).nods).toEqual([1200]);
    expect(falls(15, 1200, nodShutMs - 1).nods).toEqual([]);
    const during = (shutMs: number) =>
      followed([800, 0, 0], [900, 0, 0], [1000, -15, 0], [1000 + shutMs, -15, 1], [1050 + shutMs, 0, 0]).nods;
    expect([during(nodShutMs).length, during(nodShutMs - 1).length]).toEqual([1, 0]);
    const barely = (closure: number) =>
      followed([800, 0, 0], [900, 0, 0], [1000, -15, 0], [1300, -15, closure], [1400, 0, 0]);
    expect(barely(eyes.closedAt).nods).toEqual([1400]);
    expect(barely(eyes.closedAt - 0.01).nods).toEqual([]);
  });

  it('is over within its longest time, and longer it was a look down', () => {
    const upAt = (ms: number) => falls(15, 1000 + ms).nods;
    expect(upAt(nodLongestMs)).toEqual([1000 + nodLongestMs]);
    expect(upAt(nodLongestMs + 1)).toEqual([]);
  });

  it('falls within its time', () => {
    const deepAfter = (ms: number) => {
      const steps = Array.from({ length: 4 }, (_, n) => [1000 + (n * ms) / 4, -nodDeg / 2, 1] as const);
      return followed([700, 0, 0], [900, 0, 1], ...steps, [1000 + ms, -nodDeg, 1], [1200 + ms, 0, 0]).nods;
    };
    expect(deepAfter(nodFallMs)).toHaveLength(1);
    expect(deepAfter(nodFallMs + 1)).toHaveLength(0);
  });

  it('is followed without gaps, from rest on', () => {
    const gap = (ms: number) => followed([900, 0, 0], [1000, 0, 1], [1000 + ms, -15, 1]);
    expect(gap(time.holdMs)).toMatchObject({
      shutMs: 100 + time.holdMs,
      fall: { startMs: 1000 + time.holdMs },
    });
    expect(gap(time.holdMs + 1)).toMatchObject({ shutMs: 0, fall: null, followed: false });
    expect(followed([0, 0, 0], [100, -15, 1])).toMatchObject({ fall: null, followed: false });
    expect(followed([0, 0, 0], [100, 0, 1], [200, null, 1])).toMatchObject({ fall: null, followed: false });
    expect(followed([0, 0, 0], [100, 0, 1], [200, 0, null]).shutMs).toBe(0);
  });

  it('begins where part of its depth is passed, and remembers when it was first deep', () => {
    const down = (deg: number) => followed([0, 0, 0], [100, 0, 1], [200, -deg, 1]);
    expect(down(0.4 * nodDeg).fall).toEqual({ startMs: 200, shutMs: 200, deepAtMs: null });
    expect(down(0.4 * nodDeg - 0.01).fall).toBeNull();
    expect(down(nodDeg).fall?.deepAtMs).toBe(200);
    const deeper = observeNods(down(nodDeg), { pitchDeg: -2 * nodDeg, closure: 0, atMs: 300 }, judgeConfig);
    expect(deeper.fall).toEqual({ startMs: 200, shutMs: 200, deepAtMs: 200 });
    const late = observeNods(down(5), { pitchDeg: -nodDeg, closure: 1, atMs: 300 }, judgeConfig);
    expect(late.fall).toEqual({ startMs: 200, shutMs: 300, deepAtMs: 300 });
  });

  it('is measured from a rest that follows the head slowly', () => {
    expect(followed([0, 4, 0]).restDeg).toBe(4);
    expect(followed([0, 4, 0], [300, 1, 0]).restDeg).toBeCloseTo(3.7);
    const stays = followed([0, 0, 0], [100, -15, 0]);
    expect(stays.restDeg).toBeCloseTo(-0.5);
    const slow = { ...judgeConfig, time: { ...time, holdMs: 100_000 } };
    const far = observeNods(followed([0, 4, 0]), { pitchDeg: 1, closure: 0, atMs: 9000 }, slow);
    expect(far.restDeg).toBe(1);
  });

  it('forgets the nods that left the window', () => {
    const before = { ...falls(15, 1200), nods: [1199 - nodWindowMs + 1000, 2200 - nodWindowMs] };
    const fall = { startMs: 2000, shutMs: nodShutMs, deepAtMs: 2000 };
    const up = observeNods(
      { ...before, lastMs: 2100, fall },
      { pitchDeg: 0, closure: 0, atMs: 2200 },
      judgeConfig,
    );
    expect(up.nods).toEqual([2200 - nodWindowMs, 2200]);
  });
});
