import { describe, expect, it } from 'vitest';
import {
  endDrowsiness,
  estimateKss,
  judgeDrowsiness,
  notDrowsy,
  observeSigns,
} from '../../agent/judge/drowsiness.ts';
import type { DrowsinessInput } from '../../agent/judge/drowsiness.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import { judgeConfig } from '../stories/play.ts';

const weights = judgeConfig.drowsiness;
const HOUR_MS = 3_600_000;

/** A rested driver well into a trip, with changes. */
function input(changes: {
  short?: number;
  long?: number;
  shortFill?: number;
  longSeenMs?: number;
  meanBlinkMs?: number | null;
  longBlinksPerMinute?: number;
  meanReopenMs?: number | null;
  yawns?: number;
  headNods?: number;
  tripMs?: number;
  hourOfDay?: number | null;
  carriesBlinks?: boolean;
}): DrowsinessInput {
  const fill = changes.shortFill ?? 1;
  const longSeenMs = changes.longSeenMs ?? 180_000;
  return {
    short: { share: changes.short ?? 0.03, seenMs: fill * 60_000, fill },
    long: { share: changes.long ?? 0.03, seenMs: longSeenMs, fill: longSeenMs / 180_000 },
    blinks: {
      blinksPerMinute: 15,
      meanBlinkMs: changes.meanBlinkMs === undefined ? 180 : changes.meanBlinkMs,
      longBlinksPerMinute: changes.longBlinksPerMinute ?? 0,
    },
    meanReopenMs: changes.meanReopenMs === undefined ? 100 : changes.meanReopenMs,
    yawns: changes.yawns ?? 0,
    headNods: changes.headNods ?? 0,
    tripMs: changes.tripMs ?? HOUR_MS,
    hourOfDay: changes.hourOfDay ?? null,
    carriesBlinks: changes.carriesBlinks ?? true,
  };
}
const kssOf = (changes: Parameters<typeof input>[0]) => estimateKss(input(changes), judgeConfig)!.kss;

