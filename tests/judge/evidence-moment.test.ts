/** What had to hold at each moment, what was not seen, and what was known of the driver. */
import { describe, expect, it } from 'vitest';
import { atEachMoment, learned, notSeen } from '../../agent/judge/evidence-moment.ts';
import type { BehaviourKind } from '../../agent/judge/evidence-rules.ts';
import { behaviours, RULES } from '../../agent/judge/evidence-rules.ts';
import { withEvidence } from '../../agent/judge/evidence.ts';
import { initialState } from '../../agent/judge/index.ts';
import type { DriverState, EventOutcome, Evidence } from '../../agent/judge/index.ts';
import { ALERT_KINDS, EVENT_KINDS } from '../../agent/judge/outcome.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import { unknownContext } from '../../agent/judge/surroundings.ts';
import { judgeConfig } from '../stories/play.ts';

const config = judgeConfig;
const { eyes, mouth, distraction, calibration } = config;
const unknown: DriverState = { ...initialState('run'), atMs: 50_000 };
const calibrated: DriverState = {
  ...unknown,
  neutral: {
    ...unknown.neutral,
    pose: { yawDeg: 3.4, pitchDeg: -5.6, rollDeg: 0, gazeYawDeg: 0, gazePitchDeg: 0 },
    faceMs: 3_600_000,
  },
};
const withGaze: DriverState = {
  ...calibrated,
  sight: { gaze: { yawDeg: 0, pitchDeg: 0 }, eyesUnseen: 'covered' } as unknown as Sight,
};
const moment = (kind: BehaviourKind, evidence: Evidence, state = unknown) =>
  atEachMoment(kind, evidence, state, config);
const away = (yawFromNeutralDeg: number, pitchFromNeutralDeg: number, state = calibrated) =>
  moment('glance', { yawFromNeutralDeg, pitchFromNeutralDeg }, state);

describe('at each moment', () => {
  it.each(['long-blink', 'microsleep', 'sleep'] as const)('of a %s the lids are down', (kind) => {
    expect(moment(kind, { peakClosure: 0.974 })).toEqual({
      closureLimit: eyes.closedAt,
      closureLimitFrom: 'judge.eyes.closedAt',
      closureMargin: Number((0.974 - eyes.closedAt).toFixed(2)),
    });
  });

  it('of a blink they pass its peak', () => {
    expect(moment('blink', { peakClosure: 0.9 })).toEqual({
      closureLimit: eyes.blinkPeak,
      closureLimitFrom: 'judge.eyes.blinkPeak',
      closureMargin: Number((0.9 - eyes.blinkPeak).toFixed(2)),
    });
  });

  it('of a blink and of a closure are held against limits of their own', () => {
    const apart = { ...config, eyes: { ...eyes, blinkPeak: 0.6, closedAt: 0.7 } };
    const limitOf = (kind: BehaviourKind) =>
      atEachMoment(kind, { peakClosure: 0.9 }, unknown, apart)['closureLimit'];
    expect([limitOf('blink'), limitOf('long-blink'), limitOf('sleep')]).toEqual([0.6, 0.7, 0.7]);
  });

  it('of a yawn the mouth is wide open', () => {
    expect(moment('yawn', { peakMar: 0.65 })).toEqual({
      marLimit: mouth.yawnMar,
      marLimitFrom: 'judge.mouth.yawnMar',
      marMargin: Number((0.65 - mouth.yawnMar).toFixed(2)),
    });
    expect(moment('yawn', {})['marMargin']).toBeNull();
  });

  it('of all that is no closure, yawn or look nothing must hold', () => {
    for (const kind of ['drowsiness', 'stress', 'face-lost', 'lockout', 'unresponsive'] as const)
      expect(moment(kind, { yawFromNeutralDeg: 40, pitchFromNeutralDeg: 0 }, calibrated)).toEqual({});
  });
});

