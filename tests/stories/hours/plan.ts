/**
 * The plan of one drive: who drives, what is done when, what is injected and must be found.
 * In: kind, length and seed. Out: a plan; the same seed gives the same plan. Times in ms from the start.
 */
import { seededRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { between, drawDriver } from './driver.ts';
import type { Driver } from './driver.ts';
import type { Effect } from './effects.ts';
import { HABITS } from './habits.ts';
import type { Habit } from './habits.ts';

/** `attentive`: nothing to find; `lapses`: short sleeps and distractions; `drowsy`: drowsy periods. */
export type DriveKind = 'attentive' | 'lapses' | 'drowsy';
export const LAPSES = ['microsleep', 'sleep', 'distraction'] as const;
export type InjectedKind = (typeof LAPSES)[number] | 'drowsiness';

/** Something that a judge must find. */
export interface Injected {
  readonly kind: InjectedKind;
  readonly startMs: number;
  readonly endMs: number;
}

/** A stretch of the drive with a name. */
export interface Doing {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly channel: Habit['channel'];
  readonly speedKmh?: number;
}

export interface DrivePlan {
  readonly kind: DriveKind;
  readonly seed: number;
  readonly lengthMs: number;
  readonly driver: Driver;
  /** The vehicle or a receiver tells the speed. */
  readonly speedKnown: boolean;
  readonly hourOfDay: number;
  readonly speedKmh: number;
  /** In order of their start. */
  readonly effects: readonly Effect[];
  readonly doings: readonly Doing[];
  readonly injected: readonly Injected[];
}

const HOUR_MS = 3_600_000;
/** Calibration is over by then (`judge.calibration.doneMs` and looks between). */
const SETTLED_MS = 120_000;
const LAPSE_EVERY_MS = 28_000;
/** Nothing else is done so close to a lapse. */
const CLEAR_OF_LAPSE_MS = 3000;
const DROWSY_MS = [170_000, 220_000] as const;
/** Longer than the long window of PERCLOS: each period begins with a rested driver. */
const RESTED_MS = [195_000, 225_000] as const;
/** Lapses last at least .3 s over their thresholds: 1 s, 3 s, 3 s. */
const MICROSLEEP_MS = [1300, 2800] as const;
const SLEEP_MS = [3300, 6000] as const;
const DISTRACTION_MS = [3300, 7000] as const;
/** PERCLOS of a drowsy driver is > .15 (NHTSA): drawn from here, in closures of 350 to 900 ms. */
const DROWSY_PERCLOS = [0.17, 0.32] as const;
const DROWSY_CLOSURE_MS = [350, 900] as const;
/** Habits that need slow driving: not in drives in which look-aways must be found. */
const isSlow = (habit: Habit): boolean => habit.speedKmh !== undefined;

/** Draws a drive. */
export function planDrive(kind: DriveKind, lengthMs: number, seed: number, speedKnown = true): DrivePlan {
  const random = seededRandom(seed);
  const driver = drawDriver(random);
  const injected = injectedOf(kind, lengthMs, random);
  const done = habitsOf(kind, lengthMs, driver, injected, random);
  const lapses = injected.flatMap((one) => injectedEffects(one, random));
  const effects = [...done.effects, ...lapses, ...blinks(lengthMs, driver, injected, random)];
  return {
    kind,
    seed,
    lengthMs,
    driver,
    speedKnown,
    hourOfDay: driver.night ? between(random, 20, 24) : between(random, 7, 20),
    speedKmh: between(random, 55, 125),
    effects: effects.sort((a, b) => a.fromMs - b.fromMs),
    doings: done.doings,
    injected,
  };
}

function injectedOf(kind: DriveKind, lengthMs: number, random: Random): Injected[] {
  if (kind === 'attentive') return [];
  return kind === 'lapses' ? lapsesOf(lengthMs, random) : drowsyPeriods(lengthMs, random);
}

function lapsesOf(lengthMs: number, random: Random): Injected[] {
  const lapses: Injected[] = [];
  const durations: Record<(typeof LAPSES)[number], readonly [number, number]> = {
    microsleep: MICROSLEEP_MS,
    sleep: SLEEP_MS,
    distraction: DISTRACTION_MS,
  };
  for (let atMs = SETTLED_MS; atMs < lengthMs - LAPSE_EVERY_MS; atMs += LAPSE_EVERY_MS) {
    const kind = LAPSES[lapses.length % LAPSES.length]!;
    const startMs = atMs + between(random, 0, LAPSE_EVERY_MS / 2);
    lapses.push({ kind, startMs, endMs: startMs + between(random, ...durations[kind]) });
  }
  return lapses;
}

function drowsyPeriods(lengthMs: number, random: Random): Injected[] {
  const periods: Injected[] = [];
  let startMs = SETTLED_MS + between(random, 0, 60_000);
  for (;;) {
    const endMs = startMs + between(random, ...DROWSY_MS);
    if (endMs > lengthMs) return periods;
    periods.push({ kind: 'drowsiness', startMs, endMs });
    startMs = endMs + between(random, ...RESTED_MS);
  }
}

function injectedEffects(one: Injected, random: Random): Effect[] {
  const { startMs: fromMs, endMs: toMs } = one;
  if (one.kind === 'drowsiness') return heavyLids(fromMs, toMs, random);
  // The lids must be shut for the whole time: they fall before it and rise after it.
  if (one.kind !== 'distraction') return [{ fromMs: fromMs - 80, toMs: toMs + 80, closure: 1, rampMs: 80 }];
  const away = { fromMs: fromMs - 200, toMs: toMs + 200 };
  if (random.next() < 0.5) {
    const down = { pitchDeg: between(random, -38, -24), gazePitchDeg: between(random, -20, -5) };
    return [{ ...away, ...down, yawDeg: between(random, -20, 20) }];
  }
  return [{ ...away, yawDeg: (random.next() < 0.5 ? -1 : 1) * between(random, 28, 65), gazeYawDeg: 0 }];
}

/** Slow closures that add up to the PERCLOS drawn, lids that hang between them. */
function heavyLids(fromMs: number, toMs: number, random: Random): Effect[] {
  const perclos = between(random, ...DROWSY_PERCLOS);
  const effects: Effect[] = [{ fromMs, toMs, closure: between(random, 0.05, 0.3), rampMs: 10_000 }];
  for (let atMs = fromMs; atMs < toMs;) {
    const shutMs = between(random, ...DROWSY_CLOSURE_MS);
    effects.push({ fromMs: atMs, toMs: atMs + shutMs + 200, closure: 1, rampMs: 100 });
    atMs += (shutMs / perclos) * between(random, 0.5, 1.5);
  }
  return effects;
}

function habitsOf(
  kind: DriveKind,
  lengthMs: number,
  driver: Driver,
  injected: readonly Injected[],
  random: Random,
) {
  const side = driver.side === 'left' ? 1 : -1;
  const lapses = kind === 'lapses' ? injected : [];
  const drawn = HABITS.filter((habit) => kind === 'attentive' || !isSlow(habit))
    .flatMap((habit) => times(habit, lengthMs, random).map((atMs) => ({ habit, atMs })))
    .sort((a, b) => a.atMs - b.atMs);
  const effects: Effect[] = [];
  const doings: Doing[] = [];
  const busyUntilMs: Partial<Record<Habit['channel'], number>> = {};
  for (const { habit, atMs } of drawn) {
    if (atMs < (busyUntilMs[habit.channel] ?? 0)) continue;
    const made = habit.make(atMs, random, side);
    const endMs = Math.max(...made.map((effect) => effect.toMs));
    if (lapses.some((one) => atMs < one.endMs + CLEAR_OF_LAPSE_MS && endMs > one.startMs - CLEAR_OF_LAPSE_MS))
      continue;
    busyUntilMs[habit.channel] = endMs + 500;
    effects.push(...made);
    const speed = habit.speedKmh === undefined ? {} : { speedKmh: habit.speedKmh };
    doings.push({ name: habit.name, channel: habit.channel, startMs: atMs, endMs, ...speed });
  }
  return { effects, doings };
}

function times(habit: Habit, lengthMs: number, random: Random): number[] {
  const meanMs = HOUR_MS / habit.perHour;
  const all: number[] = [];
  for (let atMs = waitMs(meanMs, random); atMs < lengthMs; atMs += waitMs(meanMs, random)) all.push(atMs);
  return all;
}

function waitMs(meanMs: number, random: Random): number {
  return -meanMs * Math.log(1 - random.next());
}

/** Between two blinks the lids are open for as long as they take to rise (`rampMs`) and to fall again (choice). */
const LEAST_OPEN_MS = 100;

/** Blinks, one in fifty of them long; none in a lapse, where they would be seen as its end. */
function blinks(lengthMs: number, driver: Driver, injected: readonly Injected[], random: Random): Effect[] {
  const all: Effect[] = [];
  const meanMs = 60_000 / driver.blinksPerMinute;
  let openFromMs = 0;
  for (let atMs = waitMs(meanMs, random); atMs < lengthMs; atMs += 300 + waitMs(meanMs, random)) {
    const long = random.next() < 0.02;
    const forMs = long ? between(random, 350, 650) : driver.blinkMs * between(random, 0.7, 1.4);
    const inLapse = injected.some((one) => one.kind !== 'drowsiness' && near(one, atMs));
    // Lids that are down cannot come down: the next blink needs open eyes.
    if (inLapse || atMs < openFromMs) continue;
    const toMs = atMs + forMs + 80;
    all.push({ fromMs: atMs, toMs, closure: 1, rampMs: 50 });
    openFromMs = toMs + LEAST_OPEN_MS;
  }
  return all;
}

function near(one: Injected, atMs: number): boolean {
  return atMs > one.startMs - 1200 && atMs < one.endMs + 1200;
}