describe('kssEstimate', () => {
  it('of a driver who shows nothing is the base', () => {
    expect(kssOf({})).toBe(weights.baseKss);
  });

  it('is drowsy when PERCLOS is so in both windows, and only then', () => {
    expect(kssOf({ short: 0.15, long: 0.1 })).toBeCloseTo(8);
    expect(kssOf({ short: 0.5, long: 0.04 })).toBe(weights.baseKss);
    expect(kssOf({ short: 0.05, long: 0.3 })).toBe(weights.baseKss);
    expect(kssOf({ short: 0.1125, long: 0.2 })).toBeCloseTo(5.5);
  });

  it('is drowsy by slow blinks alone when they are slow and many', () => {
    expect(kssOf({ meanBlinkMs: 500, longBlinksPerMinute: 10 })).toBeCloseTo(8);
    expect(kssOf({ meanBlinkMs: 375, longBlinksPerMinute: 2 })).toBeCloseTo(4);
    expect(kssOf({ longBlinksPerMinute: 6 })).toBeCloseTo(4.5);
  });

  it('takes yawns, hours at the wheel and the hour of day as supporting evidence only', () => {
    expect(kssOf({ yawns: 2 })).toBeCloseTo(4);
    expect(kssOf({ yawns: 20 })).toBeCloseTo(4.5);
    expect(kssOf({ tripMs: 2 * HOUR_MS })).toBe(3);
    expect(kssOf({ tripMs: 4.5 * HOUR_MS })).toBeCloseTo(4);
    expect(kssOf({ hourOfDay: 3 })).toBeCloseTo(4);
    expect(kssOf({ hourOfDay: 15 })).toBeCloseTo(3.5);
    expect(kssOf({ hourOfDay: weights.afternoonFromHour })).toBeCloseTo(3.5);
    expect(kssOf({ hourOfDay: weights.afternoonFromHour - 0.1 })).toBe(3);
    expect(kssOf({ hourOfDay: weights.nightFromHour })).toBeCloseTo(4);
    expect(kssOf({ hourOfDay: 6 })).toBe(3);
    expect(kssOf({ hourOfDay: 16 })).toBe(3);
    expect(kssOf({ headNods: 1 })).toBeCloseTo(3.25);
    expect(kssOf({ headNods: 20 })).toBeCloseTo(3.5);
    const all = { yawns: 20, headNods: 20, tripMs: 9 * HOUR_MS, hourOfDay: 0 };
    expect(kssOf(all)).toBeCloseTo(weights.baseKss + weights.supportMaxKss);
    expect(kssOf(all)).toBeLessThan(weights.clearBelowKss);
  });

  it('shrinks supporting parts alike where they would add too much', () => {
    const { parts } = estimateKss(
      input({ yawns: 20, headNods: 20, tripMs: 9 * HOUR_MS, hourOfDay: 0 }),
      judgeConfig,
    )!;
    expect(parts.trip).toBeCloseTo(parts.hour);
    expect(parts.yawns).toBeCloseTo(1.5 * parts.trip);
    expect(parts.yawns + parts.nods + parts.trip + parts.hour).toBeCloseTo(weights.supportMaxKss);
  });

  it('counts a night that begins later from its first hour on', () => {
    const later = { ...judgeConfig, drowsiness: { ...weights, nightFromHour: 2 } };
    const kssAt = (hourOfDay: number) => estimateKss(input({ hourOfDay }), later)!.kss;
    expect(kssAt(1.9)).toBe(weights.baseKss);
    expect(kssAt(2)).toBe(weights.baseKss + weights.nightKss);
  });

  it('rises as the lids reopen more slowly', () => {
    const middleMs = (weights.reopenFromMs + weights.reopenToMs) / 2;
    expect(kssOf({ meanReopenMs: weights.reopenFromMs })).toBe(weights.baseKss);
    expect(kssOf({ meanReopenMs: middleMs })).toBeCloseTo(weights.baseKss + weights.reopenKss / 2);
    expect(kssOf({ meanReopenMs: 5 * weights.reopenToMs })).toBeCloseTo(weights.baseKss + weights.reopenKss);
    expect(kssOf({ meanReopenMs: null })).toBe(weights.baseKss);
  });

  it('stays on the scale', () => {
    expect(kssOf({ short: 0.9, long: 0.9, meanBlinkMs: 900, longBlinksPerMinute: 30, yawns: 9 })).toBe(9);
  });

  it('is null until a minute of eyes was seen, half of the last minute among it', () => {
    expect(estimateKss(input({ longSeenMs: 59_999 }), judgeConfig)).toBeNull();
    expect(estimateKss(input({ shortFill: 0.49 }), judgeConfig)).toBeNull();
    expect(estimateKss(input({ shortFill: 0.5, longSeenMs: 60_000 }), judgeConfig)).not.toBeNull();
  });

  it('is the less confident the less was seen, and without blink statistics', () => {
    const confidenceOf = (changes: Parameters<typeof input>[0]) =>
      estimateKss(input(changes), judgeConfig)!.confidence;
    expect(confidenceOf({})).toBe(1);
    expect(confidenceOf({ longSeenMs: 90_000 })).toBeCloseTo(0.75);
    expect(confidenceOf({ carriesBlinks: false })).toBeCloseTo(weights.noBlinkConfidence);
  });

  it('says which evidence moved it', () => {
    const evidenceOf = (changes: Parameters<typeof input>[0]) =>
      estimateKss(input(changes), judgeConfig)!.evidence;
    expect(evidenceOf({})['movedMostBy']).toBeNull();
    expect(evidenceOf({ yawns: 1 })['movedMostBy']).toBe('yawns');
    expect(evidenceOf({ yawns: 1, short: 0.2, long: 0.2 })).toMatchObject({
      movedMostBy: 'perclos',
      kssByPerclos: 5,
      kssByYawns: 0.5,
      perclos60: 0.2,
      perclos180: 0.2,
      perclos60Fill: 1,
      meanBlinkMs: 180,
      meanReopenMs: 100,
      headNods: 0,
      tripMs: HOUR_MS,
      hourOfDay: null,
      kssConfidence: 1,
      kssBase: weights.baseKss,
    });
    expect(evidenceOf({ meanReopenMs: 400 })['movedMostBy']).toBe('reopening');
    expect(evidenceOf({ headNods: 1 })).toMatchObject({ movedMostBy: 'nods', kssByNods: 0.3, headNods: 1 });
    expect(evidenceOf({})['blinkStatistics']).toBe('on');
    expect(evidenceOf({ carriesBlinks: false, meanBlinkMs: null })).toMatchObject({
      meanBlinkMs: null,
      blinkStatistics: 'off: frame rate too low',
    });
  });
});

