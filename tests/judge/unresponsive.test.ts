import { describe, expect, it } from 'vitest';
import { noClosure } from '../../agent/judge/closures.ts';
import type { ClosureState } from '../../agent/judge/closures.ts';
import { noLook } from '../../agent/judge/distraction.ts';
import type { LookState } from '../../agent/judge/distraction.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import { beginSpan, keepShowing } from '../../agent/judge/span.ts';
import { elapseResponse, endResponse, responseEvidence, responsive } from '../../agent/judge/unresponsive.ts';
import type { ResponseInput, UnresponsiveState } from '../../agent/judge/unresponsive.ts';
import { judgeConfig } from '../stories/play.ts';

const { unresponsive, eyes, distraction } = judgeConfig;
const soonMs = eyes.microsleepMs + unresponsive.noReturnMs;

const ahead: Sight = {
  atMs: 0,
  picture: 'usable',
  face: true,
  closure: 0,
  ear: 0.3,
  eyesUnseen: null,
  mar: 0.1,
  yawn: null,
  yawDeg: 0,
  pitchDeg: 0,
  rollDeg: 0,
  head: { yawDeg: 0, pitchDeg: 0 },
  gaze: null,
  away: false,
};
const noFace: Sight = { ...ahead, face: false, closure: null, head: null, away: null };
const calm: ResponseInput = {
  closure: noClosure,
  look: noLook,
  sight: ahead,
  times: distraction.levelMs,
  standing: false,
  parkedMs: 0,
};
/** Eyes that have been shut from 0 to `forMs`. */
const asleepFor = (forMs: number, asleep = true): ClosureState => ({
  ...noClosure,
  span: keepShowing(beginSpan(0), forMs),
  asleep,
});
const awayFor = (forMs: number, changes: Partial<LookState> = {}): LookState => ({
  ...noLook,
  span: keepShowing(beginSpan(0), forMs),
  level: 1,
  peakLevel: 1,
  ...changes,
});
const at = (nowMs: number, input: Partial<ResponseInput>, state: UnresponsiveState = responsive) =>
  elapseResponse(state, { ...calm, ...input }, nowMs, judgeConfig);
const shut = (forMs: number, input: Partial<ResponseInput> = {}, state = responsive) =>
  at(forMs, { closure: asleepFor(forMs), sight: { ...ahead, closure: 1 }, ...input }, state).state;
const away = (forMs: number, look: Partial<LookState> = {}, input: Partial<ResponseInput> = {}) =>
  at(forMs, { look: awayFor(forMs, look), sight: { ...ahead, away: true }, ...input }).state.noReturn;

describe('eyes that stay shut after the warning', () => {
  it('are no response after its time, not before', () => {
    expect(shut(soonMs - 1).noReturn).toBeNull();
    expect(shut(soonMs).noReturn).toEqual({
      behaviour: 'closed-eyes',
      startMs: 0,
      seenMs: soonMs,
      thresholdMs: soonMs,
      withHidden: false,
    });
  });

  it('count for nothing without a warning, or while the vehicle stands', () => {
    expect(shut(20_000, { closure: asleepFor(20_000, false) }).noReturn).toBeNull();
    expect(shut(20_000, { standing: true }).noReturn).toBeNull();
    expect(shut(20_000, { closure: { ...noClosure, asleep: true } }).noReturn).toBeNull();
    expect(at(20_000, { closure: asleepFor(20_000, false) }).events).toEqual([]);
    expect(at(500, { closure: asleepFor(500) }).events).toEqual([]);
  });

  it('are counted anew from when the vehicle moved on', () => {
    const parkedMs = 60_000;
    expect(shut(parkedMs + unresponsive.noReturnMs - 1, { parkedMs }).noReturn).toBeNull();
    expect(shut(parkedMs + unresponsive.noReturnMs, { parkedMs }).noReturn).not.toBeNull();
  });
});

