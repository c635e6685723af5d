/** Stories of trips that nobody tells: by ignition, by speed, by presence. The product's own configuration. */
import { describe, expect, it } from 'vitest';
import type { DriverState } from '../../agent/judge/index.ts';
import type { Observation } from '../../agent/perceive/observation.ts';
import { drive, firstFrameMs, inOrder } from './drive.ts';
import type { Act, DriveOptions } from './drive.ts';
import { alertsOf, play, productConfig } from './play.ts';
import type { Played } from './play.ts';
import { driveOn, expectOnTime, SETTINGS, speed } from './settings.ts';

const { trip, speed: speeds } = productConfig;
const MINUTE = 60;

/** Somebody in front of the camera, seen a few times a second; nothing is told of a trip. */
const seen = (seconds: number, options: Partial<DriveOptions> = {}): Observation[] =>
  drive({ seconds, fps: 5, trip: 'none', ...options });
const empty = (fromS: number, toS: number): Act => ({ fromS, toS, does: 'leave' });
/** The ignition, told every ten seconds. */
const ignition = (on: boolean, fromS: number, toS: number): Observation[] =>
  Array.from({ length: Math.ceil((toS - fromS) / 10) }, (_, index) => ({
    kind: 'context',
    atMs: (fromS + index * 10) * 1000,
    speedKmh: null,
    ignitionOn: on,
    hourOfDay: null,
  }));
const told = (phase: 'start' | 'end', atS: number): Observation => ({
  kind: 'trip',
  atMs: atS * 1000,
  phase,
  cause: 'command',
});
const says = (fromS: number, toS: number): Observation[] =>
  Array.from({ length: Math.floor((toS - fromS) / 1.5) }, (_, index) => ({
    kind: 'voice-seen',
    atMs: (fromS + index * 1.5) * 1000,
    windowMs: 3000,
    speechShare: 0.6,
    levelDbfs: -30,
    clippedShare: 0,
    gap: false,
  }));
const run = (...parts: (readonly Observation[])[]): Played => play(inOrder(...parts), productConfig);
const marks = (played: Played) => played.trips.map((t) => [t.phase, t.cause]);
const startMs = (played: Played) => played.trips[0]?.atMs;
const endMs = (played: Played) => played.trips[1]?.atMs;

describe('a trip by presence', () => {
  it('starts when a face was seen for ten seconds', () => {
    const played = run(seen(20));
    expect(marks(played)).toEqual([['start', 'presence']]);
    expectOnTime(startMs(played), trip.presenceStartMs);
    expect(played.state.trip).toMatchObject({ active: true, cause: 'presence' });
  });

  it.each(SETTINGS)('starts on time at $fps frames per second with jitter and drops ($side)', (setting) => {
    const frames = driveOn(setting, { seconds: 20, trip: 'none' });
    const played = run(frames);
    expect(marks(played)).toEqual([['start', 'presence']]);
    expectOnTime(startMs(played), firstFrameMs(frames, 0) + trip.presenceStartMs);
  });

  it('starts when a voice was heard for ten seconds', () => {
    const played = run(seen(20, { acts: [empty(0, 20)] }), says(0, 20));
    expect(marks(played)).toEqual([['start', 'presence']]);
  });

  it('does not start for somebody who walks by now and then', () => {
    const acts = [empty(4, 14), empty(18, 30), empty(33, 60)];
    expect(marks(run(seen(60, { acts })))).toEqual([]);
  });

  it('goes on over a short absence and ends ten minutes after the last face or voice', () => {
    const acts = [empty(60, 5 * MINUTE), empty(6 * MINUTE, 20 * MINUTE)];
    const played = run(seen(20 * MINUTE, { acts }), says(7 * MINUTE, 7 * MINUTE + 3));
    expect(marks(played)).toEqual([
      ['start', 'presence'],
      ['end', 'presence'],
    ]);
    expectOnTime(endMs(played), (7 * MINUTE + 1.5) * 1000 + trip.presenceEndMs);
  });

  it('ends with its alerts cleared, and the next one begins like the first', () => {
    const acts = [empty(60, 12 * MINUTE)];
    const played = run(seen(13 * MINUTE, { acts }));
    expect(marks(played).map(([phase]) => phase)).toEqual(['start', 'end', 'start']);
    expect(alertsOf(played, 'face-lost').at(-1)).toMatchObject({ phase: 'cleared', cleared: 'trip-end' });
    expectOnTime(played.trips[2]?.atMs, firstFrameMs(seen(13 * MINUTE), 12 * MINUTE) + trip.presenceStartMs);
  });
});

