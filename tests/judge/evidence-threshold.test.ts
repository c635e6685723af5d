/** Against which number a behaviour was measured, and how close it was. */
import { describe, expect, it } from 'vitest';
import { againstThreshold, configNumber, factNumber } from '../../agent/judge/evidence-threshold.ts';
import type { BehaviourKind } from '../../agent/judge/evidence-rules.ts';
import { initialState } from '../../agent/judge/index.ts';
import type { DriverState, Evidence } from '../../agent/judge/index.ts';
import { unknownContext } from '../../agent/judge/surroundings.ts';
import { judgeConfig } from '../stories/play.ts';

const config = judgeConfig;
const { distraction, unresponsive, lockout } = config;
const unknown: DriverState = { ...initialState('run'), atMs: 50_000 };
const against = (kind: BehaviourKind, evidence: Evidence, state = unknown) =>
  againstThreshold(kind, evidence, state, config);
/** The speed was told just now. */
const at = (speedKmh: number): DriverState => ({
  ...unknown,
  context: { ...unknownContext, speedKmh, speedAtMs: 50_000 },
});

describe('a threshold', () => {
  it('comes with where it is set, the margin in its unit, its share, and the window', () => {
    expect(against('sleep', { closedMs: 3600 })).toEqual({
      thresholdMs: 3000,
      thresholdFrom: 'judge.eyes.sleepMs',
      marginMs: 600,
      marginShare: 0.2,
      windowMs: null,
    });
    expect(against('drowsiness', { kssEstimate: 8.46 })).toEqual({
      thresholdKss: 8,
      thresholdFrom: 'judge.drowsiness.warnFromKss',
      marginKss: 0.5,
      marginShare: 0.06,
      windowMs: config.perclos.shortWindowMs,
      windowFrom: 'judge.perclos.shortWindowMs',
    });
    expect(against('stress', { strain: 0.612 })).toMatchObject({
      thresholdStrain: config.stress.raiseAt,
      marginStrain: Number((0.612 - config.stress.raiseAt).toFixed(2)),
    });
  });

  it('of a time carries no decimals', () => {
    expect(against('sleep', { closedMs: 3600.6 })['marginMs']).toBe(601);
  });

  it('stands alone where nothing was measured', () => {
    expect(against('sleep', {})).toEqual({
      thresholdMs: 3000,
      thresholdFrom: 'judge.eyes.sleepMs',
      windowMs: null,
    });
  });

  it.each([
    ['microsleep', 'closedMs', 'eyes.microsleepMs'],
    ['glance', 'awayMs', 'distraction.glanceMinMs'],
    ['yawn', 'openMs', 'mouth.yawnMinMs'],
    ['eyes-not-seen', 'lastedMs', 'eyes.notSeenNoticeMs'],
    ['repeated-glances', 'awayMs', 'distraction.repeatedAwayMs'],
  ] as const)('of %s is compared with its %s', (kind, key, path) => {
    const threshold = configNumber(config, path)!;
    expect(against(kind, { [key]: threshold + 70 })).toMatchObject({
      thresholdMs: threshold,
      thresholdFrom: `judge.${path}`,
      marginMs: 70,
    });
  });

  it('of zero has no share', () => {
    const none = { ...config, eyes: { ...config.eyes, sleepMs: 0 } };
    const { marginShare, marginMs } = againstThreshold('sleep', { closedMs: 500 }, unknown, none);
    expect([marginMs, marginShare]).toEqual([500, null]);
  });
});

describe('a number of the configuration', () => {
  it('is found by its path, the first of a list; nothing else is one', () => {
    expect(configNumber(config, 'eyes.sleepMs')).toBe(3000);
    expect(configNumber(config, 'distraction.levelMs')).toBe(distraction.levelMs[0]);
    expect(configNumber(config, 'eyes')).toBeNull();
    expect(configNumber(config, 'trip.automatic')).toBeNull();
    expect(configNumber(config, 'nothing.of.that.name')).toBeNull();
  });

  it('of evidence is a number, not a word', () => {
    expect(factNumber({ closedMs: 7 }, 'closedMs')).toBe(7);
    expect(factNumber({ closedMs: 'long' }, 'closedMs')).toBeNull();
    expect(factNumber({}, 'closedMs')).toBeNull();
  });
});

