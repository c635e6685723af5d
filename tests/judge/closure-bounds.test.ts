import { describe, expect, it } from 'vitest';
import { asleepMs, elapseClosure, noClosure, observeClosure } from '../../agent/judge/closures.ts';
import type { ClosureState, EndedClosure } from '../../agent/judge/closures.ts';
import type { EventOutcome } from '../../agent/judge/outcome.ts';
import { beginSpan } from '../../agent/judge/span.ts';
import { judgeConfig } from '../stories/play.ts';

/** Closures that hold from one time to the next, seen every 50 ms and at each change, and ticked just before it. */
function lids(...changes: readonly (readonly [fromMs: number, closure: number | null])[]) {
  let state = noClosure;
  const events: EventOutcome[] = [];
  const ended: EndedClosure[] = [];
  const take = (step: ReturnType<typeof observeClosure>) => {
    state = step.state;
    events.push(...step.events);
    if (step.ended) ended.push(step.ended);
  };
  for (const [index, [fromMs, closure]] of changes.entries()) {
    const toMs = changes[index + 1]?.[0] ?? fromMs + 1;
    for (let atMs = fromMs; atMs < toMs; atMs += 50)
      take(observeClosure(state, closure, atMs, { inYawn: false, ahead: false }, judgeConfig));
    if (index + 1 < changes.length) take(elapseClosure(state, toMs, judgeConfig));
  }
  return { state, events, ended, kinds: events.map((e) => e.kind) };
}
const wideOpen = 0.05;
const { eyes } = judgeConfig;

describe('the length of a closure', () => {
  it.each([
    [eyes.blinkMinMs - 1, []],
    [eyes.blinkMinMs, ['blink']],
    [eyes.longBlinkMs - 1, ['blink']],
    [eyes.longBlinkMs, ['long-blink']],
    [eyes.microsleepMs - 1, ['long-blink']],
    [eyes.microsleepMs, ['microsleep']],
    [eyes.sleepMs - 1, ['microsleep']],
    [eyes.sleepMs, ['sleep']],
  ])('of %i ms makes it %j', (forMs, kinds) => {
    const backMs = 100 + forMs;
    expect(lids([0, wideOpen], [100, 0.95], [backMs, wideOpen], [backMs + 400, wideOpen]).kinds).toEqual(
      kinds,
    );
  });

  it('is told in the event and in the statistics, without what was hidden', () => {
    const { events, ended } = lids(
      [0, wideOpen],
      [100, 0.954],
      [1300, null],
      [1400, 0.946],
      [2000, wideOpen],
      [2400, wideOpen],
    );
    expect(events).toEqual([
      {
        type: 'event',
        kind: 'microsleep',
        startMs: 100,
        endMs: 2000,
        evidence: { closedMs: 1800, peakClosure: 0.95, unseenMs: 100, endSeen: true },
      },
    ]);
    expect(ended).toEqual([{ kind: 'microsleep', endMs: 2000, lastedMs: 1800 }]);
  });
});

