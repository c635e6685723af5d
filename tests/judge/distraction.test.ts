import { describe, expect, it } from 'vitest';
import {
  awayForMs,
  elapseLook,
  endLook,
  meanDirection,
  noLook,
  observeLook,
} from '../../agent/judge/distraction.ts';
import type { LookState } from '../../agent/judge/distraction.ts';
import { mirrorAt } from '../../agent/judge/mirrors.ts';
import { unlearnedNeutral } from '../../agent/judge/neutral-pose.ts';
import type { NeutralState } from '../../agent/judge/neutral-pose.ts';
import { untaughtEyes } from '../../agent/judge/eyes.ts';
import { sightOfFace, sightOfNoFace } from '../../agent/judge/sight.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import type { FaceSeen } from '../../agent/perceive/observation.ts';
import { attentiveFrame, clearPicture } from '../stories/drive.ts';
import { judgeConfig } from '../stories/play.ts';

const { distraction } = judgeConfig;
const neutralPose = { yawDeg: 10, pitchDeg: -5, rollDeg: 0, gazeYawDeg: 2, gazePitchDeg: 0 };
const calibrated: NeutralState = {
  ...unlearnedNeutral,
  faceMs: judgeConfig.calibration.doneMs,
  pose: neutralPose,
};
const calibrating = { ...calibrated, faceMs: 10_000 };

function sight(changes: Partial<FaceSeen>, before: Sight | null = null, neutral = calibrated): Sight {
  return sightOfFace(attentiveFrame(0, changes), untaughtEyes, neutral, before, judgeConfig);
}
const turned = (yawDeg: number, pitchDeg = 0, confidence = 0.9): Partial<FaceSeen> => ({
  pose: {
    yawDeg: neutralPose.yawDeg + yawDeg,
    pitchDeg: neutralPose.pitchDeg + pitchDeg,
    rollDeg: 0,
    confidence,
  },
});
const looking = (yawDeg: number, pitchDeg: number, confidence = 0.9): Partial<FaceSeen> => ({
  ...turned(0),
  gaze: {
    yawDeg: neutralPose.gazeYawDeg + yawDeg,
    pitchDeg: neutralPose.gazePitchDeg + pitchDeg,
    confidence,
  },
});

describe('a sight', () => {
  it.each([
    ['just inside to the side', turned(19.9), false],
    ['outside to the left', turned(20.1), true],
    ['outside to the right', turned(-20.1), true],
    ['just inside down', turned(0, -17.9), false],
    ['outside down', turned(0, -18.1), true],
    ['just inside up', turned(0, 24.9), false],
    ['outside up', turned(0, 25.1), true],
    ['eyes just inside', looking(29, 0), false],
    ['eyes to the side', looking(31, 0), true],
    ['eyes down', looking(0, -31), true],
    ['eyes up', looking(0, 31), true],
    ['uncertain eyes', looking(40, 0, 0.2), false],
    ['an uncertain pose', turned(60, 0, 0.4), null],
  ])('with the head %s of neutral', (_, changes, away) => {
    expect(sight(changes).away).toBe(away);
  });

  it('is back on the road only well inside the limits', () => {
    const away = sight(turned(25));
    expect(sight(turned(17), away).away).toBe(true);
    expect(sight(turned(15.9), away).away).toBe(false);
    expect(sight(turned(17)).away).toBe(false);
    expect(sight(looking(27, 0), away).away).toBe(true);
    expect(sight(turned(0, -15), away).away).toBe(true);
  });

  it('while calibrating counts only large departures of the head', () => {
    expect(sight(turned(29), null, calibrating).away).toBe(false);
    expect(sight(turned(31), null, calibrating).away).toBe(true);
    expect(sight(turned(0, -31), null, calibrating).away).toBe(true);
    expect(sight(looking(50, 0), null, calibrating).away).toBe(false);
    expect(sight(turned(60), null, unlearnedNeutral).away).toBeNull();
  });

  it('with lids down is looking down', () => {
    const down = { ear: 0.05, confidence: 0.5, unseen: 'eyes-down' } as const;
    expect(sight({ ...turned(0), leftEye: down, rightEye: down }).away).toBe(true);
    expect(sight({ ...turned(0), leftEye: down, rightEye: down }, null, calibrating).away).toBe(false);
  });

  it('of a picture that shows nothing says nothing, face or no face', () => {
    for (const quality of [
      { ...clearPicture, covered: true },
      { ...clearPicture, frozen: true },
    ]) {
      expect(sight({ ...turned(40), quality })).toMatchObject({
        face: false,
        away: null,
        closure: null,
        mar: null,
      });
    }
    expect(
      sightOfNoFace({ kind: 'no-face', atMs: 5, quality: { ...clearPicture, covered: true } }),
    ).toMatchObject({
      atMs: 5,
      picture: 'covered',
      face: false,
    });
  });

  it('leaves out a mouth that cannot be read', () => {
    expect(sight({ mouth: { mar: 0.7, confidence: 0.1 } }).mar).toBeNull();
    expect(sight({ mouth: { mar: 0.7, confidence: 0.9 } }).mar).toBe(0.7);
  });
});

