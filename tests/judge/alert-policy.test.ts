/** What the policy tells of a state, and how severe: each behaviour alone, at its limits. */
import { describe, expect, it } from 'vitest';
import { applyPolicy, attentionLevel, isQuiet } from '../../agent/judge/alert-policy.ts';
import type { AlertSlot, Wanted } from '../../agent/judge/alerts.ts';
import { noClosure } from '../../agent/judge/closures.ts';
import { noLook } from '../../agent/judge/distraction.ts';
import { initialState } from '../../agent/judge/index.ts';
import type { DriverState } from '../../agent/judge/index.ts';
import type { Notice } from '../../agent/judge/notices.ts';
import { beginSpan, keepShowing } from '../../agent/judge/span.ts';
import { unknownContext } from '../../agent/judge/surroundings.ts';
import { judgeConfig } from '../stories/play.ts';

const config = judgeConfig;
const { severity, eyes, distraction, face } = config;
const NOW_MS = 100_000;

const quiet: DriverState = {
  ...initialState('run'),
  atMs: NOW_MS,
  trip: { active: true, startMs: 0, cause: 'replay' },
};
const standing: Partial<DriverState> = {
  context: { ...unknownContext, speedKmh: 0, speedAtMs: NOW_MS, slowSinceMs: NOW_MS - 60_000 },
};
const driving = (changes: Partial<DriverState>): DriverState => ({ ...quiet, ...changes });
const says = (changes: Partial<DriverState>) => applyPolicy(driving(changes), NOW_MS, config);
const wanted = (slot: AlertSlot, changes: Partial<DriverState>): Wanted | undefined =>
  says(changes).wanted[slot];
/** A span that has shown up to now for `forMs`. */
const lasting = (forMs: number) => keepShowing(beginSpan(NOW_MS - forMs), NOW_MS);
const shutFor = (forMs: number, asleep = true) => ({
  ...noClosure,
  span: { ...lasting(forMs), unseenMs: 0 },
  asleep,
  peak: 0.9876,
});
const awayFor = (forMs: number, level: 0 | 1 | 2 | 3) => ({
  ...noLook,
  span: lasting(forMs),
  level,
  peakLevel: level,
  carriedMs: 500.4,
  yawSumDeg: 60,
  pitchSumDeg: -6,
  frames: 2,
});
const noticed = (forMs: number, changes: Partial<Notice> = {}): Notice => ({
  span: lasting(forMs),
  cause: 'no face',
  glimpsedMs: 0,
  told: true,
  afterMs: 8000,
  ...changes,
});
const notices = (changes: Partial<DriverState['notices']>) => ({
  notices: { ...quiet.notices, ...changes },
});
const hidden = (changes: Partial<DriverState['slowClock']>) => ({
  slowClock: { ...quiet.slowClock, ...changes },
});
const openAs = (slot: AlertSlot): Pick<DriverState, 'alerts'> => ({
  alerts: {
    count: 1,
    open: {
      [slot]: {
        ...{ kind: 'face-lost', severity: 1, ownLevel: 0, startMs: 0, evidence: {}, alertKey: 'run:1' },
      },
    },
  },
});

describe('the policy', () => {
  it('says nothing of a driver who shows nothing', () => {
    expect(says({})).toEqual({ level: 0, wanted: {} });
  });

  it('says nothing without a trip, whatever is seen', () => {
    const parked = { trip: { active: false, startMs: null, cause: null }, closure: shutFor(9000) } as const;
    expect(says(parked)).toEqual({ level: 0, wanted: {} });
  });

  it('tells only what is wanted, in slots of their own', () => {
    const both = says({ closure: shutFor(1500), look: awayFor(4000, 1) });
    expect(Object.keys(both.wanted)).toEqual(['closed-eyes', 'distraction']);
  });
});

