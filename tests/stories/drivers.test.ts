/** Stories of different drivers and mountings: short and tall, camera off-centre, one driver after another. */
import { describe, expect, it } from 'vitest';
import { measures } from '../../agent/judge/index.ts';
import type { Observation } from '../../agent/perceive/observation.ts';
import { firstFrameMs } from './drive.ts';
import type { Act, DriveOptions } from './drive.ts';
import { eventsOf, judgeConfig, play, raisedOf } from './play.ts';
import { configOn, driveOn, expectOnTime, playOn, SETTINGS } from './settings.ts';

const { distraction, calibration, eyes } = judgeConfig;
const [level1Ms] = distraction.levelMs;
/** Head pose at rest, as the camera sees it; angles of a driver on the left. */
const MOUNTINGS = [
  { who: 'a short driver, camera on the dashboard', neutral: { yawDeg: 0, pitchDeg: 14 } },
  { who: 'a tall driver, camera on the dashboard', neutral: { yawDeg: 0, pitchDeg: -12 } },
  { who: 'a driver beside a camera on the inside mirror', neutral: { yawDeg: -36, pitchDeg: 10 } },
  { who: 'a driver beside a camera on the pillar', neutral: { yawDeg: 30, pitchDeg: 4 } },
] as const;

describe.each(SETTINGS)('driver on the $side at $fps frames per second:', (setting) => {
  it.each(MOUNTINGS)('$who is told of looks away, not of looking ahead or at mirrors', ({ neutral }) => {
    const acts: Act[] = [
      { fromS: 90, toS: 91.5, does: 'look', yawDeg: 50, pitchDeg: 0 },
      { fromS: 100, toS: 101.5, does: 'look', yawDeg: -35, pitchDeg: 14 },
      { fromS: 120, toS: 124, does: 'look', yawDeg: -26, pitchDeg: -10 },
    ];
    const played = playOn(setting, { seconds: 130, acts, neutral, poseNoiseDeg: 2 });
    const raised = raisedOf(played);
    expect(raised.map((a) => a.kind)).toEqual(['distraction']);
    expectOnTime(raised[0]!.atMs, firstFrameMs(played.seen, 120) + level1Ms);
    expect(eventsOf(played, 'glance')).toEqual([]);
  });

  const tall = { neutral: { yawDeg: 3, pitchDeg: -12 }, openEar: 0.34 };
  const short = { neutral: { yawDeg: -4, pitchDeg: 10 }, openEar: 0.22 };
  /** The first drives 80 s, nobody is there for 20 s, then somebody drives from 100 s on. */
  const changes = (
    before: Partial<DriveOptions>,
    after: Partial<DriveOptions>,
    acts: readonly Act[],
    seconds = 110,
  ): readonly Observation[] => {
    const away: Act[] = [{ fromS: 80, toS: 100, does: 'leave' }];
    const first = driveOn(setting, { seconds: 100, acts: away, trip: 'unended', ...before });
    const next = driveOn(setting, { seconds, startMs: 100_000, acts, trip: 'none', seed: 3, ...after });
    return [...first.filter((o) => o.atMs < 100_000), ...next];
  };
  const config = configOn(setting);

  it('another driver after an absence is learned anew', () => {
    const early = play(changes(tall, short, [], 20), config);
    expect(measures(early.state, config).calibration).toBe('calibrating');
    const later = play(changes(tall, short, []), config);
    expect(measures(later.state, config).calibration).toBe('done');
    expect(later.state.neutral.pose!.pitchDeg).toBeCloseTo(short.neutral.pitchDeg, 0);
    expect(later.state.eyes.left.openEar).toBeCloseTo(short.openEar, 1);
  });

  it('another driver, with narrower eyes and a lower head, is told of nothing while driving well', () => {
    const played = play(changes(tall, short, []), config);
    expect(raisedOf(played).map((a) => a.kind)).toEqual(['face-lost']);
  });

  it('another driver is told of a look away and of a microsleep on time', () => {
    const acts: Act[] = [
      { fromS: 80, toS: 84, does: 'look', yawDeg: -26, pitchDeg: -8 },
      { fromS: 94, toS: 97, does: 'no-blinks' },
      { fromS: 95, toS: 96.5, does: 'close-eyes' },
    ];
    const seen = changes(tall, short, acts);
    const raised = raisedOf(play(seen, config)).filter((a) => a.kind !== 'face-lost');
    expect(raised.map((a) => a.kind)).toEqual(['distraction', 'microsleep']);
    expectOnTime(raised[0]!.atMs, firstFrameMs(seen, 180) + level1Ms);
    expectOnTime(raised[1]!.atMs, firstFrameMs(seen, 195) + eyes.microsleepMs);
  });

  it('the same driver who comes back is known', () => {
    const played = play(changes(tall, tall, [], 8), config);
    expect(measures(played.state, config).calibration).toBe('done');
    expect(played.state.neutral.faceMs).toBeGreaterThan(calibration.doneMs);
  });
});
