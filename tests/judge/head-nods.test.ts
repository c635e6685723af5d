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
