/** What the policy tells of a state, and how severe: each behaviour alone, at its limits. */
import { describe, expect, it } from 'vitest';
import { noClosure } from '../../agent/judge/closures.ts';
import { noLook } from '../../agent/judge/distraction.ts';
import {
  config,
  severity,
  eyes,
  distraction,
  NOW_MS,
  quiet,
  standing,
  says,
  wanted,
  lasting,
  shutFor,
  awayFor,
  noKssParts,
} from './policy-states.ts';

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
    const parts = { ...noKssParts, perclos: 5 };
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
