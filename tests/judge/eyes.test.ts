import { describe, expect, it } from 'vitest';
import { learnEyes, openEarOf, readEyes, untaughtEyes } from '../../agent/judge/eyes.ts';
import type { EyesState } from '../../agent/judge/eyes.ts';
import type { EyeReading } from '../../agent/perceive/observation.ts';
import { attentiveFrame } from '../stories/drive.ts';
import { judgeConfig } from '../stories/play.ts';
import { seededRandom } from '../stories/random.ts';

const config = judgeConfig.eyes;
const eye = (ear: number, changes: Partial<EyeReading> = {}): EyeReading => ({
  ear,
  confidence: 0.9,
  unseen: null,
  ...changes,
});
const face = (left: EyeReading, right: EyeReading = left) =>
  attentiveFrame(0, { leftEye: left, rightEye: right });

/** Learns `seconds` of EAR drawn by `earAt`, ten frames a second. */
function taught(
  seconds: number,
  earAt: (second: number) => number,
  from: EyesState = untaughtEyes,
): EyesState {
  let eyes = from;
  for (let frame = 0; frame < seconds * 10; frame++) {
    eyes = learnEyes(eyes, face(eye(earAt(frame / 10))), 100, config);
  }
  return eyes;
}

describe('closure', () => {
  it('is 0 at the open-eye level, 1 at a closed eye, and never outside', () => {
    const of = (ear: number) => readEyes(untaughtEyes, face(eye(ear)), false, config).closure;
    expect(of(config.defaultOpenEar)).toBe(0);
    expect(of(0.45)).toBe(0);
    expect(of(config.defaultOpenEar * config.closedEarRatio)).toBeCloseTo(1);
    expect(of(0.01)).toBe(1);
    expect(of(0.19)).toBeGreaterThan(0.4);
    expect(of(0.19)).toBeLessThan(0.6);
  });

  it('reads typical closed eyes of typical drivers as closed by P80', () => {
    for (const [open, closed] of [
      [0.29, 0.1],
      [0.35, 0.04],
      [0.32, 0.07],
    ] as const) {
      const eyes = taught(60, () => open);
      expect(readEyes(eyes, face(eye(closed)), false, config).closure).toBeGreaterThan(config.closedAt);
      expect(readEyes(eyes, face(eye(open)), false, config).closure).toBeLessThan(0.1);
    }
  });

  it('is the mean of both eyes by confidence, or of the one that can be read', () => {
    const of = (left: EyeReading, right: EyeReading) =>
      readEyes(untaughtEyes, face(left, right), false, config);
    expect(of(eye(0.3), eye(0.01)).closure).toBeCloseTo(0.5);
    expect(of(eye(0.3, { confidence: 0.3 }), eye(0.01)).closure).toBeCloseTo(0.75);
    expect(of(eye(0.3), eye(0.01, { unseen: 'profile' }))).toEqual({ closure: 0, ear: 0.3, unseen: null });
    expect(of(eye(0.3, { confidence: 0.1 }), eye(0.01)).closure).toBe(1);
  });

  it('is not known when neither eye can be read, and says why', () => {
    const hidden = eye(0.02, { unseen: 'covered' });
    const far = eye(0.02, { unseen: 'profile' });
    expect(readEyes(untaughtEyes, face(far, hidden), false, config)).toEqual({
      closure: null,
      ear: null,
      unseen: 'covered',
    });
    expect(readEyes(untaughtEyes, face(far), false, config).unseen).toBe('profile');
    expect(readEyes(untaughtEyes, face(eye(0.3, { confidence: 0 })), false, config).unseen).toBe(
      'poor-picture',
    );
  });
});

describe('a head turned far from the camera', () => {
  it('has no eyes that can be read', () => {
    const at = (yawDeg: number, before = false) =>
      readEyes(
        untaughtEyes,
        attentiveFrame(0, { pose: { yawDeg, pitchDeg: 0, rollDeg: 0, confidence: 0.9 } }),
        before,
        config,
      );
    expect(at(config.readableYawDeg).closure).toBe(0);
    expect(at(config.readableYawDeg + 1)).toEqual({ closure: null, ear: null, unseen: 'profile' });
    expect(at(-config.readableYawDeg - 1).unseen).toBe('profile');
    // Eyes that were read stay readable a little farther.
    expect(at(config.readableYawDeg + config.readableBackDeg, true).closure).toBe(0);
    expect(at(config.readableYawDeg + config.readableBackDeg + 1, true).unseen).toBe('profile');
  });
});

