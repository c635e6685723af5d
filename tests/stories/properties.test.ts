/** What must hold for any drive: pure, plain, bounded, the same at any time of day and after any restart. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continueState, initialState, step } from '../../agent/judge/index.ts';
import type { DriverState } from '../../agent/judge/index.ts';
import type { FaceSeen, Observation } from '../../agent/perceive/observation.ts';
import { attentiveFrame, drive, inOrder, isFrame } from './drive.ts';
import type { Act } from './drive.ts';
import { planDrive } from './hours/plan.ts';
import { traceOf } from './hours/trace.ts';
import { judgeConfig, play } from './play.ts';
import type { Said } from './play.ts';

const HOUR_MS = 3_600_000;
/** `CABINWATCH_BOUNDED_HOURS=1000` by hand; some minutes. */
const BOUNDED_HOURS = Number(process.env['CABINWATCH_BOUNDED_HOURS'] ?? 10);
const BOUNDED_FPS = 5;

/** A drive of two minutes with a bit of everything. */
const acts: Act[] = [
  { fromS: 15, toS: 16.3, does: 'close-eyes' },
  { fromS: 22, toS: 25.5, does: 'close-eyes' },
  { fromS: 30, toS: 33, does: 'open-mouth', mar: 0.6 },
  { fromS: 36, toS: 46, does: 'leave' },
  { fromS: 50, toS: 60, does: 'silence' },
  { fromS: 62, toS: 72, does: 'hide-eyes', reason: 'covered', ear: 0.05 },
  { fromS: 82, toS: 88, does: 'look', yawDeg: 27 },
  { fromS: 90, toS: 91.5, does: 'look', yawDeg: -24, pitchDeg: -6 },
  { fromS: 92, toS: 93.5, does: 'look', yawDeg: 24 },
  { fromS: 100, toS: 109, does: 'close-eyes', closure: 0.7 },
];
const eventful = (seed: number, startMs = 0) =>
  drive({ seconds: 120, acts, seed, startMs, fps: 15, jitterMs: 10, drops: 0.1 });
const runs = { numRuns: 12, seed: 20_260 };