describe('the levels of the lids', () => {
  it('begin a closure at half shut, and end it below the hysteresis', () => {
    expect(lids([0, wideOpen], [50, eyes.blinkAt]).state.span).not.toBeNull();
    expect(lids([0, wideOpen], [50, eyes.blinkAt - 0.01]).state.span).toBeNull();
    expect(lids([0, wideOpen], [50, 0.95], [150, eyes.blinkUntil]).state.span).not.toBeNull();
    expect(lids([0, wideOpen], [50, 0.95], [150, eyes.blinkUntil - 0.01]).state.span).toBeNull();
  });

  it('make a blink from its peak on', () => {
    const peak = (closure: number) => lids([0, wideOpen], [100, closure], [200, wideOpen]).kinds;
    expect(peak(eyes.blinkPeak)).toEqual(['blink']);
    expect(peak(eyes.blinkPeak - 0.01)).toEqual([]);
  });

  it('count as shut from P80 on', () => {
    expect(lids([0, wideOpen], [100, eyes.closedAt]).state.shut).toEqual(beginSpan(100));
    expect(lids([0, wideOpen], [100, eyes.closedAt - 0.01]).state.shut).toBeNull();
  });

  it('leave nothing behind once open, but that they were seen', () => {
    expect(lids([0, wideOpen], [100, 0.95], [200, wideOpen]).state).toEqual({
      ...noClosure,
      lastClosure: wideOpen,
    });
  });

  it('that are hidden while they hesitate leave the closure open', () => {
    const { state, events } = lids([0, wideOpen], [50, 0.95], [150, 0.45], [200, null], [250, null]);
    expect([state.span?.startMs, events]).toEqual([50, []]);
  });

  it('that hide for a moment stay shut all the while', () => {
    expect(lids([0, wideOpen], [100, 0.95], [300, null], [400, 0.95]).state).toMatchObject({
      shut: { startMs: 100 },
      shutBeforeMs: 0,
    });
  });

  it('were not seen open before a closure that follows another after silence', () => {
    const afterSilence = (closure: number) =>
      [
        [100, closure],
        [1000, 0.95],
        [1100, 0.95],
        [1150, wideOpen],
      ].reduce<{ state: ClosureState; kinds: string[] }>(
        ({ state, kinds: told }, [atMs, seen]) => {
          const step = observeClosure(state, seen!, atMs!, { inYawn: false, ahead: false }, judgeConfig);
          return { state: step.state, kinds: [...told, ...step.events.map((e) => e.kind)] };
        },
        { state: noClosure, kinds: [] },
      ).kinds;
    expect(afterSilence(0.95)).toEqual([]);
    expect(afterSilence(eyes.blinkAt)).toEqual([]);
    expect(afterSilence(wideOpen)).toEqual(['blink']);
  });
});

describe('the shares of a closure', () => {
  const closing = (closingMs: number, shutForMs: number) =>
    lids([0, wideOpen], [100, 0.6], [100 + closingMs, 0.95], [100 + closingMs + shutForMs, wideOpen]);

  it('must be shut for most of it', () => {
    expect(closing(200, 300).kinds).toEqual(['long-blink']);
    expect(closing(250, 300).kinds).toEqual([]);
  });

  it('must be steady since the lids first shut, more so in a yawn', () => {
    const steady = (shutForMs: number) =>
      lids([0, wideOpen], [100, 0.95], [100 + shutForMs, 0.7], [600, wideOpen]).kinds;
    expect(steady(400)).toEqual(['long-blink']);
    expect(steady(350)).toEqual([]);
    const inYawn = (yawnAtMs: number) => {
      let state = noClosure;
      for (let atMs = 0; atMs < 600; atMs += 50) {
        const closure = atMs < 100 ? wideOpen : atMs < 500 ? 0.95 : 0.7;
        state = observeClosure(state, closure, atMs, { inYawn: atMs === yawnAtMs, ahead: false }, judgeConfig).state; // prettier-ignore
      }
      const around = { inYawn: false, ahead: false };
      return observeClosure(state, wideOpen, 600, around, judgeConfig).events.map((e) => e.kind);
    };
    expect(inYawn(-1)).toEqual(['long-blink']);
    expect(inYawn(300)).toEqual([]);
  });

  it('begin anew after a squint: lids that took longer than lids take', () => {
    const startOf = (closingMs: number) =>
      lids([0, wideOpen], [100, 0.6], [100 + closingMs, 0.95]).state.span?.startMs;
    expect(startOf(eyes.closingMaxMs)).toBe(100);
    expect(startOf(eyes.closingMaxMs + 1)).toBe(101 + eyes.closingMaxMs);
  });

  it('begin anew where the lids were open for most of the time since they first shut', () => {
    const shutAgainAt = (atMs: number) =>
      lids([0, wideOpen], [100, 0.6], [300, 0.95], [600, 0.7], [atMs, 0.95]).state;
    expect(shutAgainAt(900)).toMatchObject({
      span: { startMs: 100 },
      shutBeforeMs: 300,
      closingMs: 200,
      shutFrames: 13,
    });
    expect(shutAgainAt(901)).toMatchObject({
      span: { startMs: 901 },
      shutBeforeMs: 0,
      closingMs: 0,
      shutFrames: 1,
      closureSum: 0.95,
    });
  });
});