describe('closed eyes', () => {
  it('are a microsleep, and from the time of a sleep on a sleep', () => {
    expect(wanted('closed-eyes', { closure: shutFor(eyes.sleepMs - 1) })).toMatchObject({
      kind: 'microsleep',
      severity: severity.microsleep,
      startMs: NOW_MS - eyes.sleepMs + 1,
      evidence: { closedMs: eyes.sleepMs - 1, thresholdMs: eyes.microsleepMs },
    });
    expect(wanted('closed-eyes', { closure: shutFor(eyes.sleepMs) })).toMatchObject({
      kind: 'sleep',
      severity: severity.sleep,
      evidence: { closedMs: eyes.sleepMs, thresholdMs: eyes.sleepMs },
    });
  });

  it('are told with how far they shut, what was not seen, and the frame rate if it is known', () => {
    const closure = { ...shutFor(2000), span: { ...lasting(2000), unseenMs: 120.4 } };
    const evidence = wanted('closed-eyes', { closure })?.evidence;
    expect(evidence).toMatchObject({ peakClosure: 0.99, unseenMs: 120, fps: null });
    const frames = { lastMs: NOW_MS, meanPeriodMs: 33.3, periods: 50, carriesBlinks: true };
    expect(wanted('closed-eyes', { closure, frames })?.evidence['fps']).toBe(30);
  });

  it('are told neither before they are a microsleep nor while the vehicle stands', () => {
    expect(wanted('closed-eyes', { closure: shutFor(5000, false) })).toBeUndefined();
    expect(wanted('closed-eyes', { closure: { ...noClosure, asleep: true } })).toBeUndefined();
    expect(says({ closure: shutFor(20_000), ...standing })).toEqual({ level: 0, wanted: {} });
  });

  it('stand at the level of their length', () => {
    const levelAfter = (forMs: number) => wanted('closed-eyes', { closure: shutFor(forMs) })?.ownLevel;
    expect(levelAfter(eyes.microsleepMs)).toBe(1);
    expect(levelAfter(eyes.sleepMs)).toBe(2);
    expect(levelAfter(60_000)).toBe(3);
  });
});

describe('a look away', () => {
  it.each([1, 2, 3] as const)('at level %i has the severity of that level', (level) => {
    expect(wanted('distraction', { look: awayFor(7000, level) })).toEqual({
      kind: 'distraction',
      severity: severity.distraction[level - 1],
      ownLevel: level,
      startMs: NOW_MS - 7000,
      evidence: {
        awayMs: 7000,
        carriedMs: 500,
        yawFromNeutralDeg: 30,
        pitchFromNeutralDeg: -3,
        mirror: null,
        unseenMs: 0,
      },
    });
  });

  it('is not told before it has raised a level', () => {
    expect(wanted('distraction', { look: awayFor(7000, 0) })).toBeUndefined();
    expect(wanted('distraction', { look: { ...noLook, level: 1 } })).toBeUndefined();
  });
});

describe('a driver who does not respond', () => {
  it('is told as long as that lasts, and adds no level', () => {
    const noReturn = {
      behaviour: 'closed-eyes',
      startMs: 94_000,
      seenMs: 5000,
      thresholdMs: 4000,
      withHidden: false,
    } as const;
    expect(says({ unresponsive: { ...quiet.unresponsive, noReturn } })).toEqual({
      level: 0,
      wanted: {
        unresponsive: {
          kind: 'unresponsive',
          severity: severity.unresponsive,
          ownLevel: 0,
          startMs: 94_000,
          evidence: {
            ...{ closedMs: 5000, hiddenMs: 0, thresholdMs: 4000, withHidden: false },
            behaviour: 'closed-eyes',
          },
        },
      },
    });
  });
});

describe('a lockout', () => {
  it('holds the highest level, with what led to it and against what', () => {
    const lockout = { ...quiet.lockout, terminalAlerts: 3, terminalMs: 12_000, sinceMs: 70_000 };
    expect(says({ lockout })).toEqual({
      level: 3,
      wanted: {
        lockout: {
          kind: 'lockout',
          severity: severity.lockout,
          ownLevel: 3,
          startMs: 70_000,
          evidence: {
            terminalAlerts: 3,
            terminalMs: 12_000,
            thresholdAlerts: config.lockout.terminalAlerts,
            thresholdMs: config.lockout.terminalMs,
          },
        },
      },
    });
    expect(says({ lockout: { ...lockout, sinceMs: null } })).toEqual({ level: 0, wanted: {} });
  });
});

describe('repeated glances', () => {
  it('are level 1, with the time that they add up to', () => {
    const glances = { ...quiet.glances, reachedSinceMs: 90_000, peakAwayMs: 10_400.6 };
    expect(says({ glances })).toEqual({
      level: 1,
      wanted: {
        'repeated-glances': {
          kind: 'repeated-glances',
          severity: severity.repeatedGlances,
          ownLevel: 1,
          startMs: 90_000,
          evidence: {
            awayMs: 10_401,
            thresholdMs: distraction.repeatedAwayMs,
            windowMs: distraction.repeatedWindowMs,
          },
        },
      },
    });
  });
});

