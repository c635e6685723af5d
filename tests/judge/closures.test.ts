import { describe, expect, it } from 'vitest';
import {
  closedForMs,
  elapseClosure,
  endClosure,
  noClosure,
  observeClosure,
} from '../../agent/judge/closures.ts';
import type { ClosureState } from '../../agent/judge/closures.ts';
import type { EventOutcome } from '../../agent/judge/outcome.ts';
import { judgeConfig } from '../stories/play.ts';

const PERIOD_MS = 33;

interface Stretch {
  /** Closure, `null` = not seen. */
  readonly closure: number | null;
  readonly forMs: number;
  readonly inYawn?: boolean;
  /** The face looks ahead. */
  readonly ahead?: boolean;
}

/** Frames every 33 ms through stretches of constant closure. */
function run(stretches: readonly Stretch[], from: ClosureState = noClosure, startMs = 0) {
  let state = from;
  let atMs = startMs;
  const events: EventOutcome[] = [];
  for (const { closure, forMs, inYawn = false, ahead = false } of stretches) {
    for (const endMs = atMs + forMs; atMs < endMs; atMs += PERIOD_MS) {
      const step = observeClosure(state, closure, atMs, { inYawn, ahead }, judgeConfig);
      state = step.state;
      events.push(...step.events);
    }
  }
  return { state, events, atMs };
}
const open = (forMs: number): Stretch => ({ closure: 0.05, forMs });
const shut = (forMs: number): Stretch => ({ closure: 0.95, forMs });
const kinds = (stretches: readonly Stretch[]) => run(stretches).events.map((e) => e.kind);

describe('a closure is named by its length', () => {
  it.each([
    { forMs: 130, kind: 'blink' },
    { forMs: 460, kind: 'blink' },
    { forMs: 528, kind: 'long-blink' },
    { forMs: 924, kind: 'long-blink' },
  ])('$forMs ms: $kind', ({ forMs, kind }) => {
    const { events } = run([open(330), shut(forMs), open(330)]);
    expect(events.map((e) => e.kind)).toEqual([kind]);
    expect(events[0]!.startMs).toBe(330);
    expect(events[0]!.evidence['closedMs']).toBe(events[0]!.endMs - events[0]!.startMs);
  });

  it.each([
    { forMs: 1056, kind: 'microsleep' },
    { forMs: 2904, kind: 'microsleep' },
    { forMs: 3036, kind: 'sleep' },
  ])('$forMs ms: $kind, once it has been open again for a while', ({ forMs, kind }) => {
    expect(kinds([open(330), shut(forMs), open(231)])).toEqual([]);
    expect(kinds([open(330), shut(forMs), open(660)])).toEqual([kind]);
  });
});

describe('a blink', () => {
  it('needs a peak: what stays below is noise or a squint', () => {
    expect(kinds([open(330), { closure: 0.78, forMs: 130 }, open(330)])).toEqual([]);
    expect(kinds([open(330), { closure: 0.82, forMs: 130 }, open(330)])).toEqual(['blink']);
  });

  it('needs more than one frame at 30 fps', () => {
    expect(kinds([open(330), shut(33), open(330)])).toEqual([]);
    expect(kinds([open(330), shut(66), open(330)])).toEqual(['blink']);
  });

  it('ends at half level, though the lids hesitate above the hysteresis', () => {
    const { events } = run([open(330), shut(132), { closure: 0.45, forMs: 99 }, open(330)]);
    expect(events.map((e) => [e.kind, e.endMs - e.startMs])).toEqual([['blink', 132]]);
    const again = run([open(330), shut(132), { closure: 0.45, forMs: 66 }, shut(132), open(330)]);
    expect(again.events.map((e) => e.endMs - e.startMs)).toEqual([330]);
  });

  it('needs a beginning and an end that were seen', () => {
    expect(kinds([{ closure: null, forMs: 330 }, shut(132), open(330)])).toEqual([]);
    expect(kinds([open(330), shut(132), { closure: null, forMs: 660 }])).toEqual([]);
  });
});

describe('a long blink', () => {
  it('needs an end that was seen: lids that went down with a look are hidden a moment later', () => {
    expect(kinds([open(330), shut(800), { closure: null, forMs: 660 }, open(330)])).toEqual([]);
    expect(kinds([{ closure: null, forMs: 330 }, shut(800), open(330)])).toEqual(['long-blink']);
  });
});