describe('a mirror', () => {
  it('lies in its zone, edges included, and is mirrored for a driver on the right', () => {
    const [near] = distraction.mirrorZones;
    const { yawMinDeg, yawMaxDeg, pitchMinDeg, pitchMaxDeg } = near!;
    expect(mirrorAt({ yawDeg: yawMinDeg, pitchDeg: pitchMinDeg }, distraction)).toBe('near-mirror');
    expect(mirrorAt({ yawDeg: yawMaxDeg, pitchDeg: pitchMaxDeg }, distraction)).toBe('near-mirror');
    expect(mirrorAt({ yawDeg: yawMinDeg - 1, pitchDeg: 0 }, distraction)).toBeNull();
    expect(mirrorAt({ yawDeg: yawMaxDeg + 1, pitchDeg: 0 }, distraction)).toBeNull();
    expect(mirrorAt({ yawDeg: yawMinDeg, pitchDeg: pitchMinDeg - 1 }, distraction)).toBeNull();
    expect(mirrorAt({ yawDeg: yawMinDeg, pitchDeg: pitchMaxDeg + 1 }, distraction)).toBeNull();
    const right = { ...distraction, driverSide: 'right' as const };
    expect(mirrorAt({ yawDeg: -yawMinDeg, pitchDeg: 0 }, right)).toBe('near-mirror');
    expect(mirrorAt({ yawDeg: yawMinDeg, pitchDeg: 0 }, right)).toBeNull();
  });
});