describe('the open-eye level', () => {
  const levelOf = (eyes: EyesState) => openEarOf(eyes.left, config);

  it('starts at the default and reaches the driver within seconds', () => {
    expect(levelOf(untaughtEyes)).toBe(config.defaultOpenEar);
    expect(levelOf(taught(5, () => 0.19))).toBeLessThan(0.22);
    expect(levelOf(taught(60, () => 0.36))).toBeCloseTo(0.36, 2);
  });

  it('is not pulled down by blinks and closures', () => {
    const blinking = taught(120, (second) => (second % 4 < 0.4 ? 0.16 : 0.32));
    expect(levelOf(blinking)).toBeCloseTo(0.32, 1);
    expect(levelOf(taught(60, (second) => (second > 30 ? 0.05 : 0.32)))).toBeCloseTo(0.32, 1);
  });

  it('is not lifted much by noise', () => {
    const random = seededRandom(5);
    expect(levelOf(taught(120, () => 0.32 + random.normal() * 0.025))).toBeLessThan(0.345);
  });

  it('hardly falls while the lids of a settled driver droop', () => {
    const awake = taught(120, () => 0.32);
    const drooping = taught(120, () => 0.22, awake);
    expect(levelOf(drooping)).toBeGreaterThan(0.3);
    const rising = taught(400, () => 0.36, awake);
    expect(levelOf(rising)).toBeGreaterThan(0.35);
  });

  it('learns nothing from eyes that cannot be read or that cannot be open', () => {
    const hidden = learnEyes(untaughtEyes, face(eye(0.2, { unseen: 'covered' })), 100, config);
    expect(hidden.left).toBe(untaughtEyes.left);
    expect(taught(10, () => 0.1).left).toBe(untaughtEyes.left);
    expect(taught(10, () => 0.7).left).toBe(untaughtEyes.left);
  });

  it('is learned for each eye by itself', () => {
    const eyes = learnEyes(untaughtEyes, face(eye(0.34), eye(0.26)), 5000, config);
    expect(openEarOf(eyes.left, config)).toBeGreaterThan(openEarOf(eyes.right, config));
  });
});

describe('learning the open-eye level', () => {
  const { minOpenEar, maxOpenEar, openMemoryMs, openSettledMs, openPriorMs, defaultOpenEar } = config;
  const learned = (ear: number, elapsedMs: number, level: Partial<EyesState['left']> = {}) =>
    learnEyes(
      { ...untaughtEyes, left: { ...untaughtEyes.left, ...level } },
      face(eye(ear)),
      elapsedMs,
      config,
    ).left;

  it('takes what can be an open eye, limits included', () => {
    expect([learned(minOpenEar, 100).learnedMs, learned(maxOpenEar, 100).learnedMs]).toEqual([100, 100]);
    expect(learned(minOpenEar - 0.001, 100).learnedMs).toBe(0);
    expect(learned(maxOpenEar + 0.001, 100).learnedMs).toBe(0);
  });

  it('begins at the default, which weighs as much as the time before', () => {
    const measured = 0.1 + (24 + config.openQuantile) * 0.005;
    expect(learned(0.2225, openPriorMs).openEar).toBeCloseTo((measured + defaultOpenEar) / 2, 6);
    expect(learned(0.2225, 3 * openPriorMs).openEar).toBeCloseTo((3 * measured + defaultOpenEar) / 4, 6);
  });

  it('counts no more time than its memory holds', () => {
    expect(learned(0.3, 100, { learnedMs: openMemoryMs - 50 }).learnedMs).toBe(openMemoryMs);
    expect(learned(0.3, 100, { learnedMs: openMemoryMs - 200 }).learnedMs).toBe(openMemoryMs - 100);
  });

  it('falls only slowly once it is settled, and at once before', () => {
    const awake = { learnedMs: openSettledMs - 6000, openEar: 0.4 };
    const fallen = 0.4 * (1 - config.openFallPerMinute * 0.1);
    expect(learned(0.2, 6000, awake).openEar).toBeCloseTo(fallen, 9);
    expect(learned(0.2, 5999, awake).openEar).toBeLessThan(0.25);
    expect(learned(0.2, 6000, { ...awake, openEar: null }).openEar).toBeLessThan(0.25);
  });
});

describe('two eyes that are not seen', () => {
  it('are so by a poor picture where one is dim and the other turned away', () => {
    const dim = face(eye(0.3, { confidence: 0 }), eye(0.3, { unseen: 'profile' }));
    expect(readEyes(untaughtEyes, dim, false, config).unseen).toBe('poor-picture');
  });
});