describe('drowsiness and stress', () => {
  const drowsiness = { ...quiet.drowsiness, drowsy: true, tiredSinceMs: 40_000 };
  const stress = { ...quiet.stress, stressed: true, sinceMs: 50_000, strain: 0.7 };

  it('warn without a level', () => {
    const told = says({ drowsiness, stress });
    expect(told.level).toBe(0);
    expect(told.wanted.drowsiness).toEqual({
      kind: 'drowsiness',
      severity: severity.drowsiness,
      ownLevel: 0,
      startMs: 40_000,
      evidence: { thresholdKss: config.drowsiness.warnFromKss },
    });
    expect(told.wanted.stress).toMatchObject({
      kind: 'stress',
      severity: severity.stress,
      ownLevel: 0,
      startMs: 50_000,
      evidence: { strain: 0.7 },
    });
  });

  it('of drowsiness carry what the estimate says', () => {
    const parts = {
      perclos: 5,
      closures: 0,
      reopening: 0,
      longBlinks: 0,
      yawns: 0,
      nods: 0,
      trip: 0,
      hour: 0,
    };
    const estimate = { kss: 8, confidence: 1, parts, evidence: { kssEstimate: 8 } };
    const told = wanted('drowsiness', { drowsiness: { ...drowsiness, estimate } });
    expect(told?.evidence).toMatchObject({ kssEstimate: 8 });
  });

  it('are not told of who is only on the way there', () => {
    expect(says({ drowsiness: { ...drowsiness, drowsy: false } }).wanted).toEqual({});
    expect(says({ drowsiness: { ...drowsiness, tiredSinceMs: null } }).wanted).toEqual({});
    expect(says({ stress: { ...stress, stressed: false } }).wanted).toEqual({});
    expect(says({ stress: { ...stress, sinceMs: null } }).wanted).toEqual({});
  });
});

describe('a notice', () => {
  it.each([
    ['eyes-not-seen', severity.eyesNotSeen],
    ['face-lost', severity.faceLost],
    ['camera-blocked', severity.cameraBlocked],
  ] as const)('of %s is told with its cause, and moves no level', (kind, itsSeverity) => {
    const told = notices({ [kind]: noticed(9000, { cause: 'why', afterMs: 7000 }) });
    expect(says(told)).toEqual({
      level: 0,
      wanted: {
        [kind]: {
          kind,
          severity: itsSeverity,
          ownLevel: 0,
          startMs: NOW_MS - 9000,
          evidence: { lastedMs: 9000, thresholdMs: 7000, cause: 'why' },
        },
      },
    });
    expect(says(notices({ [kind]: noticed(9000, { told: false }) })).wanted).toEqual({});
  });

  it.each(['eyes-not-seen', 'face-lost'] as const)('of %s is no news while the vehicle stands', (kind) => {
    const told = notices({ [kind]: noticed(9000) });
    expect(says({ ...told, ...standing }).wanted).toEqual({});
    expect(says({ ...told, ...standing, ...openAs(kind) }).wanted).toHaveProperty([kind]);
  });

  it('of the camera is told standing or not', () => {
    const told = notices({ 'camera-blocked': noticed(9000, { cause: 'covered' }) });
    expect(says({ ...told, ...standing }).wanted).toHaveProperty(['camera-blocked']);
  });
});

describe('the slow clock', () => {
  const lost = notices({ 'face-lost': noticed(25_000) });

  it.each([1, 2, 3] as const)('at level %i adds its level, its severity and its time', (peakLevel) => {
    const told = wanted('face-lost', { ...lost, ...hidden({ unseenMs: 20_000, peakLevel }) });
    expect(told).toMatchObject({
      severity: Math.max(severity.faceLost, severity.slowClock[peakLevel - 1]!),
      ownLevel: peakLevel,
      evidence: { cause: 'no face', lastedMs: 25_000, levelThresholdMs: face.slowLevelMs[peakLevel - 1] },
    });
  });

  it('never makes a notice less severe, and adds nothing below its first level', () => {
    const grave = { ...config, severity: { ...severity, faceLost: 3 as const } };
    const at = (peakLevel: 0 | 1) =>
      applyPolicy(driving({ ...lost, ...hidden({ unseenMs: 9000, peakLevel }) }), NOW_MS, grave).wanted[
        'face-lost'
      ];
    expect(at(1)).toMatchObject({ severity: 3, ownLevel: 1 });
    expect(at(0)).toMatchObject({ severity: 3, ownLevel: 0 });
    expect(at(0)?.evidence).not.toHaveProperty('levelThresholdMs');
  });

  it('adds to a blocked camera as well', () => {
    const blocked = notices({ 'camera-blocked': noticed(25_000, { cause: 'covered' }) });
    expect(
      wanted('camera-blocked', { ...blocked, ...hidden({ unseenMs: 24_500, peakLevel: 2 }) }),
    ).toMatchObject({ severity: severity.slowClock[1], ownLevel: 2 });
  });

  it('tells a pose that stays uncertain as a face that is not seen, once it has raised a level', () => {
    const unsure = { unseenMs: 15_200.4, startMs: 84_000, uncertainMs: 15_200, peakLevel: 1 } as const;
    expect(wanted('face-lost', hidden(unsure))).toEqual({
      kind: 'face-lost',
      severity: Math.max(severity.faceLost, severity.slowClock[0]),
      ownLevel: 1,
      startMs: 84_000,
      evidence: { lastedMs: 15_200, cause: 'pose uncertain', levelThresholdMs: face.slowLevelMs[0] },
    });
    expect(wanted('face-lost', hidden({ ...unsure, startMs: null }))?.startMs).toBe(NOW_MS);
    expect(wanted('face-lost', hidden({ ...unsure, peakLevel: 0 }))).toBeUndefined();
    expect(wanted('face-lost', hidden({ ...unsure, uncertainMs: 0 }))).toBeUndefined();
  });

  it('leaves an uncertain pose to the notice that was told already', () => {
    const unsure = hidden({ unseenMs: 16_000, startMs: 84_000, uncertainMs: 16_000, peakLevel: 1 });
    const blocked = notices({ 'camera-blocked': noticed(9000, { cause: 'covered' }) });
    expect(wanted('face-lost', { ...unsure, ...blocked })).toBeUndefined();
    const untold = notices({ 'camera-blocked': noticed(2000, { cause: 'covered', told: false }) });
    expect(wanted('face-lost', { ...unsure, ...untold })?.evidence['cause']).toBe('pose uncertain');
    expect(wanted('face-lost', { ...unsure, ...lost })?.evidence['cause']).toBe('no face');
  });
});