describe('falling asleep', () => {
  it('happens while the lids are shut, not while they are half open', () => {
    const half = lids([0, wideOpen], [100, 0.97], [1050, 0.7], [1150, 0.7]);
    expect(half.state.asleep).toBe(false);
    expect(lids([0, wideOpen], [100, 0.97], [1050, 0.7], [1100, 0.97], [1150, 0.97]).state.asleep).toBe(true);
  });

  it('takes lids that on average rest on each other, and after the time of a sleep no more than P80', () => {
    const config = { ...judgeConfig, eyes: { ...eyes, shutMeanClosure: 0.875 } };
    const shutAt = (closure: number) => {
      let state = noClosure;
      for (let atMs = 0; atMs <= 1000; atMs += 250)
        state = observeClosure(state, closure, atMs, { inYawn: false, ahead: false }, config).state;
      return state.asleep;
    };
    expect([shutAt(0.875), shutAt(0.87)]).toEqual([true, false]);
    expect(lids([0, wideOpen], [100, 0.85], [99 + eyes.sleepMs, 0.85]).state.asleep).toBe(false);
    expect(lids([0, wideOpen], [100, 0.85], [100 + eyes.sleepMs, 0.85]).state.asleep).toBe(true);
    expect(lids([0, wideOpen], [100, 0.85], [1600, wideOpen]).kinds).toEqual([]);
  });

  it('is handed over only when the eyes are hidden, at the time of the notice', () => {
    const around = { inYawn: false, ahead: true };
    let shutAhead = noClosure;
    for (let atMs = 0; atMs < eyes.notSeenNoticeMs + 3000; atMs += 250)
      shutAhead = observeClosure(shutAhead, 0.95, atMs, around, judgeConfig).state;
    expect(shutAhead).toMatchObject({ asleep: true, hiddenFromMs: null });
    const { state } = lids([0, wideOpen], [100, 0.95], [1300, 0.95]);
    const hidden = observeClosure(state, null, 1400, around, judgeConfig).state;
    const at = (atMs: number) => observeClosure(hidden, null, atMs, around, judgeConfig).state.asleep;
    expect(hidden.hiddenFromMs).toBe(1400);
    expect([at(1399 + eyes.notSeenNoticeMs), at(1400 + eyes.notSeenNoticeMs)]).toEqual([true, false]);
  });

  it('stands for level 1, as sleep for level 2, and then for its length without the time parked', () => {
    const asleep = (forMs: number): ClosureState => ({
      ...noClosure,
      asleep: true,
      span: { ...beginSpan(0), seenMs: forMs },
    });
    const { levelMs } = judgeConfig.distraction;
    const standsFor = (forMs: number, parkedMs = 0) => asleepMs(asleep(forMs), parkedMs, forMs, judgeConfig);
    expect([standsFor(1000), standsFor(eyes.sleepMs - 1)]).toEqual([levelMs[0], levelMs[0]]);
    expect(standsFor(eyes.sleepMs)).toBe(levelMs[1]);
    expect([standsFor(9000), standsFor(9000, 1000), standsFor(9000, 8000)]).toEqual([9000, 8000, levelMs[1]]);
    expect(asleepMs({ ...asleep(9000), asleep: false }, 0, 9000, judgeConfig)).toBe(0);
  });
});

describe('time without frames', () => {
  it('changes nothing while there is no closure or the last frame holds', () => {
    expect(elapseClosure(noClosure, 5000, judgeConfig)).toEqual({
      state: noClosure,
      events: [],
      ended: null,
    });
    const { state } = lids([0, wideOpen], [100, 0.95]);
    expect(elapseClosure(state, 200, judgeConfig).state).toBe(state);
  });

  it('hides the lids, and then ends the closure', () => {
    const { state } = lids([0, wideOpen], [100, 0.95]);
    const hiddenFromMs = 100 + judgeConfig.time.holdMs;
    const hidden = elapseClosure(state, hiddenFromMs + 50, judgeConfig).state;
    expect(hidden.span).toMatchObject({ startMs: 100, unseenFromMs: hiddenFromMs });
    const over = elapseClosure(hidden, hiddenFromMs + judgeConfig.time.bridgeMs + 1, judgeConfig);
    expect(over).toEqual({ state: noClosure, events: [], ended: null });
  });

  it('does not end lids that hesitate', () => {
    const { state } = lids([0, wideOpen], [100, 0.95], [200, 0.45]);
    expect(elapseClosure(state, 300, judgeConfig).state.span).toMatchObject({ absentFromMs: 200 });
  });
});
