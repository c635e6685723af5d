/**
 * Stories of looking away: long distraction, repeated glances, mirrors, camera off-centre, speed; each at every
 * setting.
 */
import { describe, expect, it } from 'vitest';
import { step } from '../../agent/judge/index.ts';
import { drive, firstFrameMs } from './drive.ts';
import type { Act, DriveOptions } from './drive.ts';
import { alertsOf, eventsOf, judgeConfig, play, raisedOf } from './play.ts';
import { driveOn, expectOnTime, playOn, SETTINGS, speed } from './settings.ts';

const { distraction } = judgeConfig;

describe.each(SETTINGS)('a driver on the $side at $fps frames per second', (setting) => {
  const run = (options: DriveOptions) => playOn(setting, options);

  it('is told of a long look away at 3.0 s, and of level 2 and 3 at 5 and 11 s', () => {
    const acts: Act[] = [{ fromS: 80, toS: 93, does: 'look', yawDeg: -28, pitchDeg: -5 }];
    const played = run({ seconds: 110, acts, seed: 11 });
    const startMs = firstFrameMs(played.seen, 80);
    const alerts = alertsOf(played, 'distraction');
    expect(alerts.map((a) => [a.kind, a.phase, a.level, a.severity])).toEqual([
      ['distraction', 'raised', 1, 2],
      ['distraction', 'updated', 2, 2],
      ['distraction', 'updated', 3, 3],
      ['distraction', 'cleared', 3, 3],
    ]);
    for (const [index, levelMs] of distraction.levelMs.entries()) {
      expect(alerts[index]!.startMs).toBe(startMs);
      expectOnTime(alerts[index]!.atMs, startMs + levelMs);
    }
    expect(eventsOf(played, 'distraction')).toHaveLength(1);
    expect(eventsOf(played, 'distraction')[0]!.endMs).toBe(firstFrameMs(played.seen, 93));
  });

  it('is told of ten seconds of short glances within thirty when the sum is reached', () => {
    const acts = glances(80, 8, { yawDeg: 24, pitchDeg: -8 });
    const played = run({ seconds: 120, acts, seed: 12 });
    const { seen } = played;
    const alerts = alertsOf(played);
    expect(alerts.map((a) => [a.kind, a.phase, a.level])).toEqual([
      ['repeated-glances', 'raised', 1],
      ['repeated-glances', 'cleared', 0],
    ]);
    expect(alerts[0]!.startMs).toBe(firstFrameMs(seen, 80));
    expectOnTime(alerts[0]!.atMs, reachedAtMs(seen, acts));
    expect(eventsOf(played, 'glance')).toHaveLength(8);
    expect(eventsOf(played, 'repeated-glances')).toHaveLength(1);
  });
});

describe.each(SETTINGS)('a driver on the $side at $fps frames per second who looks away', (setting) => {
  const run = (options: DriveOptions) => playOn(setting, options);

  it('for less than three seconds is recorded as glancing and not told', () => {
    const acts: Act[] = [{ fromS: 80, toS: 82.7, does: 'look', yawDeg: 26, pitchDeg: -8 }];
    const played = run({ seconds: 95, acts });
    expect(alertsOf(played)).toEqual([]);
    expect(eventsOf(played, 'glance')).toHaveLength(1);
  });

  it('and back for 0.2 s in between has not looked at the road', () => {
    const acts: Act[] = [
      { fromS: 80, toS: 82, does: 'look', yawDeg: 26, pitchDeg: -8 },
      { fromS: 82.2, toS: 84, does: 'look', yawDeg: 26, pitchDeg: -8 },
    ];
    const played = run({ seconds: 95, acts });
    expect(raisedOf(played, 'distraction')).toHaveLength(1);
  });

  it('and back for 2 s between the glances is never told of repeated glances', () => {
    const acts: Act[] = [];
    for (let fromS = 80; fromS < 140; fromS += 4.2) {
      acts.push({ fromS, toS: fromS + 1.9, does: 'look', yawDeg: 26, pitchDeg: -8 });
    }
    const played = run({ seconds: 150, acts });
    expect(alertsOf(played)).toEqual([]);
  });

  it('with the eyes only, the head still, is told as well where the gaze is certain', () => {
    const acts: Act[] = [{ fromS: 80, toS: 85, does: 'gaze', pitchDeg: -36 }];
    const calm: Act[] = [{ fromS: 0, toS: 100, does: 'gaze' }];
    const played = run({ seconds: 100, acts: [...calm, ...acts] });
    expect(raisedOf(played, 'distraction')).toHaveLength(1);
  });

  it('down, so that the lids cover the eyes, is told of distraction and never of closed eyes', () => {
    const acts: Act[] = [
      { fromS: 80, toS: 90, does: 'look', pitchDeg: -14 },
      { fromS: 80, toS: 90, does: 'hide-eyes', reason: 'eyes-down', ear: 0.05 },
    ];
    const played = run({ seconds: 100, acts });
    expect(raisedOf(played).map((a) => a.kind)).toEqual(['distraction', 'unresponsive']);
    expect(raisedOf(played)[1]!.evidence['behaviour']).toBe('looking-away');
  });

  it('with an uncertain pose is not judged by it', () => {
    const acts: Act[] = [
      { fromS: 80, toS: 95, does: 'look', yawDeg: 40 },
      { fromS: 80, toS: 95, does: 'uncertain-pose' },
    ];
    expect(alertsOf(run({ seconds: 100, acts }))).toEqual([]);
  });

  it('and then hides keeps the alert until the road is seen to be looked at', () => {
    const acts: Act[] = [
      { fromS: 80, toS: 85.5, does: 'look', yawDeg: 28 },
      { fromS: 85.5, toS: 91, does: 'leave' },
    ];
    const played = run({ seconds: 100, acts });
    const cleared = alertsOf(played, 'distraction').filter((a) => a.phase === 'cleared');
    expect(cleared).toHaveLength(1);
    expect(cleared[0]!.atMs).toBeGreaterThanOrEqual(91_000);
    expect(cleared[0]!.level).toBeGreaterThan(0);
    expect(alertsOf(played, 'distraction').some((a) => a.level === 3)).toBe(false);
  });
});