describe('the attention level', () => {
  const levelOf = (changes: Partial<DriverState>) => attentionLevel(driving(changes), NOW_MS, config);

  it('is the highest of what lasts and of what has not worn off', () => {
    const attention = { ...quiet.attention, lapseMs: distraction.levelMs[1] };
    expect(levelOf({ look: awayFor(4000, 1) })).toBe(1);
    expect(levelOf({ look: awayFor(4000, 1), attention })).toBe(2);
    expect(levelOf({ look: awayFor(9000, 3), attention })).toBe(3);
    expect(levelOf({ attention: { ...quiet.attention, terminal: true } })).toBe(3);
    expect(levelOf({ closure: shutFor(eyes.sleepMs) })).toBe(2);
    expect(levelOf(hidden({ unseenMs: face.slowLevelMs[1], peakLevel: 2 }))).toBe(2);
    expect(levelOf({ glances: { ...quiet.glances, reachedSinceMs: 90_000 } })).toBe(1);
    expect(levelOf({ lockout: { ...quiet.lockout, sinceMs: 90_000 } })).toBe(3);
  });
});

describe('quiet', () => {
  it('is a state of which there is nothing to say', () => {
    expect(isQuiet(quiet)).toBe(true);
  });

  it.each([
    ['an open alert', openAs('face-lost')],
    ['level 3 reached', { attention: { ...quiet.attention, terminal: true } }],
    ['inattention that has not worn off', { attention: { ...quiet.attention, lapseMs: 1 } }],
    ['time unseen', hidden({ unseenMs: 1 })],
    ['a lockout', { lockout: { ...quiet.lockout, sinceMs: 0 } }],
    ['closed eyes', { closure: shutFor(2000) }],
    ['a look away', { look: awayFor(4000, 1) }],
    ['repeated glances', { glances: { ...quiet.glances, reachedSinceMs: 0 } }],
    ['drowsiness', { drowsiness: { ...quiet.drowsiness, drowsy: true } }],
    ['stress', { stress: { ...quiet.stress, stressed: true } }],
    ['a lost face', notices({ 'face-lost': noticed(9000) })],
    ['eyes that are not seen', notices({ 'eyes-not-seen': noticed(9000) })],
    ['a blocked camera', notices({ 'camera-blocked': noticed(9000) })],
    [
      'no response',
      {
        unresponsive: {
          ...quiet.unresponsive,
          noReturn: {
            behaviour: 'closed-eyes',
            ...{ startMs: 0, seenMs: 1, thresholdMs: 1, withHidden: false },
          },
        },
      },
    ],
  ] as const satisfies readonly (readonly [string, Partial<DriverState>])[])('is not: %s', (_, changes) => {
    expect(isQuiet(driving(changes))).toBe(false);
  });

  it('stays while nothing that lasts was told yet', () => {
    const untold = notices({ 'face-lost': noticed(2000, { told: false }) });
    expect(isQuiet(driving({ ...untold, closure: shutFor(500, false), look: awayFor(500, 0) }))).toBe(true);
  });
});
