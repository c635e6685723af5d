import { describe, expect, it } from 'vitest';
import {
  followHoldOff,
  holdOff,
  judgeTrip,
  nobodyPresent,
  notePresence,
} from '../../agent/judge/trip-rules.ts';
import type { TripWatch } from '../../agent/judge/trip-rules.ts';
import { hearContext, noTrip, unknownContext } from '../../agent/judge/surroundings.ts';
import type { TripState } from '../../agent/judge/surroundings.ts';
import type { Context } from '../../agent/perceive/observation.ts';
import { productConfig } from '../stories/play.ts';

const { trip, speed } = productConfig;
const context = (atMs: number, speedKmh: number | null, ignitionOn: boolean | null): Context => ({
  kind: 'context',
  atMs,
  speedKmh,
  ignitionOn,
  hourOfDay: null,
});
const heard = (...told: Context[]) => told.reduce((state, c) => hearContext(state, c, speed), unknownContext);
const present = (...atMs: number[]): TripWatch =>
  atMs.reduce((watch, at) => notePresence(watch, at, trip), nobodyPresent);
const driving = (cause: TripState['cause'] = 'presence', startMs = 0): TripState => ({
  active: true,
  startMs,
  cause,
});
/** Seen every second from the first to the last of these, ms. */
const every = (fromMs: number, toMs: number) =>
  present(...Array.from({ length: (toMs - fromMs) / 1000 + 1 }, (_, index) => fromMs + index * 1000));
const start = (watch: TripWatch, told = unknownContext, atMs = 20_000) =>
  judgeTrip(noTrip, watch, told, atMs, productConfig)?.cause ?? null;
const end = (active: TripState, watch: TripWatch, told: typeof unknownContext, atMs: number) =>
  judgeTrip(active, watch, told, atMs, productConfig)?.cause ?? null;

describe('presence', () => {
  it('goes on over a gap, and begins anew after a longer one', () => {
    expect(present(0, trip.presenceGapMs)).toMatchObject({
      presentSinceMs: 0,
      presentMs: trip.presenceGapMs,
    });
    const late = trip.presenceGapMs + 1;
    expect(present(0, late)).toMatchObject({ presentSinceMs: late, presentMs: late });
  });

  it('is not set back by what comes late', () => {
    expect(present(5000, 4900)).toMatchObject({ presentSinceMs: 5000, presentMs: 5000 });
  });

  it('starts a trip after its time, while it lasts', () => {
    const { presenceStartMs, presenceGapMs } = trip;
    expect(start(every(0, presenceStartMs - 1000), unknownContext, presenceStartMs)).toBeNull();
    expect(start(every(0, presenceStartMs), unknownContext, presenceStartMs)).toBe('presence');
    expect(start(every(0, presenceStartMs), unknownContext, presenceStartMs + presenceGapMs)).toBe(
      'presence',
    );
    expect(start(every(0, presenceStartMs), unknownContext, presenceStartMs + presenceGapMs + 1)).toBeNull();
    expect(start(nobodyPresent)).toBeNull();
  });

  it('is counted from when it began, however late that was', () => {
    const { presenceStartMs } = trip;
    const watch = every(500_000, 500_000 + presenceStartMs - 1000);
    expect(start(watch, unknownContext, 500_000 + presenceStartMs - 1000)).toBeNull();
  });

  it('ends a trip when nobody was there for long, counted from its start at the earliest', () => {
    const { presenceEndMs } = trip;
    expect(end(driving(), every(0, 60_000), unknownContext, 59_999 + presenceEndMs)).toBeNull();
    expect(end(driving(), every(0, 60_000), unknownContext, 60_000 + presenceEndMs)).toBe('presence');
    expect(end(driving('command', 5000), nobodyPresent, unknownContext, 4999 + presenceEndMs)).toBeNull();
    expect(end(driving('command', 5000), nobodyPresent, unknownContext, 5000 + presenceEndMs)).toBe(
      'presence',
    );
  });
});

describe('the ignition', () => {
  it('decides alone while it is known', () => {
    const here = every(0, 20_000);
    expect(start(here, heard(context(19_000, null, false)))).toBeNull();
    expect(start(here, heard(context(19_000, 80, false)))).toBeNull();
    expect(start(nobodyPresent, heard(context(19_000, 0, true)))).toBe('ignition');
    expect(end(driving(), nobodyPresent, heard(context(3_600_000, 0, true)), 3_600_001)).toBeNull();
  });

  it('ends a trip after its grace, counted from the first time it was told to be off', () => {
    const off = heard(context(0, null, true), context(5000, null, false), context(8000, null, false));
    expect(end(driving(), every(0, 9000), off, 4999 + trip.ignitionOffMs)).toBeNull();
    expect(end(driving(), every(0, 9000), off, 5000 + trip.ignitionOffMs)).toBe('ignition');
  });

  it('that is stale decides nothing', () => {
    const off = heard(context(0, null, false));
    expect(start(every(50_000, 70_000), off, trip.ignitionStaleMs)).toBeNull();
    expect(start(every(50_000, 70_000), off, trip.ignitionStaleMs + 1)).toBe('presence');
  });

  it('is not forgotten by a message that does not tell it', () => {
    expect(start(nobodyPresent, heard(context(0, null, true), context(1000, 50, null)))).toBe('ignition');
  });
});

