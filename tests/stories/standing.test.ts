/** Stories of a vehicle that stands: at a light, at the kerb, at a rest stop. */
import { describe, expect, it } from 'vitest';
import { measures } from '../../agent/judge/index.ts';
import { firstFrameMs } from './drive.ts';
import type { Act } from './drive.ts';
import { alertsOf, eventsOf, judgeConfig, raisedOf } from './play.ts';
import { configOn, expectOnTime, playOn, SETTINGS, speed } from './settings.ts';

const { eyes, speed: speeds } = judgeConfig;
const blinkless: Act = { fromS: 75, toS: 400, does: 'no-blinks' };
/** From 60 km/h the smoothed speed needs so long to fall below the stopping speed, and stays there a while. */
const STOPS_AFTER_S =
  Math.ceil((speeds.smoothMs / 1000) * Math.log(60 / speeds.stoppedBelowKmh)) + speeds.stoppedAfterMs / 1000;
const STOP_S = 80;
const standsFromS = STOP_S + STOPS_AFTER_S;

describe.each(SETTINGS)('a driver on the $side at $fps frames per second', (setting) => {
  const drivesTo = (untilS: number) => [...speed(60, 0, STOP_S), ...speed(0, STOP_S, untilS)];

  it('who naps while the vehicle stands is told nothing, and nothing of it is recorded', () => {
    const acts: Act[] = [blinkless, { fromS: standsFromS + 2, toS: 220, does: 'close-eyes' }];
    const played = playOn(setting, { seconds: 240, acts }, drivesTo(240));
    expect(alertsOf(played)).toEqual([]);
    expect(eventsOf(played).filter((e) => ['microsleep', 'sleep', 'unresponsive'].includes(e.kind))).toEqual(
      [],
    );
  });

  it('who has napped is not taken for drowsy when driving on', () => {
    const acts: Act[] = [blinkless, { fromS: standsFromS + 2, toS: 160, does: 'close-eyes' }];
    const driving = [...drivesTo(165), ...speed(60, 165, 240)];
    const played = playOn(setting, { seconds: 240, acts, trip: 'unended' }, driving);
    expect(alertsOf(played)).toEqual([]);
    expect(measures(played.state, configOn(setting)).perclos180).toBeLessThan(0.02);
  });

  it('whose eyes are still shut when the vehicle moves is told at once, and 3 s later does not respond', () => {
    const acts: Act[] = [blinkless, { fromS: standsFromS + 2, toS: 130, does: 'close-eyes' }];
    const driving = [...drivesTo(110), ...speed(60, 110, 140)];
    const played = playOn(setting, { seconds: 140, acts }, driving);
    const raised = raisedOf(played).filter((a) => a.kind !== 'drowsiness');
    expect(raised.map((a) => a.kind)).toEqual(['sleep', 'unresponsive']);
    // Smoothed, the first speed of 60 km/h is 24: it moves.
    expectOnTime(raised[0]!.atMs, 110_000);
    expectOnTime(raised[1]!.atMs, 110_000 + judgeConfig.unresponsive.noReturnMs);
    expect(raised[0]!.level).toBe(2);
  });

  it('who sleeps while the vehicle rolls out is told until it stands', () => {
    const acts: Act[] = [blinkless, { fromS: STOP_S, toS: 130, does: 'close-eyes' }];
    const played = playOn(setting, { seconds: 140, acts }, drivesTo(140));
    const closed = alertsOf(played).filter((a) => a.kind === 'microsleep' || a.kind === 'sleep');
    expectOnTime(closed[0]?.atMs, firstFrameMs(played.seen, STOP_S) + eyes.microsleepMs);
    expect(closed.at(-1)).toMatchObject({ phase: 'cleared', cleared: 'ended' });
    expect(Math.abs(closed.at(-1)!.atMs - standsFromS * 1000)).toBeLessThanOrEqual(1000);
    expect(alertsOf(played, 'unresponsive').map((a) => a.phase)).toEqual(['raised', 'cleared']);
    expect(eventsOf(played, 'sleep')).toHaveLength(1);
  });

  it('who shuts the eyes where no speed is known is told: unknown is the strictest tier', () => {
    const acts: Act[] = [blinkless, { fromS: 80, toS: 81.5, does: 'close-eyes' }];
    expect(raisedOf(playOn(setting, { seconds: 90, acts })).map((a) => a.kind)).toEqual(['microsleep']);
  });

  it('who leaves a standing vehicle is not told that the face is lost; a covered camera is told', () => {
    const leaves = playOn(
      setting,
      { seconds: 140, acts: [{ fromS: 100, toS: 130, does: 'leave' }] },
      drivesTo(140),
    );
    expect(alertsOf(leaves)).toEqual([]);
    const covers = playOn(
      setting,
      { seconds: 140, acts: [{ fromS: 100, toS: 130, does: 'cover' }] },
      drivesTo(140),
    );
    expect(raisedOf(covers).map((a) => a.kind)).toEqual(['camera-blocked']);
  });
});