describe('a microsleep', () => {
  const asleep = (stretches: readonly Stretch[]) => run(stretches).state.asleep;

  it('is one from the microsleep time on', () => {
    expect(asleep([open(330), shut(990)])).toBe(false);
    expect(asleep([open(330), shut(1056)])).toBe(true);
  });

  it('is found between frames as well', () => {
    const { state } = run([open(330), shut(900)]);
    const startMs = state.span!.startMs;
    expect(elapseClosure(state, startMs + 990, judgeConfig).state.asleep).toBe(false);
    expect(elapseClosure(state, startMs + 1000, judgeConfig).state.asleep).toBe(true);
    expect(closedForMs(state, startMs + 1000, judgeConfig)).toBe(1000);
  });

  it('is not one when the lids are half shut, unless they are shut for most of it', () => {
    expect(asleep([open(330), { closure: 0.7, forMs: 5000 }])).toBe(false);
    expect(asleep([open(330), { closure: 0.7, forMs: 330 }, shut(750)])).toBe(true);
  });

  it('after a long squint counts from the shutting', () => {
    const { state } = run([open(330), { closure: 0.7, forMs: 3000 }, shut(500)]);
    expect(closedForMs(state, state.span!.startMs + 500, judgeConfig)).toBe(500);
    expect(asleep([open(330), { closure: 0.7, forMs: 3000 }, shut(900)])).toBe(false);
  });

  it('in a yawn needs eyes that are fully shut', () => {
    const half = { closure: 0.78, forMs: 2000, inYawn: true };
    expect(asleep([open(330), { ...shut(40), inYawn: true }, half])).toBe(false);
    expect(asleep([open(330), { ...shut(2000), inYawn: true }])).toBe(true);
  });

  it('is not made of a squint that wavers around P80', () => {
    const wavering = Array.from({ length: 40 }, (_, index) => ({
      closure: index % 3 === 0 ? 0.77 : 0.84,
      forMs: PERIOD_MS,
    }));
    expect(asleep([open(330), ...wavering])).toBe(false);
    expect(asleep([open(330), shut(40), { closure: 0.78, forMs: 2000 }])).toBe(false);
    expect(asleep([open(330), ...wavering.map((frame) => ({ ...frame, closure: 0.84 }))])).toBe(false);
    expect(asleep([open(330), ...wavering.map((frame) => ({ ...frame, closure: 0.92 }))])).toBe(true);
  });

  it('within a squint that touched P80 before counts from the shutting', () => {
    const squint = [
      open(330),
      shut(40),
      { closure: 0.7, forMs: 3000 },
      shut(40),
      { closure: 0.7, forMs: 700 },
    ];
    expect(asleep([...squint, shut(960)])).toBe(false);
    expect(asleep([...squint, shut(1056)])).toBe(true);
  });

  it('does not count unseen time, whatever comes after it', () => {
    const { state, atMs } = run([open(330), shut(660), { closure: null, forMs: 165 }, shut(330)]);
    expect(state.asleep).toBe(false);
    expect(closedForMs(state, atMs, judgeConfig)).toBeLessThan(1000);
    expect(run([shut(340)], state, atMs).state.asleep).toBe(true);
  });

  it('ends after an unseen stretch in which it cannot go on', () => {
    const { state, events } = run([open(330), shut(660), { closure: null, forMs: 330 }, shut(660)]);
    expect(events).toEqual([]);
    expect(state.asleep).toBe(false);
  });

  it('goes on while the eyes are hidden, and ends when they are seen open', () => {
    const hidden = run([open(330), shut(1100), { closure: null, forMs: 60_000 }]);
    expect(hidden.events).toEqual([]);
    expect(hidden.state.asleep).toBe(true);
    const woken = run([open(660)], hidden.state, hidden.atMs);
    expect(woken.events.map((e) => [e.kind, e.evidence['endSeen']])).toEqual([['microsleep', false]]);
    expect(woken.events[0]!.evidence['closedMs']).toBeLessThan(1200);
  });

  it('is handed over to the notice of unseen eyes when a face ahead shows none for as long', () => {
    const { notSeenNoticeMs } = judgeConfig.eyes;
    const hidden = (forMs: number) => ({ closure: null, forMs, ahead: true });
    const glint = { closure: null, forMs: 66 };
    expect(kinds([open(330), shut(1100), hidden(notSeenNoticeMs - 66)])).toEqual([]);
    const { events, state } = run([open(330), shut(1100), hidden(notSeenNoticeMs + 66)]);
    expect(events.map((e) => [e.kind, e.evidence['endSeen']])).toEqual([['microsleep', false]]);
    expect(state.asleep).toBe(false);
    // A face that is lost meanwhile starts the time anew.
    expect(kinds([open(330), shut(1100), hidden(5000), glint, hidden(5000)])).toEqual([]);
  });

  it('is not ended by a flutter', () => {
    expect(kinds([open(330), shut(1500), open(165), shut(1600), open(660)])).toEqual(['sleep']);
  });
});

describe('the end of a trip', () => {
  it('closes what lasts, under the name it has so far', () => {
    const { state, atMs } = run([open(330), shut(1500)]);
    const end = endClosure(state, atMs, judgeConfig);
    expect(end.events.map((e) => e.kind)).toEqual(['microsleep']);
    expect(end.state).toEqual(noClosure);
    expect(endClosure(noClosure, 0, judgeConfig).events).toEqual([]);
  });
});

describe('lids that stay a little open', () => {
  const narrow = (forMs: number): Stretch => ({ closure: 0.85, forMs });

  it('are no microsleep, as far as can be told from a squint', () => {
    expect(run([open(330), narrow(2500)]).state.asleep).toBe(false);
  });

  it('for the time of a sleep are one', () => {
    const { state } = run([open(330), narrow(judgeConfig.eyes.sleepMs + 66)]);
    expect(state.asleep).toBe(true);
    expect(kinds([open(330), narrow(3600), open(660)])).toEqual(['sleep']);
  });

  it('but not below P80, however long', () => {
    expect(run([open(330), { closure: 0.78, forMs: 20_000 }]).state.asleep).toBe(false);
  });
});
