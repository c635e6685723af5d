import { describe, expect, it } from 'vitest';
import { untaughtEyes } from '../../agent/judge/eyes.ts';
import { learn } from '../../agent/judge/learning.ts';
import { unlearnedNeutral } from '../../agent/judge/neutral-pose.ts';
import { sightOfFace } from '../../agent/judge/sight.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import { initialState } from '../../agent/judge/state.ts';
import type { DriverState } from '../../agent/judge/state.ts';
import { unknownContext } from '../../agent/judge/surroundings.ts';
import { unknownDriver } from '../../agent/judge/driver-change.ts';
import type { FaceSeen } from '../../agent/perceive/observation.ts';
import { attentiveFrame } from '../stories/drive.ts';
import { judgeConfig } from '../stories/play.ts';

const { calibration, time, face, mouth } = judgeConfig;
const driving: DriverState = {
  ...initialState('run'),
  trip: { active: true, startMs: 0, cause: 'replay' },
  learnedAtMs: 0,
};

/** Learns from one frame at `atMs`. */
function learned(
  state: DriverState,
  atMs: number,
  changes: Partial<FaceSeen> = {},
  seen: Partial<Sight> = {},
): DriverState {
  const frame = attentiveFrame(atMs, changes);
  const sight = sightOfFace(frame, state.eyes, state.neutral, null, judgeConfig);
  return learn(state, frame, { ...sight, ...seen }, judgeConfig);
}
const learnedMs = ({ eyes, neutral }: Pick<DriverState, 'eyes' | 'neutral'>) => [
  eyes.left.learnedMs,
  neutral.faceMs,
];
const facing = (yawDeg: number): Partial<FaceSeen> => ({
  pose: { yawDeg, pitchDeg: 0, rollDeg: 0, confidence: 0.9 },
});

describe('learning of a driver', () => {
  it('takes a frame every so often, which stands for the time since, so long as it holds', () => {
    expect(learned(driving, calibration.sampleMs - 1)).toBe(driving);
    const sampled = learned(driving, calibration.sampleMs);
    expect(learnedMs(sampled)).toEqual([calibration.sampleMs, calibration.sampleMs]);
    expect(sampled).toMatchObject({ learnedAtMs: calibration.sampleMs, newcomer: null });
    expect(learnedMs(learned(driving, 5000))).toEqual([time.holdMs, time.holdMs]);
  });

  it('begins with the first frame, of whoever is there', () => {
    const first = learned({ ...driving, learnedAtMs: null }, 50);
    expect(first).toMatchObject({ learnedAtMs: 50, newcomer: null });
    expect(learnedMs(first)).toEqual([time.holdMs, time.holdMs]);
  });

  it('needs a picture that shows the face', () => {
    expect(learned(driving, 5000, {}, { face: false })).toBe(driving);
  });
});

describe('the open-eye level', () => {
  const eyesOf = (seen: Partial<Sight>, state = driving) => learned(state, 200, {}, seen).eyes;

  it('is learned of eyes that are seen and not turned away', () => {
    expect(eyesOf({ closure: null })).toBe(untaughtEyes);
    expect(eyesOf({ away: true })).toBe(untaughtEyes);
    expect(eyesOf({ away: null }).left.learnedMs).toBe(200);
    expect(eyesOf({ away: false }).right.learnedMs).toBe(200);
  });

  it('is not learned in a yawn', () => {
    const yawned = (wideMs: number) => ({ ...driving, mouth: { ...driving.mouth, wideMs } });
    expect(eyesOf({}, yawned(200 - mouth.yawnAfterMs))).toBe(untaughtEyes);
    expect(eyesOf({}, yawned(199 - mouth.yawnAfterMs)).left.learnedMs).toBe(200);
  });

  it('is learned outside a trip too', () => {
    const parked = learned({ ...driving, trip: { ...driving.trip, active: false } }, 200);
    expect(learnedMs(parked)).toEqual([200, 0]);
  });
});

describe('the neutral pose of driving', () => {
  const atSpeed = (speedKmh: number): DriverState => ({
    ...driving,
    context: { ...unknownContext, speedKmh, speedAtMs: 0 },
  });

  it('is learned from a certain pose', () => {
    const certain = (confidence: number) =>
      learned(driving, 200, { pose: { yawDeg: 0, pitchDeg: 0, rollDeg: 0, confidence } }).neutral.faceMs;
    expect(certain(face.minPoseConfidence)).toBe(200);
    expect(certain(face.minPoseConfidence - 0.01)).toBe(0);
  });

  it('is learned at speed, or where none is known', () => {
    expect(learned(atSpeed(calibration.minSpeedKmh), 200).neutral.faceMs).toBe(200);
    expect(learned(atSpeed(calibration.minSpeedKmh - 1), 200).neutral).toBe(unlearnedNeutral);
    expect(learned(driving, 200).neutral.faceMs).toBe(200);
  });

  it('takes little of a look off the road, once it is known', () => {
    const pose = { yawDeg: 0, pitchDeg: 0, rollDeg: 0, gazeYawDeg: 0, gazePitchDeg: 0 };
    const known = { ...driving, neutral: { ...unlearnedNeutral, faceMs: calibration.doneMs, pose } };
    const total = (away: boolean | null) => learned(known, 200, {}, { away }).neutral.yaw.total;
    expect(total(true)).toBeCloseTo(200 * calibration.awayWeight);
    expect([total(false), total(null)]).toEqual([200, 200]);
  });
});

describe('a driver who comes back', () => {
  /** The driver before, known for four seconds. */
  let before = driving;
  for (let atMs = 200; atMs <= 4000; atMs += 200) before = learned(before, atMs, facing(0));
  /** After `awayMs` somebody for `forMs`. */
  const back = (awayMs: number, forMs: number, yawDeg: number) => {
    let state = before;
    for (let atMs = 4000 + awayMs; atMs <= 4000 + awayMs + forMs; atMs += 200)
      state = learned(state, atMs, facing(yawDeg));
    return state;
  };

  it('soon is the same', () => {
    expect(back(calibration.absentMs - 1, 0, 30)).toMatchObject({
      newcomer: null,
      neutral: { faceMs: 4300 },
    });
  });

  it('after an absence is learned beside the driver before', () => {
    const state = back(calibration.absentMs, 0, 30);
    expect(state.newcomer).not.toBeNull();
    expect(learnedMs(state.newcomer!)).toEqual([time.holdMs, time.holdMs]);
    expect([state.eyes, state.neutral]).toEqual([before.eyes, before.neutral]);
    const again = learned({ ...state, newcomer: unknownDriver }, state.learnedAtMs! + 200, facing(30));
    expect(learnedMs(again.newcomer!)).toEqual([200, 200]);
  });

  it('and is the same, keeps what was known', () => {
    const state = back(calibration.absentMs, calibration.provisionalMs, 0);
    expect(state.newcomer).toBeNull();
    expect(state.neutral).toMatchObject({ pose: before.neutral.pose });
    expect(state.neutral.faceMs).toBeGreaterThanOrEqual(before.neutral.faceMs);
  });

  it('and is another, replaces what was known', () => {
    const state = back(calibration.absentMs, calibration.provisionalMs, 30);
    expect(state.newcomer).toBeNull();
    expect(state.neutral.pose!.yawDeg).toBeGreaterThan(25);
    expect(state.neutral.faceMs).toBeLessThan(before.neutral.faceMs);
    expect(state.eyes.left.learnedMs).toBeLessThan(before.eyes.left.learnedMs);
  });
});
