/**
 * What watch knows of the vehicle: the newest speed, position and word about the clock, whoever told them, and
 * which sources have gone. In: `context` messages. Out: values that are `null` once stale, health, and what
 * the judge shall hear.
 *
 * Speed: of several sources the first of `context.speed` that tells a fresh one counts; the others are not heard
 * meanwhile, so that two of them never mix.
 */
import type { ContextConfig } from '../config/schema.ts';
import { usedSources, type ContextSourceName } from '../hardware/context/context-source.ts';
import type { ClockState, Position } from './contract/index.ts';
import type { Health } from './health.ts';
import type { LinkContext } from './link/messages.ts';

/** What the judge shall hear of a message, `null` where it is no news. */
export interface Told {
  readonly speedKmh: number | null;
  readonly ignitionOn: boolean | null;
}

export interface Surroundings {
  /** The speed that counts now [km/h]; `null` = unknown. */
  speedKmh(): number | null;
  position(): Position | null;
  /** What another role says about the wall clock. */
  clockTold(): ClockState;
  /** @returns what of it counts */
  take(message: LinkContext): Told;
  /** Looks which sources are lost; called about once a second. */
  look(): void;
}

export interface SurroundingsOptions {
  readonly config: Pick<ContextConfig, 'speed' | 'position' | 'ignition' | 'staleAfterMs'>;
  readonly health: Pick<Health, 'report' | 'set'>;
  /** Monotonic [ms]. */
  readonly nowMs: () => number;
}

/** A source repeats itself every 5 s; three times that is silence. */
const SILENT_AFTER_MS = 15_000;
/** The clock is told as often; one that is told no longer may have lost its source. */
const CLOCK_HOLDS_MS = 60_000;

interface Timed<T> {
  readonly value: T;
  readonly atMs: number;
}

interface Heard {
  /** Any message. */
  atMs: number;
  /** Speed or position, whichever it is wanted for. */
  readingMs: number;
  fault: string | null;
  dropped: number;
}

export function openSurroundings({ config, health, nowMs }: SurroundingsOptions): Surroundings {
  const heard = new Map<ContextSourceName, Heard>();
  const speeds = new Map<ContextSourceName, Timed<number>>();
  let position: Timed<Position> | null = null;
  let clock: Timed<ClockState> | null = null;
  for (const name of usedSources(config))
    heard.set(name, { atMs: nowMs(), readingMs: nowMs(), fault: null, dropped: 0 });

  const isFresh = (timed: Timed<unknown> | null | undefined, holdsMs = config.staleAfterMs) =>
    timed != null && nowMs() - timed.atMs <= holdsMs;
  const best = () => config.speed.find((name) => isFresh(speeds.get(name)));
  const takeReading = (name: ContextSourceName, message: LinkContext, known: Heard) => {
    const atMs = nowMs();
    const wantsSpeed = message.speedKmh !== null && config.speed.includes(name);
    const wantsPosition = message.position !== null && config.position === name;
    if (wantsSpeed && message.speedKmh !== null) speeds.set(name, { value: message.speedKmh, atMs });
    if (wantsPosition && message.position !== null) position = { value: message.position, atMs };
    if (wantsSpeed || wantsPosition) known.readingMs = atMs;
  };
  const faultOf = (name: ContextSourceName, { atMs, readingMs, fault }: Heard): string | null => {
    if (nowMs() - atMs > SILENT_AFTER_MS)
      return `the role that reads ${name} does not tell anything (${name === 'obd' ? 'can' : 'uplink'})`;
    if (fault !== null) return fault;
    const isSteady = config.speed.includes(name) || config.position === name;
    const isStale = isSteady && nowMs() - readingMs > config.staleAfterMs;
    return isStale ? `${name} has told nothing for ${config.staleAfterMs / 1000} s` : null;
  };

  return {
    speedKmh() {
      const name = best();
      return name === undefined ? null : (speeds.get(name)?.value ?? null);
    },
    position: () => (isFresh(position) ? (position?.value ?? null) : null),
    clockTold: () => (isFresh(clock, CLOCK_HOLDS_MS) ? (clock?.value ?? 'unknown') : 'unknown'),
    take(message) {
      if (message.clock !== 'unknown') clock = { value: message.clock, atMs: nowMs() };
      const { source } = message;
      const known = source === 'clock' ? undefined : heard.get(source);
      if (source === 'clock' || known === undefined) return { speedKmh: null, ignitionOn: null };
      Object.assign(known, { atMs: nowMs(), fault: message.fault, dropped: message.dropped });
      health.set(
        'contextDropped',
        [...heard.values()].reduce((sum, { dropped }) => sum + dropped, 0),
      );
      takeReading(source, message, known);
      return {
        speedKmh: best() === source ? message.speedKmh : null,
        ignitionOn: config.ignition === source ? message.ignitionOn : null,
      };
    },
    look() {
      for (const [name, known] of heard) {
        const fault = faultOf(name, known);
        health.report(`context-${name}`, fault === null ? 'ok' : 'degraded', fault);
      }
    },
  };
}