describe('a look away', () => {
  it('is measured against the highest level that it reached', () => {
    for (const [index, levelMs] of distraction.levelMs.entries()) {
      expect(against('distraction', { awayMs: levelMs })).toMatchObject({
        thresholdMs: levelMs,
        thresholdFrom: 'judge.distraction.levelMs',
        marginMs: 0,
      });
      const before = distraction.levelMs[Math.max(0, index - 1)];
      expect(against('distraction', { awayMs: levelMs - 1 })['thresholdMs']).toBe(before);
    }
  });

  it('counts with the inattention that it carried', () => {
    const [firstMs] = distraction.levelMs;
    expect(against('distraction', { awayMs: firstMs - 1000, carriedMs: 1200 })['marginMs']).toBe(200);
    expect(against('distraction', { carriedMs: 1200 })['marginMs']).toBe(1200 - firstMs);
  });

  it('is measured in the tier of the speed, or in the strictest if it was raised in that', () => {
    const { slowLevelMs, levelMs } = distraction;
    const slow = at(30);
    expect(against('distraction', { awayMs: slowLevelMs }, slow)).toMatchObject({
      thresholdMs: slowLevelMs,
      thresholdFrom: 'judge.distraction.slowLevelMs',
    });
    const secondMs = levelMs[1] + slowLevelMs - levelMs[0];
    expect(against('distraction', { awayMs: secondMs }, slow)['thresholdMs']).toBe(secondMs);
    expect(against('distraction', { awayMs: slowLevelMs - 1 }, slow)).toMatchObject({
      thresholdFrom: 'judge.distraction.levelMs',
    });
    expect(against('distraction', { awayMs: slowLevelMs }, at(0))).toMatchObject({
      thresholdFrom: 'judge.distraction.levelMs',
    });
    expect(against('distraction', { awayMs: slowLevelMs }, at(90))).toMatchObject({
      thresholdFrom: 'judge.distraction.levelMs',
    });
  });

  it('of a judge without a clock is measured in the strictest tier', () => {
    const timeless = { ...at(30), atMs: null };
    expect(against('distraction', { awayMs: 5000 }, timeless)['thresholdFrom']).toBe(
      'judge.distraction.levelMs',
    );
  });
});

describe('no response', () => {
  it('within its time of the warning is measured against that, else against the whole', () => {
    const soon = { closedMs: 4100, thresholdMs: unresponsive.closedMs - 1, behaviour: 'closed-eyes' };
    expect(against('unresponsive', soon)).toMatchObject({
      thresholdFrom: 'judge.unresponsive.noReturnMs',
      thresholdMs: unresponsive.closedMs - 1,
    });
    const late = { ...soon, thresholdMs: unresponsive.closedMs };
    expect(against('unresponsive', late)['thresholdFrom']).toBe('judge.unresponsive.closedMs');
    const away = { awayMs: 7000, behaviour: 'looking-away', thresholdMs: unresponsive.awayMs };
    expect(against('unresponsive', away)).toMatchObject({
      thresholdFrom: 'judge.unresponsive.awayMs',
      marginMs: 7000 - unresponsive.awayMs,
    });
  });

  it('counts time out of sight only where that was decided on', () => {
    const seen = { closedMs: 2000, hiddenMs: 4500, behaviour: 'closed-eyes' };
    const margin = (more: Evidence) => against('unresponsive', { ...seen, ...more })['marginMs'];
    expect(margin({ withHidden: true })).toBe(6500 - unresponsive.closedMs);
    expect(margin({ withHidden: false })).toBe(2000 - unresponsive.closedMs);
    expect(against('unresponsive', { closedMs: 2000, withHidden: true })['marginMs']).toBe(
      2000 - unresponsive.closedMs,
    );
    expect(against('unresponsive', { behaviour: 'closed-eyes' })['marginMs']).toBe(-unresponsive.closedMs);
  });

  it('is measured against the whole time where its threshold is not told', () => {
    const away = { ...config, unresponsive: { ...unresponsive, awayMs: 9000 } };
    const evidence = (behaviour: string) =>
      againstThreshold('unresponsive', { behaviour, awayMs: 1 }, unknown, away)['thresholdMs'];
    expect(evidence('looking-away')).toBe(9000);
    expect(evidence('closed-eyes')).toBe(unresponsive.closedMs);
  });
});

describe('a lockout', () => {
  it('is measured by number once that is reached, else by time', () => {
    const { terminalAlerts, terminalMs } = lockout;
    expect(against('lockout', { terminalAlerts, terminalMs: 1 })).toMatchObject({
      thresholdAlerts: terminalAlerts,
      thresholdFrom: 'judge.lockout.terminalAlerts',
      marginAlerts: 0,
    });
    expect(against('lockout', { terminalAlerts: terminalAlerts - 1, terminalMs: 31_000 })).toMatchObject({
      thresholdMs: terminalMs,
      thresholdFrom: 'judge.lockout.terminalMs',
      marginMs: 31_000 - terminalMs,
    });
    expect(against('lockout', {})).toMatchObject({ thresholdFrom: 'judge.lockout.terminalMs' });
  });
});

describe('a notice', () => {
  it.each([
    ['face-lost', 'no face', 'face.lostNoticeMs'],
    ['face-lost', 'pose uncertain', 'face.slowLevelMs'],
    ['camera-blocked', 'covered', 'camera.blockedNoticeMs'],
    ['camera-blocked', 'frozen', 'camera.frozenNoticeMs'],
  ] as const)('of %s by "%s" is measured against %s', (kind, cause, path) => {
    const threshold = configNumber(config, path)!;
    expect(against(kind, { cause, lastedMs: threshold + 5 })).toMatchObject({
      thresholdMs: threshold,
      thresholdFrom: `judge.${path}`,
      marginMs: 5,
    });
  });
});