describe('a look-away', () => {
  const at = (atMs: number, away: boolean | null, yawDeg = 25, pitchDeg = -6): Sight => ({
    ...sight(turned(0)),
    atMs,
    away,
    head: away === null ? null : { yawDeg: away ? yawDeg : 0, pitchDeg: away ? pitchDeg : 0 },
    gaze: null,
  });
  const times = distraction.levelMs;

  /** Frames every 50 ms. */
  function run(
    stretches: readonly (readonly [away: boolean | null, forMs: number])[],
    given = times as typeof times | null,
    yawDeg = 25,
    lapseMs = 0,
  ) {
    let state: LookState = noLook;
    let atMs = 0;
    const steps = [];
    for (const [away, forMs] of stretches) {
      for (const endMs = atMs + forMs; atMs < endMs; atMs += 50) {
        const step = observeLook(state, at(atMs, away, yawDeg), given, lapseMs, judgeConfig);
        state = step.state;
        steps.push(step);
      }
    }
    return {
      state,
      atMs,
      events: steps.flatMap((s) => s.events),
      ended: steps.flatMap((s) => s.ended ?? []),
    };
  }

  it('is a glance when it is short, and nothing when it is shorter than the tolerance', () => {
    expect(run([[false, 500], [true, 250], [false, 1000]]).events).toEqual([]); // prettier-ignore
    const { events, ended } = run([[false, 500], [true, 1500], [false, 1000]]); // prettier-ignore
    expect(events).toEqual([
      {
        type: 'event',
        kind: 'glance',
        startMs: 500,
        endMs: 2000,
        evidence: {
          awayMs: 1500,
          yawFromNeutralDeg: 25,
          pitchFromNeutralDeg: -6,
          mirror: null,
          unseenMs: 0,
          endSeen: true,
        },
      },
    ]);
    expect(ended).toEqual([{ startMs: 500, endMs: 2000, mirror: null, level: 0 }]);
  });

  it('reaches its levels by time, between frames too, and is then a distraction', () => {
    const { state, atMs } = run([[true, 2950]]); // prettier-ignore
    expect(state.level).toBe(0);
    expect(elapseLook(state, 2999, times, judgeConfig).state.level).toBe(0);
    expect(elapseLook(state, 3000, times, judgeConfig).state.level).toBe(1);
    expect(run([[true, 5050]]).state.level).toBe(2); // prettier-ignore
    expect(run([[true, 11_050]]).state.level).toBe(3); // prettier-ignore
    expect(awayForMs(state, atMs, judgeConfig)).toBe(2950);
    expect(run([[true, 4000], [false, 1000]]).events.map((e) => e.kind)).toEqual(['distraction']); // prettier-ignore
  });

  it('raises nothing at a speed without tiers, and is a glance then', () => {
    const { events, state } = run([[true, 20_000], [false, 1000]], null); // prettier-ignore
    expect(events.map((e) => e.kind)).toEqual(['glance']);
    expect(state.level).toBe(0);
  });

  it('does not raise a level while the driver looks back for a moment', () => {
    const { state } = run([[true, 2900], [false, 250]]); // prettier-ignore
    expect(state.level).toBe(0);
    expect(run([[true, 2900], [false, 250], [true, 100]]).state.level).toBe(1); // prettier-ignore
  });

  it('reaches its levels earlier by the inattention before it, but not as a check of a mirror', () => {
    expect(run([[true, 1450]], times, 25, 1500).state.level).toBe(0); // prettier-ignore
    expect(run([[true, 1550]], times, 25, 1500).state.level).toBe(1); // prettier-ignore
    expect(run([[true, 250]], times, 25, 2900).state.level).toBe(0); // prettier-ignore
    expect(run([[true, 1950]], times, 45, 2900).state.level).toBe(0); // prettier-ignore
    expect(run([[true, 2050]], times, 45, 2900).state.level).toBe(1); // prettier-ignore
  });

  it('stands at nothing while the vehicle does, and just before level 1 when it moves on', () => {
    const before = run([[true, 6000]]).state; // prettier-ignore
    const stopped = elapseLook(before, 6000, null, judgeConfig).state;
    expect([before.level, stopped.level, stopped.peakLevel]).toEqual([2, 0, 2]);
    const { state, atMs } = run([[true, 60_050]], null); // prettier-ignore
    expect(elapseLook(state, atMs, times, judgeConfig).state.level).toBe(1);
    expect(elapseLook(state, atMs - 50, times, judgeConfig).state.level).toBe(0);
  });

  it('ends when the head cannot be told, unless a level was reached', () => {
    expect(run([[true, 1500], [null, 400]]).events.map((e) => e.kind)).toEqual(['glance']); // prettier-ignore
    const hidden = run([[true, 3500], [null, 20_000]]); // prettier-ignore
    expect(hidden.state.level).toBe(1);
    expect(hidden.events).toEqual([]);
    expect(run([[true, 3500], [null, 20_000], [false, 400]]).events[0]).toMatchObject({ endMs: 3500 }); // prettier-ignore
  });

  it('at a mirror counts for nothing while it is short', () => {
    expect(run([[true, 1900], [false, 1000]], times, 45).ended).toEqual([]); // prettier-ignore
    expect(run([[true, 2000], [false, 1000]], times, 45).ended).toMatchObject([{ mirror: 'near-mirror' }]); // prettier-ignore
  });

  it('has a mean direction, of head and eyes where those are certain', () => {
    expect(meanDirection(noLook)).toBeNull();
    const first = observeLook(noLook, at(0, true, 20, 0), times, 0, judgeConfig).state;
    const both = { ...at(50, true), gaze: { yawDeg: 40, pitchDeg: -10 } };
    const second = observeLook(first, both, times, 0, judgeConfig).state;
    expect(meanDirection(second)).toEqual({ yawDeg: 30, pitchDeg: -5 });
  });

  it('is closed at the end of the trip', () => {
    const { state, atMs } = run([[true, 1500]]); // prettier-ignore
    expect(endLook(state, atMs, judgeConfig).events.map((e) => e.kind)).toEqual(['glance']);
    expect(endLook(noLook, atMs, judgeConfig).events).toEqual([]);
  });
});
