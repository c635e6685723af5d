/** The running measures, read from a state as it stands. */
import { describe, expect, it } from 'vitest';
import { continueState, initialState, measures } from '../../agent/judge/index.ts';
import type { DriverState } from '../../agent/judge/index.ts';
import { freshBehaviours } from '../../agent/judge/state.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import { judgeConfig } from '../stories/play.ts';
import { noKssParts } from './policy-states.ts';

const { time, calibration } = judgeConfig;
const AT_MS = 50_000;
const sight: Sight = {
  ...{ atMs: AT_MS, picture: 'usable', face: true, closure: 0.4, ear: 0.21, eyesUnseen: null },
  ...{ mar: 0.13, yawn: null, yawDeg: 7, pitchDeg: -8, rollDeg: 9, gaze: null, away: false },
  head: { yawDeg: 2, pitchDeg: -3 },
};
const frames = { lastMs: AT_MS, meanPeriodMs: 50, periods: 60, carriesBlinks: true };
const state: DriverState = { ...initialState('run'), atMs: AT_MS, sight, frames };
const measured = (changes: Partial<DriverState>) => measures({ ...state, ...changes }, judgeConfig);

describe('measures', () => {
  const ofTheFrame = {
    ...{ faceSeen: true, eyesSeen: true, closure: 0.4, ear: 0.21, mar: 0.13 },
    ...{ yawDeg: 7, pitchDeg: -8, rollDeg: 9, yawFromNeutralDeg: 2, pitchFromNeutralDeg: -3 },
  };
  const ofNothing = {
    ...{ faceSeen: false, eyesSeen: false, closure: null, ear: null, mar: null },
    ...{ yawDeg: null, pitchDeg: null, rollDeg: null, yawFromNeutralDeg: null, pitchFromNeutralDeg: null },
  };

  it('are those of the newest frame as long as it holds', () => {
    expect(measured({ atMs: AT_MS + time.holdMs })).toMatchObject(ofTheFrame);
    expect(measured({ atMs: AT_MS + time.holdMs + 1 })).toMatchObject(ofNothing);
    expect(measured({ sight: null })).toMatchObject(ofNothing);
    expect(measured({ sight: { ...sight, closure: null } })).toMatchObject({
      faceSeen: true,
      eyesSeen: false,
    });
    expect(measured({ sight: { ...sight, head: null } })).toMatchObject({
      ...{ yawDeg: 7, yawFromNeutralDeg: null, pitchFromNeutralDeg: null },
    });
  });

  it('tell the frame rate until the camera is silent', () => {
    expect(measured({ atMs: AT_MS + time.silentAfterMs }).fps).toBe(20);
    expect(measured({ atMs: AT_MS + time.silentAfterMs + 1 }).fps).toBeNull();
    expect(measured({ frames: { ...frames, lastMs: null } }).fps).toBeNull();
  });

  it('say what a low frame rate switches off', () => {
    expect(measured({}).switchedOff).toEqual([]);
    const slow = { ...frames, meanPeriodMs: 125, carriesBlinks: false };
    expect(measured({ frames: slow }).switchedOff).toEqual([
      'blink statistics: 8.0 frames per second, 14 needed',
    ]);
    expect(measured({ frames: { ...slow, periods: 0 } }).switchedOff).toEqual([
      'blink statistics: unknown frames per second, 14 needed',
    ]);
  });

  it('tell the calibration as a share of its time, at most the whole', () => {
    const after = (faceMs: number) => measured({ neutral: { ...state.neutral, faceMs } }).calibrationProgress;
    expect(after(calibration.doneMs / 4)).toBe(0.25);
    expect(after(calibration.doneMs * 3)).toBe(1);
  });

  it('tell the statistics of the windows, and nothing where nothing was seen', () => {
    const perclos = {
      past: [],
      current: { startMs: AT_MS - 500, seenMs: 0, closedMs: 0 },
      pastShort: { seenMs: 30_000, closedMs: 3000 },
      pastLong: { seenMs: 90_000, closedMs: 4500 },
    };
    const parts = { ...noKssParts, perclos: 5 };
    const drowsiness = {
      ...state.drowsiness,
      estimate: { kss: 7.5, confidence: 0.9, parts, evidence: {} },
    };
    expect(
      measured({ perclos, drowsiness, stress: { ...state.stress, strain: 0.3 }, level: 2 }),
    ).toMatchObject({
      ...{ perclos60: 0.1, perclos180: 0.05, perclos60Fill: 0.5, perclos180Fill: 0.5 },
      ...{ kssEstimate: 7.5, kssConfidence: 0.9, blinksPerMinute: 0, strain: 0.3, level: 2 },
    });
    expect(measured({})).toMatchObject({
      ...{ perclos60: null, perclos60Fill: 0, kssEstimate: null, kssConfidence: null },
      ...{ blinksPerMinute: null, strain: null, tripActive: false, level: 0, atMs: AT_MS },
    });
    expect(measured({ atMs: null }).atMs).toBe(0);
  });
});

describe('a state', () => {
  it('that begins has seen nothing, told nothing and knows no trip', () => {
    expect(initialState('run')).toMatchObject({
      ...{ atMs: null, voice: null, newcomer: null, learnedAtMs: null, sight: null, parkedMs: 0, level: 0 },
      ...{ alerts: { count: 0, open: {} }, trip: { active: false, startMs: null, cause: null } },
      ...freshBehaviours,
    });
    expect(initialState('run').frames).toEqual({
      ...{ lastMs: null, meanPeriodMs: null, periods: 0, carriesBlinks: true },
    });
  });

  it('that is continued keeps all but its key and its alerts', () => {
    const saved = { ...state, level: 2, alerts: { count: 9, open: {} } } as const;
    expect(continueState(saved, 'next')).toEqual({
      ...saved,
      runKey: 'next',
      alerts: { count: 0, open: {} },
    });
  });
});