describe('a look away that goes on after the warning', () => {
  const strictMs = distraction.levelMs[0] + unresponsive.noReturnMs;

  it('is no response after its time, not before', () => {
    expect(away(strictMs - 1)).toBeNull();
    expect(away(strictMs)).toMatchObject({ behaviour: 'looking-away', thresholdMs: strictMs });
  });

  it('counts from an earlier warning where inattention before had not worn off', () => {
    expect(away(4499, { carriedMs: 1500 })).toBeNull();
    expect(away(4500, { carriedMs: 1500 })).not.toBeNull();
    const leastMs = distraction.glanceMinMs + unresponsive.noReturnMs;
    expect(away(leastMs - 1, { carriedMs: 60_000 })).toBeNull();
    expect(away(leastMs, { carriedMs: 60_000 })).not.toBeNull();
  });

  it('counts later in the slow tier, and not at all where looks raise nothing', () => {
    const times = [6000, 8000, 14_000] as const;
    expect(away(8999, {}, { times })).toBeNull();
    expect(away(9000, {}, { times })).not.toBeNull();
    expect(away(20_000, {}, { times: null })).toBeNull();
    expect(away(20_000, { level: 0 })).toBeNull();
    expect(away(20_000, { span: null })).toBeNull();
    const shutAsWell = { closure: asleepFor(1000) };
    expect(away(20_000, { level: 0 }, shutAsWell)).toBeNull();
    expect(away(20_000, { span: null }, shutAsWell)).toBeNull();
  });

  it('counts the whole time later in the slow tier, by as much as level 1', () => {
    const times = [6000, 8000, 14_000] as const;
    const latestMs = unresponsive.awayMs + times[0] - distraction.levelMs[0];
    const hiding = { sight: { ...ahead, away: null }, times };
    const hiddenFor = (hiddenMs: number) =>
      at(
        10_000,
        { look: awayFor(5000, { span: { ...beginSpan(0), untilMs: 5000 } }), ...hiding },
        {
          ...responsive,
          hiddenMs,
          countedMs: 10_000,
        },
      ).state.noReturn;
    expect(hiddenFor(latestMs - 5001)).toBeNull();
    expect(hiddenFor(latestMs - 5000)).toMatchObject({ thresholdMs: latestMs, withHidden: true });
  });

  it('at a mirror was warned of no sooner than a check of it is over', () => {
    const zone = distraction.mirrorZones[0]!;
    const direction = { yawSumDeg: zone.yawMinDeg + 1, pitchSumDeg: zone.pitchMinDeg + 1, frames: 1 };
    const fromMs = distraction.mirrorGlanceMs + unresponsive.noReturnMs;
    expect(away(fromMs - 1, { carriedMs: 60_000, ...direction })).toBeNull();
    expect(away(fromMs, { carriedMs: 60_000, ...direction })).not.toBeNull();
  });
});

describe('time out of sight after the warning', () => {
  /** Shut for 2 s, then `sight` for `hiddenMs`, judged every 50 ms. */
  const hidden = (sight: Sight | null, hiddenMs: number): UnresponsiveState => {
    let state = shut(2000);
    for (let atMs = 2050; atMs <= 2000 + hiddenMs; atMs += 50)
      state = at(atMs, { closure: hiddenAt2s, sight }, state).state;
    return state;
  };
  const hiddenAt2s: ClosureState = {
    ...asleepFor(2000),
    span: { ...keepShowing(beginSpan(0), 2000), untilMs: 2000, unseenFromMs: 2000, hidden: 'untold' },
  };

  it('counts with the longer time: a lost face, a head that is not ahead', () => {
    const leftMs = unresponsive.closedMs - 2000;
    expect(hidden(noFace, leftMs - 50).noReturn).toBeNull();
    expect(hidden(noFace, leftMs).noReturn).toMatchObject({
      seenMs: 2000,
      thresholdMs: unresponsive.closedMs,
      withHidden: true,
    });
    const turned = { ...ahead, closure: null, away: true };
    expect(hidden(turned, leftMs).noReturn).not.toBeNull();
    expect(hidden({ ...turned, away: null }, leftMs).noReturn).not.toBeNull();
  });

  it.each([
    ['no frame at all', null],
    ['a covered lens', { ...noFace, picture: 'covered' }],
    ['a frozen picture', { ...noFace, picture: 'frozen' }],
    ['eyes that cannot be read in a face that looks ahead', { ...ahead, closure: null }],
  ] as const)('does not count: %s', (_, sight) => {
    expect(hidden(sight, 20_000)).toMatchObject({ hiddenMs: 0, noReturn: null });
  });

  it('of a look away counts where the direction is not known', () => {
    const input = { look: awayFor(4000), sight: { ...ahead, away: null } };
    let state = at(4000, input).state;
    for (let atMs = 4050; atMs <= 6000; atMs += 50) state = at(atMs, input, state).state;
    expect(state.hiddenMs).toBe(2000);
    expect(at(4100, { ...input, sight: ahead }, at(4000, input).state).state.hiddenMs).toBe(0);
  });

  it('of lids that are seen, with the head wherever it is, counts for nothing', () => {
    const lids = { ...ahead, closure: 1, away: true };
    expect(hidden(lids, 20_000).hiddenMs).toBe(0);
    const look = { look: awayFor(4000), sight: noFace };
    const lost = at(4100, { ...look, sight: { ...noFace, away: false } }, at(4000, look).state).state;
    expect(lost.hiddenMs).toBe(100);
  });

  it('is forgotten when the driver returned', () => {
    const state = hidden(noFace, 1000);
    expect(state.hiddenMs).toBe(1000);
    expect(at(9000, {}, state)).toEqual({ state: responsive, events: [] });
  });
});

