/** Evidence as it leaves the judge: every alert and every event says against what it was measured. */
import { describe, expect, it } from 'vitest';
import { RULES } from '../../agent/judge/evidence-rules.ts';
import { configNumber } from '../../agent/judge/evidence-threshold.ts';
import { withEvidence } from '../../agent/judge/evidence.ts';
import { initialState } from '../../agent/judge/index.ts';
import type { AlertOutcome, DriverState, EventOutcome, Evidence } from '../../agent/judge/index.ts';
import { drive, inOrder } from '../stories/drive.ts';
import type { Act } from '../stories/drive.ts';
import { judgeConfig, play } from '../stories/play.ts';

const DROWSY: Act[] = Array.from({ length: 45 }, (_, n) => ({
  fromS: 220 + n * 2.8,
  toS: 220.65 + n * 2.8,
  does: 'close-eyes',
}));
const EVERYTHING: Act[] = [
  { fromS: 80, toS: 85.5, does: 'close-eyes' },
  { fromS: 95, toS: 97, does: 'close-eyes' },
  { fromS: 100, toS: 101, does: 'look', yawDeg: 28 },
  { fromS: 110, toS: 118, does: 'look', pitchDeg: -27 },
  { fromS: 130, toS: 144, does: 'leave' },
  { fromS: 160, toS: 175, does: 'hide-eyes', reason: 'covered' },
  { fromS: 180, toS: 192, does: 'cover' },
  { fromS: 205, toS: 210, does: 'open-mouth', mar: 0.6 },
  ...DROWSY,
  ...[0, 1, 2, 3, 4, 5].map((n): Act => ({
    fromS: 370 + n * 4,
    toS: 372.6 + n * 4,
    does: 'look',
    yawDeg: 28,
  })),
];
const told = play(drive({ seconds: 420, acts: EVERYTHING })).outcomes;
const one = (match: Partial<AlertOutcome> | Partial<EventOutcome>) => {
  const found = told.find((o) =>
    Object.entries(match).every(([key, value]) => o[key as keyof typeof o] === value),
  );
  if (found === undefined) throw new Error(`nothing like ${JSON.stringify(match)}`);
  return found.evidence;
};

const event = (kind: EventOutcome['kind'], evidence: Evidence): EventOutcome => ({
  type: 'event',
  kind,
  startMs: 0,
  endMs: 1,
  evidence,
});
/** Evidence of an event that ends in a state which knows nothing. */
function completed(kind: EventOutcome['kind'], evidence: Evidence): Evidence {
  const [told] = withEvidence([event(kind, evidence)], initialState('a'), initialState('a'), judgeConfig);
  return told?.type === 'event' ? told.evidence : {};
}

