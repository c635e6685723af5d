import { describe, expect, it } from 'vitest';
import { continueState, initialState, measures, step, STATE_VERSION } from '../../agent/judge/index.ts';
import type { DriverState } from '../../agent/judge/index.ts';
import { attentionLevel } from '../../agent/judge/alert-policy.ts';
import type { Observation } from '../../agent/perceive/observation.ts';
import { attentiveFrame, drive } from '../stories/drive.ts';
import type { Act } from '../stories/drive.ts';
import { alertsOf, judgeConfig, play } from '../stories/play.ts';

const started: Observation = { kind: 'trip', atMs: 0, phase: 'start', cause: 'replay' };
const after = (...seen: Observation[]): DriverState =>
  seen.reduce((state, observation) => step(state, observation, judgeConfig).state, initialState('run'));
const measured = (...seen: Observation[]) => measures(after(...seen), judgeConfig);

describe('step', () => {
  it('begins with nothing known, as plain JSON', () => {
    const state = initialState('run');
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    expect(state).toMatchObject({ version: STATE_VERSION, runKey: 'run', atMs: null, level: 0 });
  });

  it('moves its clock forward only', () => {
    const state = after(started, { kind: 'tick', atMs: 500 }, attentiveFrame(440));
    expect(state.atMs).toBe(500);
    expect(state.sight!.atMs).toBe(440);
  });

  it('starts a trip once and ends it once', () => {
    const state = after(started, { ...started, atMs: 9000 });
    expect(state.trip).toEqual({ active: true, startMs: 0, cause: 'replay' });
    const ended = after(started, { ...started, atMs: 9000, phase: 'end' });
    expect(ended.trip.active).toBe(false);
    expect(step(ended, { ...started, atMs: 9500, phase: 'end' }, judgeConfig).outcomes).toEqual([]);
  });

  it('says that a trip began before it says anything of it, and that it ended last', () => {
    const first = step(initialState('run'), started, judgeConfig);
    expect(first.outcomes).toEqual([{ type: 'trip', phase: 'start', cause: 'replay', atMs: 0 }]);
    const asleep = play(drive({ seconds: 30, acts: [{ fromS: 28, toS: 30, does: 'close-eyes' }] }));
    expect(asleep.trips.map((t) => [t.phase, t.atMs])).toEqual([
      ['start', 0],
      ['end', 30_000],
    ]);
    const seen = drive({ seconds: 30, trip: 'unended', acts: [{ fromS: 28, toS: 30, does: 'close-eyes' }] });
    const end = step(play(seen).state, { ...started, atMs: 30_000, phase: 'end' }, judgeConfig);
    expect(end.outcomes.map((o) => o.type)).toEqual(['event', 'alert', 'trip']);
  });

  it('begins each trip without the behaviours of the last, but knows the driver', () => {
    const first = play(drive({ seconds: 120 })).state;
    const second = step(first, { ...started, atMs: 200_000 }, judgeConfig).state;
    expect(second.perclos.past).toEqual([]);
    expect(second.blinks.recent).toEqual([]);
    expect(second.neutral.faceMs).toBeGreaterThan(100_000);
    expect(second.eyes.left.openEar).toBeCloseTo(0.32, 1);
  });

  it('does not fall silent when the driver acknowledges what lasts', () => {
    const seen = drive({ seconds: 90, acts: [{ fromS: 80, toS: 90, does: 'look', yawDeg: 28 }] });
    const before = play(seen.filter((o) => o.atMs < 84_000));
    const acknowledged = step(before.state, { kind: 'ack', atMs: 84_000, origin: 'button' }, judgeConfig);
    expect(acknowledged.outcomes).toEqual([]);
    expect(Object.keys(acknowledged.state.alerts.open)).toEqual(['distraction']);
  });

  it('continues a saved state with its levels under a new key', () => {
    const seen = drive({ seconds: 90, acts: [{ fromS: 80, toS: 90, does: 'look', yawDeg: 28 }] });
    const before = play(seen.filter((o) => o.atMs < 86_000));
    const again = continueState(before.state, 'again');
    expect(again).toMatchObject({ runKey: 'again', alerts: { count: 0, open: {} }, level: 2 });
  });
});