describe('the judge', () => {
  it('gives the same outcomes when its state goes through JSON at any moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 1, noNaN: true }), (seed, at) => {
        const seen = eventful(seed);
        const cut = Math.floor(at * seen.length);
        const whole = play(seen);
        const before = play(seen.slice(0, cut));
        const saved = JSON.parse(JSON.stringify(before.state)) as DriverState;
        expect(saved).toEqual(before.state);
        const after = play(seen.slice(cut), judgeConfig, saved);
        expect([...before.outcomes, ...after.outcomes]).toEqual(whole.outcomes);
        expect(after.state).toEqual(whole.state);
      }),
      runs,
    );
  });

  it('says the same whenever the drive takes place', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 4_000_000_000 }),
        (seed, shiftMs) => {
          const early = play(eventful(seed)).outcomes;
          const late = play(eventful(seed, shiftMs)).outcomes;
          expect(late.map((o) => shifted(o, -shiftMs))).toEqual(early);
          expect(early.length).toBeGreaterThan(10);
        },
      ),
      runs,
    );
  });

  it('is never made to tell of closed eyes by frames that show no eyes', () => {
    const closedEyes = (seen: readonly Observation[]) =>
      play(seen).outcomes.filter((o) => o.type === 'alert' && ['microsleep', 'sleep'].includes(o.kind))
        .length;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 119_000 }), fc.integer({ min: 1, max: 60 })), {
          maxLength: 12,
        }),
        (seed, stretches) => {
          const seen = eventful(seed);
          const added = stretches.flatMap(([fromMs, count]) =>
            Array.from({ length: count }, (_, index) => hiddenFrame(fromMs + index * 33 + 0.5)),
          );
          expect(closedEyes(inOrder(seen, added))).toBeLessThanOrEqual(closedEyes(seen));
        },
      ),
      runs,
    );
  });

  it('tells nothing of closed eyes in any drive in which they are never seen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), (seed) => {
        const hidden = eventful(seed).map((o) => (o.kind === 'face-seen' ? hiddenFrame(o.atMs) : o));
        const kinds = play(hidden).outcomes.map((o) => o.kind);
        expect(kinds).not.toContain('microsleep');
        expect(kinds).not.toContain('sleep');
        expect(kinds).not.toContain('blink');
        expect(kinds).toContain('eyes-not-seen');
      }),
      runs,
    );
  });

  it('raises each alert once and clears it once, with events in order of their end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const { outcomes } = play(eventful(seed));
        const alerts = outcomes.filter((o) => o.type === 'alert');
        for (const key of new Set(alerts.map((a) => a.alertKey))) {
          const phases = alerts.filter((a) => a.alertKey === key).map((a) => a.phase);
          expect(phases[0]).toBe('raised');
          expect(phases.at(-1)).toBe('cleared');
          expect(phases.slice(1, -1).every((phase) => phase === 'updated')).toBe(true);
        }
        for (const o of outcomes) {
          if (o.type === 'event') expect(o.endMs).toBeGreaterThanOrEqual(o.startMs);
          else expect(o.atMs).toBeGreaterThanOrEqual(o.startMs);
        }
      }),
      runs,
    );
  });

  it('leaves the state it was given as it was', () => {
    let state = deepFrozen(initialState('frozen'));
    for (const observation of eventful(3)) state = deepFrozen(step(state, observation, judgeConfig).state);
    expect(state.trip.active).toBe(false);
  });

  it('ignores frames that are older than the newest one, and takes late frames at their own time', () => {
    const seen = drive({ seconds: 30, acts: [{ fromS: 20, toS: 21.5, does: 'close-eyes' }] });
    const punctual = play(seen);
    const repeated = play(seen.flatMap((o): Observation[] => (isFrame(o) ? [o, o] : [o])));
    expect(repeated.outcomes).toEqual(punctual.outcomes);
    const late = play([...seen].sort((a, b) => arrival(a) - arrival(b)));
    const closures = (outcomes: readonly Said[]) =>
      outcomes.filter((o) => o.type === 'event' && o.kind === 'microsleep');
    expect(closures(late.outcomes)).toMatchObject(
      closures(punctual.outcomes).map(({ startMs }) => ({ startMs })),
    );
  });

  it(`keeps its state small over ${BOUNDED_HOURS} hours on the road`, { timeout: Infinity }, () => {
    let state = initialState('hours');
    const sizes: number[] = [];
    for (let hour = 0; hour < BOUNDED_HOURS; hour++) {
      const kind = (['attentive', 'lapses', 'drowsy'] as const)[hour % 3]!;
      for (const seen of traceOf(planDrive(kind, HOUR_MS, hour + 1), BOUNDED_FPS)) {
        // One trip for all, and few ticks, for speed alone.
        const spared = seen.kind === 'tick' && seen.atMs % 500 !== 0;
        if (spared || (seen.kind === 'trip' && (hour > 0 || seen.phase === 'end'))) continue;
        state = step(state, { ...seen, atMs: seen.atMs + hour * HOUR_MS }, judgeConfig).state;
      }
      sizes.push(JSON.stringify(state).length);
    }
    // Keys of alerts are numbered and grow by a digit now and then; nothing else may.
    expect(Math.max(...sizes)).toBeLessThan(60_000);
    expect(Math.max(...sizes.slice(-3))).toBeLessThan(1.25 * Math.max(...sizes.slice(0, 6)));
  });
});

describe('a judge that is started again', () => {
  it('remembers what it saw, and raises what still lasts under a new key', () => {
    const seen = drive({ seconds: 90, acts: [{ fromS: 80, toS: 88, does: 'look', yawDeg: 28 }] });
    const cut = seen.findIndex((o) => o.atMs >= 84_000);
    const before = play(seen.slice(0, cut));
    const again = continueState(JSON.parse(JSON.stringify(before.state)) as DriverState, 'second run');
    const after = play(seen.slice(cut), judgeConfig, again);
    const [first] = after.outcomes;
    expect(first).toMatchObject({ phase: 'raised', kind: 'distraction', level: 1, alertKey: 'second run:1' });
    expect(first!.startMs).toBe(before.state.look.span!.startMs);
    expect(after.state.neutral.faceMs).toBeGreaterThan(60_000);
  });
});

function arrival(seen: Observation): number {
  return isFrame(seen) ? seen.atMs + 60 : seen.atMs;
}

function hiddenFrame(atMs: number): FaceSeen {
  const eye = { ear: 0.04, confidence: 0.2, unseen: 'covered' } as const;
  return attentiveFrame(atMs, { leftEye: eye, rightEye: eye });
}

function shifted(outcome: Said, byMs: number): Said {
  const startMs = outcome.startMs + byMs;
  return outcome.type === 'event'
    ? { ...outcome, startMs, endMs: outcome.endMs + byMs }
    : { ...outcome, startMs, atMs: outcome.atMs + byMs };
}

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFrozen(part);
  }
  return value;
}