describe('a trip by ignition', () => {
  it('starts as soon as it is on, with nobody in sight', () => {
    const played = run(seen(30, { acts: [empty(0, 30)] }), ignition(true, 5, 30));
    expect(played.trips).toMatchObject([{ phase: 'start', cause: 'ignition' }]);
    expectOnTime(startMs(played), 5000);
  });

  it('overrides presence: whoever sits in a car with the ignition off is on no trip', () => {
    expect(marks(run(seen(60), ignition(false, 0, 60)))).toEqual([]);
  });

  it('ends when it is off, but not while the engine is cranked', () => {
    const cranked = [...ignition(false, 60, 61), ...ignition(true, 63, 120)];
    const played = run(seen(180), ignition(true, 0, 60), cranked, ignition(false, 120, 180));
    expect(marks(played)).toEqual([
      ['start', 'ignition'],
      ['end', 'ignition'],
    ]);
    expectOnTime(endMs(played), 120_000 + trip.ignitionOffMs);
  });

  it('goes on while it is on, though nobody has been seen for ten minutes', () => {
    const played = run(seen(15 * MINUTE, { acts: [empty(0, 15 * MINUTE)] }), ignition(true, 0, 15 * MINUTE));
    expect(marks(played)).toEqual([['start', 'ignition']]);
  });

  it('that is not told any more is unknown: presence takes over', () => {
    const played = run(seen(15 * MINUTE, { acts: [empty(60, 15 * MINUTE)] }), ignition(true, 0, 60));
    expect(marks(played)).toEqual([
      ['start', 'ignition'],
      ['end', 'presence'],
    ]);
  });

  it('once ended, is not begun again by who stays and naps, but by the next ignition', () => {
    const late = 3 * MINUTE + trip.ignitionStaleMs / 1000;
    const played = run(
      seen(late + 60),
      ignition(true, 0, 60),
      ignition(false, 60, 120),
      ignition(true, late, late + 60),
    );
    expect(marks(played)).toEqual([
      ['start', 'ignition'],
      ['end', 'ignition'],
      ['start', 'ignition'],
    ]);
  });
});

describe('a trip by speed', () => {
  it('starts when the vehicle moves, not while it stands or crawls', () => {
    const played = run(seen(60), speed(0, 0, 20), speed(8, 20, 40), speed(60, 40, 60));
    expect(marks(played)).toEqual([['start', 'speed']]);
    expect(startMs(played)).toBeGreaterThanOrEqual(40_000);
    expect(startMs(played)).toBeLessThan(42_000);
  });

  it('goes on in a jam, and ends after a break at the kerb', () => {
    const standS = trip.standingEndMs / 1000;
    const jam = [...speed(60, 0, 60), ...speed(0, 60, 6 * MINUTE), ...speed(30, 6 * MINUTE, 7 * MINUTE)];
    const played = run(seen(8 * MINUTE + standS), jam, speed(0, 7 * MINUTE, 8 * MINUTE + standS));
    expect(marks(played)).toEqual([
      ['start', 'speed'],
      ['end', 'speed'],
    ]);
    expect(endMs(played)).toBeGreaterThan((7 * MINUTE + standS) * 1000);
    expect(endMs(played)).toBeLessThan((7 * MINUTE + standS) * 1000 + 10_000);
  });

  it('goes on in a tunnel as long as somebody is present', () => {
    const played = run(seen(20 * MINUTE), speed(60, 0, 60));
    expect(marks(played)).toEqual([['start', 'speed']]);
  });

  it('needs no speed to be known: none is no standing', () => {
    const played = run(seen(2 * speeds.staleAfterMs * 0.001), speed(0, 0, 1));
    expect(marks(played)).toEqual([['start', 'presence']]);
  });
});

describe('a trip that is told', () => {
  it('is not ended by the judge when a replay told it', () => {
    const replayed: Observation = { kind: 'trip', atMs: 0, phase: 'start', cause: 'replay' };
    const played = run([replayed], seen(15 * MINUTE, { acts: [empty(0, 15 * MINUTE)] }));
    expect(marks(played)).toEqual([['start', 'replay']]);
  });

  it('by command may be ended by absence', () => {
    const played = run([told('start', 0)], seen(11 * MINUTE, { acts: [empty(0, 11 * MINUTE)] }));
    expect(marks(played)).toEqual([
      ['start', 'command'],
      ['end', 'presence'],
    ]);
  });

  it('to be over stays over while the same driver sits and drives on', () => {
    const played = run(seen(5 * MINUTE), speed(60, 0, 5 * MINUTE), [told('end', 120)]);
    expect(marks(played)).toEqual([
      ['start', 'speed'],
      ['end', 'command'],
    ]);
  });

  it('to be over begins again with the next departure', () => {
    const driving = [...speed(60, 0, 120), ...speed(0, 120, 180), ...speed(60, 180, 240)];
    const played = run(seen(4 * MINUTE), driving, [told('end', 110)]);
    expect(marks(played).map(([phase]) => phase)).toEqual(['start', 'end', 'start']);
  });

  it('alone counts where the configuration says so', () => {
    const onlyTold = { ...productConfig, trip: { ...trip, automatic: false } };
    const all = inOrder(seen(60), speed(60, 0, 60), ignition(true, 0, 60));
    expect(play(all, onlyTold).trips).toEqual([]);
  });
});

describe('a judge that is saved and taken up again', () => {
  it.each([0.1, 0.45, 0.5, 0.9])('at %f of the day says the same of trips', (share) => {
    const day = inOrder(
      seen(15 * MINUTE, { acts: [empty(60, 12 * MINUTE)] }),
      ignition(true, 13 * MINUTE, 14 * MINUTE),
      ignition(false, 14 * MINUTE, 15 * MINUTE),
    );
    const whole = play(day, productConfig);
    expect(marks(whole)).toHaveLength(4);
    const cut = Math.floor(day.length * share);
    const before = play(day.slice(0, cut), productConfig);
    const saved = JSON.parse(JSON.stringify(before.state)) as DriverState;
    const after = play(day.slice(cut), productConfig, saved);
    expect([...before.trips, ...after.trips]).toEqual(whole.trips);
    expect(after.state).toEqual(whole.state);
  });
});
