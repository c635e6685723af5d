/**
 * GPIO inputs as observations: a button that acknowledges, the ignition that begins and ends a trip.
 *
 * In:  presses and levels (`hardware/gpio/`).
 * Out: acknowledgements and context for the judge; the word to stop, where that is configured.
 */
import type { GpioConfig } from '../config/schema.ts';
import { watchButton, watchIgnition } from '../hardware/gpio/index.ts';
import type { Health } from './health.ts';
import type { Judging } from './judging.ts';

export interface GpioInputOptions {
  readonly config: GpioConfig;
  readonly judging: () => Pick<Judging, 'observe' | 'measures'>;
  /** The judge's clock now [ms]. */
  readonly nowMs: () => number;
  /** Now, local; `null` where it is not known, or says nothing of the drive. */
  readonly hourOfDay: () => number | null;
  /** A fresh speed [km/h]; `null` = unknown. */
  readonly speedKmh: () => number | null;
  readonly health: Pick<Health, 'report'>;
  /** The ignition was off for as long as the settings say: end the role, the trip is over. */
  readonly onStop: () => void;
}

export interface GpioInputs {
  /** What the wire says; `null` = there is none, or it cannot be read now. It counts before other sources. */
  ignitionOn(): boolean | null;
  /** Lets the lines go. */
  close(): Promise<void>;
}

/** An unchanged ignition is told so often; the judge forgets one that is not repeated [ms]. */
const REPEAT_MS = 5000;
/** A vehicle that is known to be this fast is not parked, whatever the wire says [km/h]. */
const ROLLS_KMH = 5;

/** Starts what the settings name; lines that cannot be had are health and are tried for ever. */
export function openGpioInputs(options: GpioInputOptions): GpioInputs {
  const { config, judging, nowMs, health } = options;
  const closed = new AbortController();
  const { signal } = closed;
  const healthOf = (part: string) => (fault: string | null) =>
    health.report(part, fault === null ? 'ok' : 'degraded', fault);
  const ends: Promise<void>[] = [];
  let wire: boolean | null = null;

  if (config.button !== undefined) {
    const onPress = (): void => judging().observe({ kind: 'ack', atMs: nowMs(), origin: 'button' });
    ends.push(watchButton(config.button, { onPress, onHealth: healthOf('button'), signal }));
  }
  if (config.ignition !== undefined) {
    const take = followIgnition(config.ignition.stopAfterOffMs, options);
    const report = healthOf('ignition');
    const onHealth = (fault: string | null): void => {
      if (fault !== null) wire = null;
      report(fault);
    };
    const onLevel = (on: boolean): void => {
      wire = on;
      take(on);
    };
    ends.push(watchIgnition(config.ignition, { onLevel, onHealth, signal }));
  }
  return {
    ignitionOn: () => wire,
    async close() {
      closed.abort();
      await Promise.all(ends);
    },
  };
}

/**
 * Tells the judge at each change and now and then; asks to stop where the settings say so.
 * @returns takes a reading
 */
export function followIgnition(
  stopAfterOffMs: number | undefined,
  options: Pick<GpioInputOptions, 'judging' | 'nowMs' | 'hourOfDay' | 'speedKmh' | 'onStop'>,
): (on: boolean) => void {
  const { judging, nowMs, hourOfDay, speedKmh, onStop } = options;
  let before: boolean | null = null;
  let toldMs = -Infinity;
  let wasOn = false;
  let offSinceMs: number | null = null;

  return (on) => {
    const atMs = nowMs();
    if (on !== before || atMs - toldMs >= REPEAT_MS) {
      judging().observe({ kind: 'context', atMs, speedKmh: null, ignitionOn: on, hourOfDay: hourOfDay() });
      toldMs = atMs;
    }
    before = on;
    wasOn ||= on;
    offSinceMs = on ? null : (offSinceMs ?? atMs);
    const isParked = wasOn && (speedKmh() ?? 0) < ROLLS_KMH;
    if (stopAfterOffMs === undefined || offSinceMs === null || !isParked) return;
    if (atMs - offSinceMs < stopAfterOffMs) return;
    wasOn = false; // once
    if (judging().measures().tripActive) {
      judging().observe({ kind: 'trip', atMs, phase: 'end', cause: 'ignition' });
    }
    onStop();
  };
}