describe('the speed', () => {
  const stands = heard(...[0, 1, 2, 3, 4, 5].map((s) => context(s * 1000, 0, null)));
  const later = (atMs: number) => hearContext(stands, context(atMs, 0, null), speed);

  it('decides where the ignition is not known: standing is no trip, whoever is there', () => {
    expect(start(every(0, 20_000), heard(context(19_000, 0, null)))).toBeNull();
    expect(start(every(0, 20_000), heard(context(19_000, speed.movingFromKmh - 1, null)))).toBeNull();
    expect(start(nobodyPresent, heard(context(19_000, speed.movingFromKmh, null)))).toBe('speed');
  });

  it('keeps a trip while the vehicle moves, with nobody in sight', () => {
    const moves = heard(context(3_600_000, 50, null));
    expect(end(driving(), nobodyPresent, moves, 3_600_500)).toBeNull();
  });

  it('ends a trip that stood for a break, and sooner when nobody is there', () => {
    let standing = stands;
    for (let atMs = 6000; atMs <= trip.standingEndMs; atMs += 5000)
      standing = hearContext(standing, context(atMs, 0, null), speed);
    expect(end(driving(), every(0, 890_000), standing, trip.standingEndMs - 1)).toBeNull();
    expect(end(driving(), every(0, 890_000), standing, trip.standingEndMs)).toBe('speed');
    expect(end(driving(), every(0, 60_000), standing, 60_000 + trip.presenceEndMs)).toBe('presence');
    expect(end(driving(), nobodyPresent, later(9000), 9000)).toBeNull();
  });
});

describe('what is held off', () => {
  const moves = heard(context(0, 50, null));

  it('after an end that was told is anything, until the vehicle says that it is over', () => {
    const held = holdOff(every(0, 20_000), 'command');
    expect(held.heldOff).toBe('anything');
    expect(start(held, moves, 1000)).toBeNull();
    expect(followHoldOff(held, moves, 1000, productConfig)).toBe(held);
    const lifted = followHoldOff(held, unknownContext, 20_000, productConfig);
    expect(lifted.heldOff).toBe('presence');
    expect(start(lifted)).toBeNull();
    expect(start(lifted, moves, 1000)).toBe('speed');
  });

  it('after an end by the vehicle is presence, until nobody was there for long', () => {
    for (const cause of ['ignition', 'speed'] as const) {
      const held = holdOff(every(0, 20_000), cause);
      expect(start(held)).toBeNull();
      expect(followHoldOff(held, unknownContext, 19_999 + trip.presenceEndMs, productConfig)).toBe(held);
      const lifted = followHoldOff(held, unknownContext, 20_000 + trip.presenceEndMs, productConfig);
      expect(lifted.heldOff).toBeNull();
    }
  });

  it('after an end of a replay is anything, and lifted where nobody was ever present', () => {
    expect(holdOff(nobodyPresent, 'replay').heldOff).toBe('anything');
    const held = holdOff(nobodyPresent, 'ignition');
    expect(followHoldOff(held, unknownContext, 0, productConfig).heldOff).toBeNull();
    expect(followHoldOff(nobodyPresent, unknownContext, 0, productConfig)).toBe(nobodyPresent);
  });

  it('after an end by absence is nothing', () => {
    expect(holdOff(nobodyPresent, 'presence').heldOff).toBeNull();
  });
});

describe('a change', () => {
  it('says whether a trip begins or ends, and by what', () => {
    const on = heard(context(0, null, true));
    expect(judgeTrip(noTrip, nobodyPresent, on, 0, productConfig)).toEqual({
      phase: 'start',
      cause: 'ignition',
    });
    const off = heard(context(0, null, false));
    expect(judgeTrip(driving(), nobodyPresent, off, trip.ignitionOffMs, productConfig)).toEqual({
      phase: 'end',
      cause: 'ignition',
    });
  });
});

describe('a trip of a replay', () => {
  it('is ended by nobody else, and no rule holds where only told trips count', () => {
    expect(end(driving('replay'), nobodyPresent, unknownContext, 10 * trip.presenceEndMs)).toBeNull();
    const told = { ...productConfig, trip: { ...trip, automatic: false } };
    expect(judgeTrip(noTrip, every(0, 20_000), unknownContext, 20_000, told)).toBeNull();
    expect(judgeTrip(driving(), nobodyPresent, unknownContext, 1e9, told)).toBeNull();
  });
});