describe('a look off the road', () => {
  it.each([
    ['left', 30, 0, 'awayYawDeg', 30],
    ['right', -30, 0, 'awayYawDeg', 30],
    ['down', 0, -27, 'awayPitchDownDeg', 27],
    ['up', 0, 33, 'awayPitchUpDeg', 33],
  ] as const)('to the %s is measured against the limit of that side', (_, yaw, pitch, key, passedDeg) => {
    expect(away(yaw, pitch)).toEqual({
      awayLimitDeg: distraction[key],
      awayLimitFrom: `judge.distraction.${key}`,
      awayMarginDeg: Math.round(passedDeg - distraction[key]),
    });
  });

  it('is measured against the limit that it passed the farthest, in parts of it', () => {
    const { awayYawDeg, awayPitchDownDeg } = distraction;
    expect(away(2 * awayYawDeg, -1.9 * awayPitchDownDeg)['awayLimitFrom']).toContain('awayYawDeg');
    expect(away(1.9 * awayYawDeg, -2 * awayPitchDownDeg)['awayLimitFrom']).toContain('awayPitchDownDeg');
  });

  it('of one who is not known yet is measured against the wide limit', () => {
    for (const [yaw, pitch] of [
      [50, 0],
      [0, -50],
      [0, 50],
    ] as const)
      // prettier-ignore
      expect(away(yaw, pitch, unknown)).toEqual({
        awayLimitDeg: calibration.provisionalAwayDeg,
        awayLimitFrom: 'judge.calibration.provisionalAwayDeg',
        awayMarginDeg: 50 - calibration.provisionalAwayDeg,
      });
  });

  it('of known eyes is measured against the limits of the eyes where it passed them', () => {
    const { gazeYawDeg, gazePitchDeg } = distraction;
    expect(away(gazeYawDeg + 2, 0, withGaze)).toEqual({
      awayLimitDeg: gazeYawDeg,
      awayLimitFrom: 'judge.distraction.gazeYawDeg',
      awayMarginDeg: 2,
    });
    for (const pitch of [gazePitchDeg + 3, -gazePitchDeg - 3])
      expect(away(0, pitch, withGaze)).toEqual({
        awayLimitDeg: gazePitchDeg,
        awayLimitFrom: 'judge.distraction.gazePitchDeg',
        awayMarginDeg: 3,
      });
    expect(away(gazeYawDeg, 0, withGaze)['awayLimitFrom']).toBe('judge.distraction.awayYawDeg');
    expect(away(0, -gazePitchDeg, withGaze)['awayLimitFrom']).toBe('judge.distraction.awayPitchDownDeg');
    expect(away(gazeYawDeg + 2, 0)['awayLimitFrom']).toBe('judge.distraction.awayYawDeg');
    const blind = { ...calibrated, sight: { ...withGaze.sight!, gaze: null } };
    expect(away(gazeYawDeg + 2, 0, blind)['awayLimitFrom']).toBe('judge.distraction.awayYawDeg');
  });

  it('of unknown direction has no limit', () => {
    expect(moment('distraction', { yawFromNeutralDeg: 40 }, calibrated)).toEqual({});
    expect(moment('distraction', { pitchFromNeutralDeg: 40 }, calibrated)).toEqual({});
  });
});

describe('what was not seen', () => {
  it('is said with the frame rate and why the eyes were hidden', () => {
    const frames = { lastMs: 1, meanPeriodMs: 120, periods: 50, carriesBlinks: false };
    expect(notSeen({ ...withGaze, frames })).toEqual({
      fps: 8.3,
      eyesUnseen: 'covered',
      blinkStatistics: 'off: frame rate too low',
    });
    expect(notSeen(unknown)).toEqual({ fps: null, eyesUnseen: null, blinkStatistics: 'on' });
  });
});