describe('signs of a frame', () => {
  const seen = (atMs: number, closure: number, changes: Partial<Sight> = {}) =>
    ({ atMs, closure, away: false, head: { yawDeg: 0, pitchDeg: 0 }, ...changes }) as Sight;
  const reopenings = (inYawn: boolean, changes: Partial<Sight>) => {
    const shut = observeSigns(notDrowsy, seen(0, 1, changes), inYawn, judgeConfig);
    return observeSigns(shut, seen(100, 0, changes), inYawn, judgeConfig).lids.recent.length;
  };

  it('are taken on the road alone: looks and yawns move the lids in their own way', () => {
    expect(reopenings(false, {})).toBe(1);
    expect(reopenings(true, {})).toBe(0);
    expect(reopenings(false, { away: true })).toBe(0);
    expect(reopenings(false, { closure: null })).toBe(0);
  });
});

describe('the head of a frame', () => {
  const seen = (atMs: number, pitchDeg: number, closure: number, head = true) =>
    ({ atMs, closure, away: false, head: head ? { yawDeg: 0, pitchDeg } : null }) as Sight;

  it('is followed for nods, and left where its pose is not known', () => {
    const first = observeSigns(notDrowsy, seen(0, -4, 1), false, judgeConfig);
    expect(first.head).toMatchObject({ restDeg: -4, lastMs: 0 });
    const shut = observeSigns(first, seen(100, -4, 1), false, judgeConfig);
    expect(shut.head).toMatchObject({ lastMs: 100, shutMs: 100, followed: true });
    const lost = observeSigns(shut, seen(200, 0, 1, false), false, judgeConfig);
    expect(lost.head).toMatchObject({ restDeg: -4, lastMs: 200, shutMs: 200, followed: false });
  });
});

describe('a drowsy period', () => {
  const after = (...shares: number[]) =>
    shares.reduce(
      (state, share, index) =>
        judgeDrowsiness(state, input({ short: share, long: share }), index * 1000, judgeConfig).state,
      notDrowsy,
    );

  it('begins at the warning level and ends below the clearing level', () => {
    expect(after(0.05, 0.14).drowsy).toBe(false);
    expect(after(0.05, 0.16).drowsy).toBe(true);
    expect(after(0.16, 0.14).drowsy).toBe(true);
    expect(after(0.16, 0.13).drowsy).toBe(false);
  });

  it('is told of exactly at its levels, and is no event before it has ended', () => {
    const at = (kss: number, from = notDrowsy) =>
      judgeDrowsiness(from, input({}), 1000, {
        ...judgeConfig,
        drowsiness: { ...weights, baseKss: kss },
      });
    expect(at(weights.clearBelowKss).state).toMatchObject({ tiredSinceMs: 1000, drowsy: false });
    expect(at(weights.clearBelowKss - 0.1).state.tiredSinceMs).toBeNull();
    const drowsy = at(weights.warnFromKss);
    expect(drowsy.state.drowsy).toBe(true);
    expect([drowsy.events, at(weights.clearBelowKss, drowsy.state).events, at(3).events]).toEqual([
      [],
      [],
      [],
    ]);
    expect(at(weights.clearBelowKss - 0.1, drowsy.state).events).toHaveLength(1);
  });

  it('that nothing was estimated of is an event without evidence', () => {
    const unknown = { ...notDrowsy, drowsy: true, tiredSinceMs: 500 };
    expect(endDrowsiness(unknown, 900).events).toEqual([
      { type: 'event', kind: 'drowsiness', startMs: 500, endMs: 900, evidence: {} },
    ]);
  });

  it('is recorded from the moment the driver grew tired', () => {
    const state = after(0.05, 0.14, 0.16);
    expect(state.tiredSinceMs).toBe(1000);
    const end = judgeDrowsiness(state, input({}), 9000, judgeConfig);
    expect(end.events).toMatchObject([{ kind: 'drowsiness', startMs: 1000, endMs: 9000 }]);
    expect(end.events[0]!.evidence['kssEstimate']).toBe(8);
    expect(endDrowsiness(state, 9500).events).toMatchObject([{ startMs: 1000, endMs: 9500 }]);
    expect(endDrowsiness(after(0.05), 9500).events).toEqual([]);
  });

  it('lasts while nothing can be estimated', () => {
    const hidden = judgeDrowsiness(after(0.16), input({ shortFill: 0.1 }), 5000, judgeConfig);
    expect(hidden.state).toMatchObject({ drowsy: true, estimate: null });
    expect(hidden.events).toEqual([]);
  });
});
