/** What the policy tells of what cannot be seen, the attention level of a state, and when there is nothing to say. */
import { describe, expect, it } from 'vitest';
import { applyPolicy, attentionLevel, isQuiet } from '../../agent/judge/alert-policy.ts';
import type { DriverState } from '../../agent/judge/index.ts';
import {
  config,
  severity,
  eyes,
  distraction,
  face,
  NOW_MS,
  quiet,
  standing,
  driving,
  says,
  wanted,
  shutFor,
  awayFor,
  noticed,
  notices,
  hidden,
  openAs,
} from './policy-states.ts';

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
