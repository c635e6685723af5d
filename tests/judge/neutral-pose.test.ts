import { describe, expect, it } from 'vitest';
import {
  calibrationOf,
  confidentGaze,
  learnNeutral,
  unlearnedNeutral,
} from '../../agent/judge/neutral-pose.ts';
import type { NeutralState } from '../../agent/judge/neutral-pose.ts';
import { isAnotherDriver, isComparable, unknownDriver } from '../../agent/judge/driver-change.ts';
import { untaughtEyes } from '../../agent/judge/eyes.ts';
import type { FaceSeen } from '../../agent/perceive/observation.ts';
import { attentiveFrame } from '../stories/drive.ts';
import { judgeConfig } from '../stories/play.ts';
import { seededRandom } from '../stories/random.ts';

const config = judgeConfig.calibration;
const facing = (yawDeg: number, pitchDeg = 0, gaze: FaceSeen['gaze'] = null) =>
  attentiveFrame(0, { pose: { yawDeg, pitchDeg, rollDeg: 3, confidence: 0.9 }, gaze });

/** Learns `seconds` of faces, ten a second. */
function learned(
  seconds: number,
  faceAt: (second: number) => FaceSeen,
  from: NeutralState = unlearnedNeutral,
  away: (second: number) => boolean = () => false,
): NeutralState {
  let neutral = from;
  for (let frame = 0; frame < Math.round(seconds * 10); frame++) {
    neutral = learnNeutral(neutral, faceAt(frame / 10), 100, away(frame / 10), judgeConfig);
  }
  return neutral;
}

describe('calibration', () => {
  it('is none, then provisional after 3 s of face, then done after 60 s', () => {
    expect(
      calibrationOf(
        learned(2.9, () => facing(5)),
        config,
      ),
    ).toBe('none');
    expect(
      calibrationOf(
        learned(3, () => facing(5)),
        config,
      ),
    ).toBe('calibrating');
    expect(
      calibrationOf(
        learned(59.9, () => facing(5)),
        config,
      ),
    ).toBe('calibrating');
    expect(
      calibrationOf(
        learned(60, () => facing(5)),
        config,
      ),
    ).toBe('done');
  });
});

describe('the neutral pose', () => {
  it('is the median: noise and looks around do not move it', () => {
    const random = seededRandom(8);
    const noisy = learned(60, (second) => facing(second % 10 < 2 ? 60 : -31 + 4 * random.normal(), 9));
    expect(noisy.pose!.yawDeg).toBeGreaterThan(-33);
    expect(noisy.pose!.yawDeg).toBeLessThan(-28);
    expectWithinABin(noisy.pose!.pitchDeg, 9);
    expectWithinABin(noisy.pose!.rollDeg, 3);
  });

  it('is clamped to the farthest place of a camera', () => {
    const far = learned(10, () => facing(75, -60));
    expect(far.pose).toMatchObject({ yawDeg: config.maxOffsetDeg, pitchDeg: -config.maxOffsetDeg });
  });

  it('follows a camera that was moved, in minutes', () => {
    const before = learned(360, () => facing(0));
    const moved = (seconds: number) => learned(seconds, () => facing(12), before).pose!.yawDeg;
    expect(moved(60)).toBeLessThan(2);
    expect(moved(300)).toBeGreaterThan(10);
  });

  it('learns little from a driver who looks away', () => {
    const before = learned(120, () => facing(0));
    const phone = learned(
      100,
      () => facing(30, -30),
      before,
      () => true,
    );
    expect(Math.abs(phone.pose!.yawDeg)).toBeLessThan(2);
  });

  it('is found in the end though the first seconds were looks elsewhere', () => {
    const first = learned(4, () => facing(-45, -30));
    const then = learned(
      8,
      () => facing(0),
      first,
      () => true,
    );
    expectWithinABin(then.pose!.yawDeg, 0);
  });

  it('holds the usual direction of the eyes too, where it is certain', () => {
    const certain = learned(10, () => facing(0, 0, { yawDeg: 4, pitchDeg: -7, confidence: 0.8 }));
    expectWithinABin(certain.pose!.gazeYawDeg, 4);
    expectWithinABin(certain.pose!.gazePitchDeg, -7);
    const uncertain = learned(10, () => facing(0, 0, { yawDeg: 40, pitchDeg: 40, confidence: 0.1 }));
    expect(uncertain.pose).toMatchObject({ gazeYawDeg: 0, gazePitchDeg: 0 });
    expect(confidentGaze(facing(0, 0, { yawDeg: 4, pitchDeg: 0, confidence: 0.49 }), judgeConfig)).toBeNull();
    expect(confidentGaze(facing(0), judgeConfig)).toBeNull();
  });

  it('never counts more face time than its memory holds', () => {
    expect(learned(400, () => facing(0)).faceMs).toBe(config.memoryMs);
  });
});