describe('a driver who does not respond', () => {
  const gone = shut(5000);

  it('stays so while hiding, looking away, shutting the eyes, or behind a camera that fails', () => {
    const still = (sight: Sight | null, input: Partial<ResponseInput> = {}) =>
      at(6000, { sight, ...input }, gone).state.noReturn;
    expect(still(noFace)).not.toBeNull();
    expect(still({ ...ahead, away: true })).not.toBeNull();
    expect(still(null)).not.toBeNull();
    expect(still(ahead, { closure: asleepFor(6000) })).not.toBeNull();
  });

  it('responds when seen on the road, and that is an event', () => {
    const { state, events } = at(7000, {}, gone);
    expect(state).toEqual(responsive);
    expect(events).toEqual([
      {
        type: 'event',
        kind: 'unresponsive',
        startMs: 0,
        endMs: 7000,
        evidence: responseEvidence(gone),
      },
    ]);
    expect(at(7000, { sight: { ...ahead, away: null, closure: null } }, gone).state).toEqual(responsive);
  });

  it('is told no more once the vehicle stands, or the trip ends', () => {
    const standing = at(7000, { standing: true, closure: asleepFor(7000) }, gone);
    expect(standing.state).toEqual(responsive);
    expect(standing.events).toHaveLength(1);
    expect(endResponse(gone, 7000).events).toHaveLength(1);
    expect(endResponse(responsive, 7000)).toEqual({ state: responsive, events: [] });
  });

  it('is told with what was seen, and with the most of it', () => {
    expect(responseEvidence(gone)).toEqual({
      closedMs: 5000,
      hiddenMs: 0,
      thresholdMs: soonMs,
      withHidden: false,
      behaviour: 'closed-eyes',
    });
    const later = shut(8000, {}, gone);
    expect(responseEvidence(later)['closedMs']).toBe(8000);
    expect(at(8100, { sight: noFace }, later).state.noReturn!.seenMs).toBe(8000);
    const look = at(7000, { look: awayFor(7000), sight: { ...ahead, away: true } }).state;
    expect(responseEvidence(look)).toMatchObject({ awayMs: 7000, behaviour: 'looking-away' });
    expect(responseEvidence(responsive)).toEqual({});
    const lookedOn = { ...look, noReturn: { ...look.noReturn!, seenMs: 7000 } };
    const onward = { look: awayFor(7500, { level: 0 }), sight: { ...ahead, away: true } };
    expect(at(7500, onward, lookedOn).state.noReturn).toMatchObject({
      behaviour: 'looking-away',
      seenMs: 7500,
    });
    const shutOn = { closure: asleepFor(5600, false), sight: { ...ahead, closure: 1, away: true } };
    expect(at(5600, shutOn, gone).state.noReturn).toMatchObject({ behaviour: 'closed-eyes', seenMs: 5600 });
  });
});