describe.each(SETTINGS)('mirrors of a driver on the $side at $fps frames per second', (setting) => {
  const run = (options: DriveOptions) => playOn(setting, options);
  const zones = distraction.mirrorZones.map((zone) => ({
    name: zone.name,
    yawDeg: (zone.yawMinDeg + zone.yawMaxDeg) / 2,
    pitchDeg: (zone.pitchMinDeg + zone.pitchMaxDeg) / 2,
  }));

  it.each(zones)(
    'checking the $name again and again for 1.6 s counts for nothing',
    ({ yawDeg, pitchDeg }) => {
      const acts = glances(80, 12, { yawDeg, pitchDeg });
      const played = run({ seconds: 120, acts });
      expect(alertsOf(played)).toEqual([]);
      expect(eventsOf(played, 'glance')).toEqual([]);
    },
  );

  it.each(zones)('staring at the $name is a distraction', ({ yawDeg, pitchDeg }) => {
    const acts: Act[] = [{ fromS: 80, toS: 85, does: 'look', yawDeg, pitchDeg }];
    const played = run({ seconds: 95, acts });
    expect(raisedOf(played).map((a) => a.kind)).toEqual(['distraction']);
  });

  it('are no excuse for looking where those of the other side would be', () => {
    const inside = zones.find((zone) => zone.name === 'inside-mirror')!;
    const acts = glances(80, 3, { yawDeg: -inside.yawDeg, pitchDeg: inside.pitchDeg });
    expect(eventsOf(run({ seconds: 120, acts }), 'glance')).toHaveLength(3);
  });
});

describe.each(SETTINGS)('the neutral pose of a driver on the $side at $fps frames per second', (setting) => {
  const run = (options: DriveOptions) => playOn(setting, options);
  const mounted = { yawDeg: -32, pitchDeg: 12 };

  it('of a camera mounted off-centre is learned: looking ahead is no distraction, looking away is', () => {
    const acts: Act[] = [{ fromS: 120, toS: 125, does: 'look', yawDeg: 26 }];
    const played = run({ seconds: 150, neutral: mounted, poseNoiseDeg: 3, acts });
    expect(raisedOf(played).map((a) => [a.kind, Math.round(a.startMs / 1000)])).toEqual([
      ['distraction', 120],
    ]);
    expectOnTime(raisedOf(played)[0]!.atMs, firstFrameMs(played.seen, 120) + distraction.levelMs[0]);
    expect(Math.abs(played.state.neutral.pose!.yawDeg)).toBeCloseTo(32, 0);
    expect(played.state.neutral.pose!.pitchDeg).toBeCloseTo(12, 0);
  });

  it('is learned anew for another driver after an absence, and kept for the same one', () => {
    const first = driveOn(setting, { seconds: 80, trip: 'unended' });
    const second = (neutral: { yawDeg: number; pitchDeg: number }) =>
      driveOn(setting, { seconds: 30, startMs: 95_000, neutral, trip: 'none' });
    const other = play([...first, ...second({ yawDeg: 14, pitchDeg: -10 })]).state.neutral;
    expect(other.faceMs).toBeLessThan(31_000);
    expect(Math.abs(other.pose!.yawDeg)).toBeCloseTo(14, 0);
    const same = play([...first, ...second({ yawDeg: 2, pitchDeg: 1 })]).state.neutral;
    expect(same.faceMs).toBeGreaterThan(100_000);
  });

  it('is provisional at first: only departures of more than 30 degrees count', () => {
    const small: Act[] = [{ fromS: 20, toS: 28, does: 'look', yawDeg: 26 }];
    const large: Act[] = [{ fromS: 20, toS: 28, does: 'look', yawDeg: 38 }];
    expect(alertsOf(run({ seconds: 40, acts: small }))).toEqual([]);
    expect(raisedOf(run({ seconds: 40, acts: large }), 'distraction')).toHaveLength(1);
  });

  it('is not guessed in the first seconds: nothing counts as away', () => {
    const acts: Act[] = [{ fromS: 0, toS: 2.5, does: 'look', yawDeg: 50 }];
    const played = run({ seconds: 2.5, acts, trip: 'unended' });
    expect(played.state.neutral.pose).toBeNull();
    expect(played.state.sight!.away).toBeNull();
  });
});

