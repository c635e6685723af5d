/** Stories of a driver who does not return after a warning, and of one who is told so again and again. */
import { describe, expect, it } from 'vitest';
import { firstFrameMs } from './drive.ts';
import type { Act, DriveOptions } from './drive.ts';
import { alertsOf, eventsOf, judgeConfig, raisedOf } from './play.ts';
import type { Played } from './play.ts';
import { expectOnTime, playOn, SETTINGS, speed } from './settings.ts';

const { unresponsive, lockout, eyes, distraction } = judgeConfig;
const closes = (fromS: number, toS: number): Act => ({ fromS, toS, does: 'close-eyes' });
const looks = (fromS: number, toS: number): Act => ({ fromS, toS, does: 'look', yawDeg: -28, pitchDeg: -6 });
const blinkless: Act = { fromS: 79, toS: 200, does: 'no-blinks' };

describe.each(SETTINGS)('a driver on the $side at $fps frames per second', (setting) => {
  const run = (acts: readonly Act[], options: Partial<DriveOptions> = {}) =>
    playOn(setting, { seconds: 110, acts: [blinkless, ...acts], seed: 5, ...options });
  const told = (played: Played) => alertsOf(played, 'unresponsive');

  it('whose eyes stay shut for 3 s after the warning does not respond, until they are seen open', () => {
    const played = run([closes(80, 90)]);
    const startMs = firstFrameMs(played.seen, 80);
    const [raised, cleared, ...more] = told(played);
    expect(more).toEqual([]);
    expect(raised).toMatchObject({ phase: 'raised', severity: 3, startMs });
    expect(raised!.evidence).toMatchObject({ behaviour: 'closed-eyes', withHidden: false });
    expectOnTime(raised!.atMs, startMs + eyes.microsleepMs + unresponsive.noReturnMs);
    expect(cleared).toMatchObject({ phase: 'cleared', cleared: 'ended' });
    expectOnTime(cleared!.atMs, firstFrameMs(played.seen, 90) + eyes.reopenMs);
    expect(eventsOf(played, 'unresponsive')).toMatchObject([{ startMs, endMs: cleared!.atMs }]);
  });

  it('who looks away for 3 s more after the warning does not respond, until the road is looked at', () => {
    const played = run([looks(80, 90)]);
    const startMs = firstFrameMs(played.seen, 80);
    const [raised, cleared] = told(played);
    expectOnTime(raised?.atMs, startMs + distraction.levelMs[0] + unresponsive.noReturnMs);
    expect(raised!.evidence['behaviour']).toBe('looking-away');
    expect(cleared!.atMs).toBeGreaterThan(90_000);
    expect(cleared!.atMs).toBeLessThan(91_000);
  });

  it('has the slow tier’s time on top between 20 and 50 km/h', () => {
    const driving = [...speed(60, 0, 70), ...speed(40, 70, 110)];
    const played = playOn(setting, { seconds: 110, acts: [looks(80, 95)] }, driving);
    const nominalMs = firstFrameMs(played.seen, 80) + distraction.slowLevelMs + unresponsive.noReturnMs;
    expectOnTime(told(played)[0]?.atMs, nominalMs);
  });

  it('who returns in time responds', () => {
    const played = run([closes(80, 83.5), looks(90, 94), closes(98, 99.5), looks(102, 107.5)]);
    expect(raisedOf(played).map((a) => a.kind)).toEqual([
      'microsleep',
      'distraction',
      'microsleep',
      'distraction',
    ]);
  });

  it('who drops out of sight after the warning does not respond 6 s after the eyes were shut', () => {
    const played = run([closes(80, 82), { fromS: 82, toS: 96, does: 'leave' }]);
    const [raised, cleared] = told(played);
    const lateMs = raised!.atMs - firstFrameMs(played.seen, 80) - unresponsive.closedMs;
    // Between the last frame with a face and the first without, neither is known.
    expect(Math.abs(lateMs)).toBeLessThanOrEqual(200);
    expect(raised!.evidence['withHidden']).toBe(true);
    expect(cleared!.atMs).toBeGreaterThan(96_000);
  });

  it('whose face was never lost behind a warning is on the slow clock, not unresponsive', () => {
    expect(told(run([{ fromS: 80, toS: 108, does: 'leave' }]))).toEqual([]);
  });

  it.each(['cover', 'freeze', 'silence'] as const)('is not blamed for a camera that fails: %s', (does) => {
    expect(told(run([closes(80, 82), { fromS: 82, toS: 100, does }]))).toEqual([]);
  });

  it('whose eyes go behind reflections while the face looks ahead is not blamed for that', () => {
    const acts: Act[] = [closes(80, 82), { fromS: 82, toS: 104, does: 'hide-eyes', reason: 'covered' }];
    expect(told(run(acts))).toEqual([]);
  });

  it('is locked out by the third time, until the trip ends', () => {
    const acts = [closes(80, 84.5), closes(90, 94.5), closes(100, 104.5)];
    const played = run(acts, { seconds: 125 });
    const alerts = alertsOf(played, 'lockout');
    expect(told(played).filter((a) => a.phase === 'raised')).toHaveLength(lockout.terminalAlerts);
    expectOnTime(
      alerts[0]?.atMs,
      firstFrameMs(played.seen, 100) + eyes.microsleepMs + unresponsive.noReturnMs,
    );
    expect(alerts.map((a) => [a.phase, a.severity, a.cleared])).toEqual([
      ['raised', 3, undefined],
      ['cleared', 3, 'trip-end'],
    ]);
    expect(alerts[1]!.atMs).toBe(125_000);
    expect(eventsOf(played, 'lockout')).toMatchObject([
      { startMs: alerts[0]!.atMs, endMs: 125_000, evidence: { terminalAlerts: 3 } },
    ]);
  });

  it('is locked out after 30 s of it', () => {
    const played = run([closes(80, 118)], { seconds: 119 });
    const beganMs = firstFrameMs(played.seen, 80) + eyes.microsleepMs + unresponsive.noReturnMs;
    expectOnTime(alertsOf(played, 'lockout')[0]?.atMs, beganMs + lockout.terminalMs);
  });
});

describe('a lockout', () => {
  const setting = SETTINGS[0]!;
  const acts = [closes(80, 84.5), closes(90, 94.5), closes(100, 104.5)];

  it('holds attention level 3 though the driver is attentive again', () => {
    const played = playOn(setting, { seconds: 125, acts, trip: 'unended' });
    expect(played.state.level).toBe(3);
    expect(Object.keys(played.state.alerts.open)).toContain('lockout');
  });

  it('counts within a trip', () => {
    const first = playOn(setting, { seconds: 97, acts: acts.slice(0, 2) });
    expect(alertsOf(first, 'lockout')).toEqual([]);
    expect(first.state.lockout.terminalAlerts).toBe(0);
  });

  it('is not raised by a driver or a camera that is merely not seen', () => {
    const played = playOn(setting, { seconds: 170, acts: [{ fromS: 80, toS: 170, does: 'leave' }] });
    expect(Math.max(...alertsOf(played, 'face-lost').map((a) => a.level))).toBe(3);
    expect(alertsOf(played, 'lockout')).toEqual([]);
  });
});