describe('what was known of the driver', () => {
  const keys = (kind: BehaviourKind) => Object.keys(learned(kind, calibrated, config));
  const ofEyes = ['openEar', 'openEarLearnedMs'];
  const ofPose = ['calibration', 'neutralYawDeg', 'neutralPitchDeg', 'judgedSpeedKmh'];

  it('is of the eyes, of the pose or of both, as the behaviour is judged by them', () => {
    for (const kind of ['blink', 'long-blink', 'microsleep', 'sleep', 'drowsiness', 'eyes-not-seen'] as const)
      expect(keys(kind), kind).toEqual(ofEyes);
    for (const kind of ['glance', 'distraction', 'repeated-glances', 'lockout'] as const)
      expect(keys(kind), kind).toEqual(ofPose);
    expect(keys('unresponsive')).toEqual([...ofEyes, ...ofPose]);
    for (const kind of ['yawn', 'stress', 'face-lost', 'camera-blocked'] as const)
      expect(keys(kind), kind).toEqual([]);
  });

  it('of the eyes is the mean of both, learned for as long as the later one', () => {
    const of = (openEar: number, learnedMs: number) => ({ ...unknown.eyes.left, openEar, learnedMs });
    const state = {
      ...unknown,
      eyes: { ...unknown.eyes, left: of(0.3, 90_000.4), right: of(0.2, 80_000.4) },
    };
    expect(learned('sleep', state, config)).toEqual({ openEar: 0.25, openEarLearnedMs: 80_000 });
  });

  it('of the pose is where the head rests, and the speed while it is fresh', () => {
    const context = { ...unknownContext, speedKmh: 61.6, speedAtMs: 50_000 };
    expect(learned('glance', { ...calibrated, context }, config)).toEqual({
      ...{ calibration: 'done', neutralYawDeg: 3, neutralPitchDeg: -6, judgedSpeedKmh: 62 },
    });
    const stale = { ...context, speedAtMs: 50_000 - config.speed.staleAfterMs - 1 };
    expect(learned('glance', { ...calibrated, context: stale }, config)['judgedSpeedKmh']).toBeNull();
    expect(learned('glance', unknown, config)).toMatchObject({ calibration: 'none', neutralYawDeg: null });
  });
});

describe('evidence as it is told', () => {
  const sleep: EventOutcome = {
    type: 'event',
    kind: 'sleep',
    startMs: 0,
    endMs: 4000,
    evidence: { closedMs: 4000, peakClosure: 1 },
  };
  const driven = (state: DriverState, fps: number): DriverState => ({
    ...state,
    trip: { active: true, startMs: 0, cause: 'replay' },
    frames: { lastMs: 0, meanPeriodMs: 1000 / fps, periods: 9, carriesBlinks: true },
  });

  it('is completed by threshold, moment, what was not seen and what was known', () => {
    const [told] = withEvidence([sleep], unknown, driven(unknown, 20), config);
    expect(told).toMatchObject({
      ...{ type: 'event', kind: 'sleep', startMs: 0, endMs: 4000 },
      evidence: {
        ...{ closedMs: 4000, thresholdMs: eyes.sleepMs, closureLimit: eyes.closedAt, fps: 20 },
        openEarLearnedMs: 0,
      },
    });
  });

  it('is explained by the state after it, at the end of a trip by the one before', () => {
    const fpsOf = (before: DriverState, after: DriverState) => {
      const [told] = withEvidence([sleep], before, after, config);
      return told?.type === 'event' ? told.evidence['fps'] : undefined;
    };
    expect(fpsOf(driven(unknown, 10), driven(unknown, 20))).toBe(20);
    expect(fpsOf(driven(unknown, 10), unknown)).toBe(10);
  });

  it('is none of a trip, and nothing of nothing', () => {
    const ended = { type: 'trip', phase: 'end', cause: 'command', atMs: 9 } as const;
    expect(withEvidence([ended], unknown, unknown, config)).toEqual([ended]);
    const nothing = [] as const;
    expect(withEvidence(nothing, unknown, unknown, config)).toBe(nothing);
  });

  it('never overrules what the behaviour says itself, first and last', () => {
    const own = { ...sleep, evidence: { fps: 7, closedMs: 4000 } };
    const [told] = withEvidence([own], unknown, driven(unknown, 20), config);
    const evidence = told?.type === 'event' ? told.evidence : {};
    expect(evidence['fps']).toBe(7);
    expect(Object.keys(evidence).slice(0, 2)).toEqual(['fps', 'closedMs']);
  });
});

describe('the behaviours', () => {
  it('are all that is told, then all that is only recorded, each once with its rule', () => {
    const all = behaviours();
    const kinds = all.map(({ kind }) => kind);
    expect(kinds).toEqual([...ALERT_KINDS, ...EVENT_KINDS.filter((k) => !ALERT_KINDS.some((a) => a === k))]);
    for (const { kind, told, threshold } of all) {
      expect(told, kind).toBe(ALERT_KINDS.some((alert) => alert === kind));
      expect(threshold).toEqual(RULES[kind].threshold);
    }
  });
});