describe.each(SETTINGS)('speed, of a driver on the $side at $fps frames per second', (setting) => {
  const acts: Act[] = [{ fromS: 80, toS: 90, does: 'look', yawDeg: 28 }];
  const { levelMs, slowLevelMs } = distraction;
  /** 60 km/h for 65 s, so that the neutral pose is learned, then `speedKmh` until `untilS`. */
  const told = (speedKmh: number, untilS: number) => [
    ...speed(60, 0, Math.min(65, untilS)),
    ...speed(speedKmh, 65, untilS),
  ];
  const raisedAt = (speedKmh: number, untilS: number) => {
    const played = playOn(setting, { seconds: 100, acts }, told(speedKmh, untilS));
    expect(played.state.neutral.faceMs).toBeGreaterThan(judgeConfig.calibration.doneMs);
    return raisedOf(played, 'distraction').map((a) => a.atMs - firstFrameMs(played.seen, 80));
  };

  it('of 50 km/h and more, or none known, is the strictest tier', () => {
    expectOnTime(raisedAt(50, 100)[0], levelMs[0]);
    expectOnTime(raisedAt(0, 0)[0], levelMs[0]);
  });

  it('between 20 and 50 km/h gives six seconds', () => {
    expectOnTime(raisedAt(49, 100)[0], slowLevelMs);
  });

  it('below 20 km/h raises nothing', () => {
    expect(raisedAt(19, 100)).toEqual([]);
  });

  it('that is stale is unknown, hence the strictest tier', () => {
    expectOnTime(raisedAt(19, 68)[0], levelMs[0]);
  });
});

describe('a trip', () => {
  const acts: Act[] = [{ fromS: 80, toS: 90, does: 'look', yawDeg: 28 }];

  it('that has not begun is silent and records nothing', () => {
    const played = play(drive({ seconds: 100, acts, trip: 'none' }));
    expect(played.outcomes).toEqual([]);
  });

  it('that ends clears every alert and closes every behaviour', () => {
    const played = play(drive({ seconds: 86, acts }));
    expect(alertsOf(played).at(-1)).toMatchObject({ phase: 'cleared', cleared: 'trip-end', level: 0 });
    expect(eventsOf(played, 'distraction')[0]).toMatchObject({ endMs: 86_000 });
    expect(played.state.alerts.open).toEqual({});
    const later = step(played.state, { kind: 'tick', atMs: 99_000 }, judgeConfig);
    expect(later.outcomes).toEqual([]);
  });
});

/** `count` glances of 1.6 s, one every 2.8 s. */
function glances(fromS: number, count: number, look: { yawDeg: number; pitchDeg: number }): Act[] {
  return Array.from({ length: count }, (_, index) => ({
    fromS: fromS + index * 2.8,
    toS: fromS + index * 2.8 + 1.6,
    does: 'look',
    ...look,
  }));
}

/** When the glances of that drive sum up, by the frames that show them. */
function reachedAtMs(seen: Parameters<typeof firstFrameMs>[0], acts: readonly Act[]): number {
  let awayMs = 0;
  for (const { fromS, toS } of acts) {
    const startMs = firstFrameMs(seen, fromS);
    const forMs = firstFrameMs(seen, toS) - startMs;
    if (awayMs + forMs >= distraction.repeatedAwayMs) return startMs + distraction.repeatedAwayMs - awayMs;
    awayMs += forMs;
  }
  throw new Error('these glances never sum up');
}
