/** Stories of a driver or a camera that cannot be seen, and of an attentive one. */
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../agent/perceive/observation.ts';
import { drive, firstFrameMs, isFrame } from './drive.ts';
import type { Act } from './drive.ts';
import { alertsOf, eventsOf, judgeConfig, play, raisedOf } from './play.ts';
import { expectOnTime, playOn, SETTINGS } from './settings.ts';

describe('an always attentive driver', () => {
  it.each(SETTINGS)(
    'on the $side is never told anything in ten minutes at $fps frames per second',
    (setting) => {
      const noise = { poseNoiseDeg: 4, earNoise: 0.025 };
      const played = playOn(setting, { seconds: 600, trip: 'unended', ...noise });
      expect(alertsOf(played)).toEqual([]);
      expect(played.state.drowsiness.estimate!.kss).toBeGreaterThanOrEqual(2);
      expect(played.state.drowsiness.estimate!.kss).toBeLessThanOrEqual(5);
    },
  );

  it('blinks and does nothing else that is worth recording', () => {
    const played = play(drive({ seconds: 600, poseNoiseDeg: 4, earNoise: 0.025 }));
    expect(new Set(eventsOf(played).map((e) => e.kind))).toEqual(new Set(['blink']));
  });
});

const { eyes, face, camera } = judgeConfig;
const hidden = [
  {
    kind: 'eyes-not-seen',
    does: { does: 'hide-eyes', reason: 'covered', ear: 0.05 },
    cause: 'covered',
    afterMs: eyes.notSeenNoticeMs,
  },
  { kind: 'face-lost', does: { does: 'leave' }, cause: 'no face', afterMs: face.lostNoticeMs },
  { kind: 'camera-blocked', does: { does: 'cover' }, cause: 'covered', afterMs: camera.blockedNoticeMs },
  { kind: 'camera-blocked', does: { does: 'freeze' }, cause: 'frozen', afterMs: camera.frozenNoticeMs },
  { kind: 'camera-blocked', does: { does: 'silence' }, cause: 'silent', afterMs: camera.blockedNoticeMs },
] as const;

describe.each(hidden)('$kind ($cause)', ({ kind, does, cause, afterMs }) => {
  const between = (fromS: number, toS: number): Act => ({ ...does, fromS, toS });

  it.each(SETTINGS)(
    'of a driver on the $side is told on time at $fps frames per second, once, and cleared',
    (setting) => {
      const played = playOn(setting, { seconds: 60, acts: [between(20, 34)] });
      const { seen } = played;
      const alerts = alertsOf(played);
      expect(alerts.map((a) => [a.kind, a.phase, a.severity, a.level])).toEqual([
        [kind, 'raised', 1, 0],
        [kind, 'cleared', 1, 0],
      ]);
      expect(alerts[0]!.evidence['cause']).toBe(cause);
      expectOnTime(alerts[0]!.atMs, alerts[0]!.startMs + afterMs);
      // Silence counts from the last frame before it.
      const startMs = cause === 'silent' ? lastFrameMs(seen, 20) : firstFrameMs(seen, 20);
      expect(alerts[0]!.startMs).toBe(startMs);
      expect(alerts[0]!.atMs).toBeLessThanOrEqual(startMs + 10_000);
      expect(alerts[1]!.atMs).toBeGreaterThan(34_000);
      expect(alerts[1]!.atMs).toBeLessThan(36_000);
      expect(eventsOf(played, kind)).toHaveLength(1);
      expect(eventsOf(played, kind)[0]!.endMs).toBe(firstFrameMs(seen, 34));
    },
  );

  it('for a moment is not told', () => {
    expect(alertsOf(play(drive({ seconds: 40, acts: [between(20, 25)] })))).toEqual([]);
  });

  it('with a glimpse in between is still told', () => {
    const acts = [between(20, 24), between(24.5, 40)];
    const alerts = raisedOf(play(drive({ seconds: 50, acts })));
    expect(alerts.map((a) => a.kind)).toEqual([kind]);
    expect(alerts[0]!.atMs).toBeLessThanOrEqual(31_000);
  });

  it('at the end of the trip is closed with it', () => {
    const played = play(drive({ seconds: 40, acts: [between(20, 40)] }));
    expect(alertsOf(played).at(-1)).toMatchObject({ kind, phase: 'cleared', cleared: 'trip-end' });
    expect(eventsOf(played, kind)).toHaveLength(1);
  });
});

describe('a camera that never delivers', () => {
  it('is told after the notice time of the trip', () => {
    const played = play(drive({ seconds: 20, acts: [{ fromS: 0, toS: 20, does: 'silence' }] }));
    expect(raisedOf(played).map((a) => [a.kind, a.atMs])).toEqual([
      ['camera-blocked', judgeConfig.camera.blockedNoticeMs],
    ]);
  });
});

/** Time of the last frame before that second, ms. */
function lastFrameMs(seen: readonly Observation[], second: number): number {
  return seen.findLast((o) => isFrame(o) && o.atMs < second * 1000)!.atMs;
}