describe('evidence', () => {
  it('of every alert and event names its threshold, where it is set, and how close it was', () => {
    const kinds = new Set(told.map((o) => o.kind));
    for (const kind of [
      'blink',
      'glance',
      'yawn',
      'microsleep',
      'sleep',
      'distraction',
      'drowsiness',
    ] as const) {
      expect(kinds, kind).toContain(kind);
    }
    for (const { kind, evidence } of told) {
      const path = String(evidence['thresholdFrom']);
      expect(path, kind).toMatch(/^judge\./);
      expect(configNumber(judgeConfig, path.slice('judge.'.length)), `${kind}: ${path}`).not.toBeNull();
      const unit = ['Ms', 'Kss', 'Alerts', 'Strain'].find((name) => `margin${name}` in evidence);
      expect(evidence[`threshold${unit}`], kind).toBeTypeOf('number');
      expect(evidence['windowMs'], kind).toBeDefined();
      expect(evidence['fps'], kind).toBeTypeOf('number');
    }
  });

  it('has only finite numbers, short words and nothing else', () => {
    for (const { evidence } of told) {
      for (const [key, fact] of Object.entries(evidence)) {
        if (typeof fact === 'number') expect(Number.isFinite(fact), key).toBe(true);
        if (typeof fact === 'string') expect(fact.length, key).toBeLessThan(64);
        expect(key).toMatch(/^[a-z][A-Za-z0-9]*$/);
      }
    }
  });

  it('of a raised alert has just reached its threshold, of a cleared one says by how much it was passed', () => {
    expect(one({ type: 'alert', kind: 'microsleep', phase: 'raised' })).toMatchObject({
      closedMs: 1000,
      thresholdMs: 1000,
      thresholdFrom: 'judge.eyes.microsleepMs',
      marginMs: 0,
      windowMs: null,
      closureLimitFrom: 'judge.eyes.closedAt',
    });
    const cleared = one({ type: 'alert', kind: 'sleep', phase: 'cleared' });
    expect(cleared).toMatchObject({ thresholdMs: 3000, thresholdFrom: 'judge.eyes.sleepMs' });
    expect(cleared['marginMs']).toBe(Number(cleared['closedMs']) - 3000);
    expect(cleared['marginShare']).toBeCloseTo(Number(cleared['marginMs']) / 3000, 2);
  });

  it('of a look away names the limit of the side it went to, and what was known of the driver', () => {
    expect(one({ type: 'event', kind: 'distraction' })).toMatchObject({
      awayLimitDeg: judgeConfig.distraction.awayPitchDownDeg,
      awayLimitFrom: 'judge.distraction.awayPitchDownDeg',
      awayMarginDeg: 9,
      calibration: 'done',
      judgedSpeedKmh: null,
    });
    expect(one({ type: 'event', kind: 'glance' })['awayLimitFrom']).toBe('judge.distraction.awayYawDeg');
  });

  it('of repeated glances and of drowsiness names the window', () => {
    expect(one({ type: 'alert', kind: 'repeated-glances' })).toMatchObject({
      windowMs: 30_000,
      windowFrom: 'judge.distraction.repeatedWindowMs',
      thresholdFrom: 'judge.distraction.repeatedAwayMs',
    });
    expect(one({ type: 'alert', kind: 'drowsiness' })).toMatchObject({
      windowMs: 60_000,
      thresholdKss: 8,
      thresholdFrom: 'judge.drowsiness.warnFromKss',
    });
  });

  it('of a notice is measured against the time of its own cause', () => {
    const frozen = play(drive({ seconds: 40, acts: [{ fromS: 20, toS: 40, does: 'freeze' }] })).outcomes;
    const raised = frozen.find((o) => o.type === 'alert');
    expect(raised?.evidence).toMatchObject({ cause: 'frozen', thresholdFrom: 'judge.camera.frozenNoticeMs' });
    expect(one({ type: 'alert', kind: 'camera-blocked' })['thresholdFrom']).toBe(
      'judge.camera.blockedNoticeMs',
    );
    expect(one({ type: 'alert', kind: 'eyes-not-seen' })['eyesUnseen']).toBe('covered');
  });

  it('is measured against the tier of the speed', () => {
    const slow = inOrder(
      Array.from({ length: 100 }, (_, n) => ({
        kind: 'context' as const,
        atMs: n * 1000,
        speedKmh: 30,
        ignitionOn: true,
        hourOfDay: null,
      })),
      drive({ seconds: 100, acts: [{ fromS: 80, toS: 88, does: 'look', yawDeg: 28 }] }),
    );
    const raised = play(slow).outcomes.find((o) => o.type === 'alert' && o.kind === 'distraction');
    expect(raised).toMatchObject({
      evidence: {
        thresholdMs: 6000,
        thresholdFrom: 'judge.distraction.slowLevelMs',
        marginMs: 0,
        judgedSpeedKmh: 30,
      },
    });
  });

  it('of a look with known eyes names the limit of the eyes only where they passed it', () => {
    const calm: Act = { fromS: 0, toS: 90, does: 'gaze' };
    const endedBy = (act: Act) =>
      play(drive({ seconds: 90, acts: [calm, act], poseNoiseDeg: 0 })).outcomes.find(
        ({ kind }) => kind === 'glance',
      )?.evidence;
    expect(endedBy({ fromS: 80, toS: 82, does: 'gaze', pitchDeg: -36 })).toMatchObject({
      awayLimitFrom: 'judge.distraction.gazePitchDeg',
      awayLimitDeg: judgeConfig.distraction.gazePitchDeg,
    });
    expect(endedBy({ fromS: 80, toS: 82, does: 'look', pitchDeg: -24 })).toMatchObject({
      awayLimitFrom: 'judge.distraction.awayPitchDownDeg',
      awayLimitDeg: judgeConfig.distraction.awayPitchDownDeg,
    });
  });

  it('of a lockout names what was reached, the number or the time', () => {
    const { terminalAlerts, terminalMs } = judgeConfig.lockout;
    expect(completed('lockout', { terminalAlerts, terminalMs: 5000 })).toMatchObject({
      thresholdAlerts: terminalAlerts,
      thresholdFrom: 'judge.lockout.terminalAlerts',
      marginAlerts: 0,
    });
    expect(completed('lockout', { terminalAlerts: 1, terminalMs: terminalMs + 100 })).toMatchObject({
      thresholdMs: terminalMs,
      thresholdFrom: 'judge.lockout.terminalMs',
      marginMs: 100,
    });
  });

  it('of an unresponsive driver counts what followed out of sight where that was decided on', () => {
    const behaviour = 'closed-eyes';
    const soon = { closedMs: 4000, hiddenMs: 500, thresholdMs: 4000, withHidden: false, behaviour };
    expect(completed('unresponsive', soon)).toMatchObject({
      thresholdFrom: 'judge.unresponsive.noReturnMs',
      marginMs: 0,
    });
    const late = { closedMs: 2000, hiddenMs: 4100, thresholdMs: 6000, withHidden: true, behaviour };
    expect(completed('unresponsive', late)).toMatchObject({
      thresholdFrom: 'judge.unresponsive.closedMs',
      marginMs: 100,
    });
    const looked = {
      awayMs: 6200,
      hiddenMs: 0,
      thresholdMs: 6000,
      withHidden: true,
      behaviour: 'looking-away',
    };
    expect(completed('unresponsive', looked)['thresholdFrom']).toBe('judge.unresponsive.awayMs');
  });

  it('of stress is measured in strain', () => {
    expect(completed('stress', { strain: 0.7 })).toMatchObject({
      thresholdStrain: judgeConfig.stress.raiseAt,
      thresholdFrom: 'judge.stress.raiseAt',
      windowFrom: 'judge.stress.memoryMs',
    });
    expect(completed('stress', { strain: null })).not.toHaveProperty('marginStrain');
  });

  it('never overrules what the behaviour says itself, and tells the end of a trip by the state before', () => {
    expect(completed('sleep', { closedMs: 4000, thresholdMs: 1 })['thresholdMs']).toBe(1);
    const before: DriverState = { ...play(drive({ seconds: 90, trip: 'unended' })).state };
    const [told] = withEvidence([event('drowsiness', {})], before, initialState('over'), judgeConfig);
    expect(told).toMatchObject({ evidence: { openEarLearnedMs: expect.any(Number) as number } });
    expect(withEvidence([], before, before, judgeConfig)).toEqual([]);
  });

  it('says that the frame rate does not carry blinks', () => {
    const slow = play(drive({ seconds: 60, fps: 8, acts: [{ fromS: 30, toS: 32, does: 'close-eyes' }] }));
    const raised = slow.outcomes.find((o) => o.type === 'alert');
    expect(raised?.evidence).toMatchObject({ fps: 8, blinkStatistics: 'off: frame rate too low' });
  });

  it('rests on a rule for each behaviour whose threshold is a number', () => {
    for (const [kind, rule] of Object.entries(RULES)) {
      const [first] = rule.threshold;
      if (first !== undefined) expect(configNumber(judgeConfig, first), kind).toBeGreaterThan(0);
    }
  });
});