describe('another driver', () => {
  const driver = (yawDeg: number, pitchDeg: number, openEar: number | null) => ({
    neutral: learned(5, () => facing(yawDeg, pitchDeg)),
    eyes: {
      left: { ...untaughtEyes.left, openEar },
      right: { ...untaughtEyes.right, openEar },
    },
  });
  const before = driver(0, 0, 0.32);

  it('is told by resting pose or open-eye level', () => {
    expect(isAnotherDriver(before, driver(2, -2, 0.33), judgeConfig)).toBe(false);
    expect(isAnotherDriver(before, driver(12, 0, 0.32), judgeConfig)).toBe(true);
    expect(isAnotherDriver(before, driver(0, -12, 0.32), judgeConfig)).toBe(true);
    expect(isAnotherDriver(before, driver(0, 0, 0.22), judgeConfig)).toBe(true);
  });

  it('is whoever comes when nobody was known', () => {
    expect(isAnotherDriver(unknownDriver, before, judgeConfig)).toBe(true);
    expect(isComparable(unknownDriver)).toBe(false);
    expect(isComparable(before)).toBe(true);
  });
});

/** The median is known to a bin of one degree. */
function expectWithinABin(foundDeg: number, trueDeg: number): void {
  expect(Math.abs(foundDeg - trueDeg)).toBeLessThanOrEqual(1);
}

describe('the bounds between two drivers', () => {
  const at = (yawDeg: number, pitchDeg: number, openEar: number) => ({
    neutral: {
      ...unlearnedNeutral,
      pose: { yawDeg, pitchDeg, rollDeg: 0, gazeYawDeg: 0, gazePitchDeg: 0 },
    },
    eyes: { left: { ...untaughtEyes.left, openEar }, right: { ...untaughtEyes.right, openEar } },
  });
  const before = at(20, -10, 0.25);
  const other = (yawDeg: number, pitchDeg: number, openEar = 0.25) =>
    isAnotherDriver(before, at(yawDeg, pitchDeg, openEar), judgeConfig);

  it('lie around the pose and the open-eye level of the one before', () => {
    const { otherPoseDeg, otherEarShare } = config;
    expect([other(20, -10), other(20 + otherPoseDeg, -10), other(20, -10 - otherPoseDeg)]).toEqual([
      false,
      false,
      false,
    ]);
    expect([other(20.1 + otherPoseDeg, -10), other(20, -10.1 - otherPoseDeg)]).toEqual([true, true]);
    expect(other(20, -10, 0.25 * (1 + otherEarShare - 0.01))).toBe(false);
    expect(other(20, -10, 0.25 * (1 + otherEarShare + 0.01))).toBe(true);
    expect(isAnotherDriver(before, unknownDriver, judgeConfig)).toBe(true);
  });
});

describe('a certain gaze', () => {
  it('is one from the least confidence on', () => {
    const gaze = { yawDeg: 4, pitchDeg: 0, confidence: judgeConfig.distraction.minGazeConfidence };
    expect(confidentGaze(facing(0, 0, gaze), judgeConfig)).toEqual(gaze);
  });
});