describe('the attention level', () => {
  const levelsOf = (acts: readonly Act[]) =>
    alertsOf(play(drive({ seconds: 110, acts })))
      // Twelve seconds asleep are these as well.
      .filter((a) => a.kind !== 'drowsiness' && a.kind !== 'unresponsive')
      .map((a) => [a.kind, a.phase, a.level]);

  it('climbs with closed eyes on the same ladder as with looks', () => {
    expect(levelsOf([{ fromS: 80, toS: 92, does: 'close-eyes' }])).toEqual([
      ['microsleep', 'raised', 1],
      ['sleep', 'updated', 2],
      ['sleep', 'updated', 3],
      ['sleep', 'cleared', 3],
    ]);
  });

  it('is the higher of two, and stays while the other lasts', () => {
    const both = levelsOf([
      { fromS: 80, toS: 90, does: 'look', yawDeg: 28 },
      { fromS: 86, toS: 87.5, does: 'close-eyes' },
    ]);
    expect(both).toEqual([
      ['distraction', 'raised', 1],
      ['distraction', 'updated', 2],
      ['microsleep', 'raised', 2],
      ['microsleep', 'cleared', 2],
      ['distraction', 'cleared', 2],
    ]);
  });

  it('is not moved by notices or drowsiness', () => {
    const hidden = play(
      drive({ seconds: 40, trip: 'unended', acts: [{ fromS: 26, toS: 40, does: 'leave' }] }),
    );
    expect(hidden.state.notices['face-lost']!.told).toBe(true);
    expect(attentionLevel(hidden.state, 40_000, judgeConfig)).toBe(0);
  });
});

describe('measures', () => {
  it('are those of the newest frame while it holds, and unknown after', () => {
    const frame = attentiveFrame(1000, { pose: { yawDeg: 4, pitchDeg: -3, rollDeg: 1, confidence: 0.9 } });
    expect(measured(started, frame)).toMatchObject({
      atMs: 1000,
      tripActive: true,
      faceSeen: true,
      eyesSeen: true,
      ear: 0.32,
      mar: 0.15,
      closure: 0,
      yawDeg: 4,
      pitchDeg: -3,
      rollDeg: 1,
      yawFromNeutralDeg: null,
      calibration: 'none',
    });
    const later = measured(started, frame, { kind: 'tick', atMs: 1000 + judgeConfig.time.holdMs + 1 });
    expect(later).toMatchObject({ faceSeen: false, eyesSeen: false, closure: null, ear: null, yawDeg: null });
  });

  it('never show not seen as closed', () => {
    const hidden = { ear: 0.03, confidence: 0.9, unseen: 'covered' } as const;
    expect(measured(started, attentiveFrame(0, { leftEye: hidden, rightEye: hidden }))).toMatchObject({
      faceSeen: true,
      eyesSeen: false,
      closure: null,
      ear: null,
    });
  });

  it('show the calibration as it proceeds', () => {
    const at = (seconds: number) => measures(play(drive({ seconds, trip: 'unended' })).state, judgeConfig);
    expect(at(30).calibration).toBe('calibrating');
    expect(at(30).calibrationProgress).toBeCloseTo(0.5, 1);
    expect(at(70)).toMatchObject({ calibration: 'done', calibrationProgress: 1 });
    expect(Math.abs(at(70).yawFromNeutralDeg!)).toBeLessThan(5);
  });

  it('say what is switched off and why', () => {
    const at = (fps: number) =>
      measures(play(drive({ seconds: 70, fps, trip: 'unended' })).state, judgeConfig);
    expect(at(30)).toMatchObject({ switchedOff: [] });
    expect(at(30).blinksPerMinute).toBeGreaterThan(8);
    expect(at(30).meanBlinkMs).toBeCloseTo(150, -2);
    expect(at(10).switchedOff).toEqual(['blink statistics: 10.0 frames per second, 14 needed']);
    expect(at(10)).toMatchObject({ blinksPerMinute: null, meanBlinkMs: null });
    expect(at(10).perclos60).not.toBeNull();
  });

  it('know no frame rate while the camera is silent', () => {
    const silent = play(
      drive({ seconds: 20, trip: 'unended', acts: [{ fromS: 10, toS: 20, does: 'silence' }] }),
    );
    expect(measures(silent.state, judgeConfig).fps).toBeNull();
    expect(measures(initialState('run'), judgeConfig)).toMatchObject({ atMs: 0, fps: null, speech: null });
  });

  it('hear speech in the newest window', () => {
    const heard = {
      kind: 'voice-seen',
      atMs: 3000,
      windowMs: 3000,
      levelDbfs: -20,
      clippedShare: 0,
      gap: false,
    } as const;
    expect(measured(started, { ...heard, speechShare: 0.6 }).speech).toBe(true);
    expect(measured(started, { ...heard, speechShare: 0 }).speech).toBe(false);
  });
});
