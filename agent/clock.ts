/** The clocks at the edge: monotonic milliseconds, the wall, and how far the wall can be trusted. */
import { existsSync, readFileSync } from 'node:fs';
import type { ClockState } from './contract/index.ts';

export interface Clock {
  /** CLOCK_MONOTONIC [ms]; compares only within one boot. */
  readonly monotonicMs: () => number;
  /** UTC, ISO 8601. */
  readonly wallTime: () => string;
  readonly state: () => ClockState;
  /** Names the boot within which monotonic times compare. */
  readonly bootId: string;
}

/** systemd-timesyncd has this folder while it runs. */
const TIMESYNC_FOLDER = '/run/systemd/timesync';
/** It makes this file at its first synchronisation after boot. */
const SYNCHRONISED_MARK = `${TIMESYNC_FOLDER}/synchronized`;
/** The wall clock is wrong before this: the program is younger. */
const FIRST_POSSIBLE_WALL_MS = Date.UTC(2026, 0, 1);

/** What is known about the wall clock. */
export interface ClockSigns {
  readonly wallMs: number;
  /** timesyncd has synchronised it since the boot. */
  readonly marked: boolean;
  /** timesyncd runs. */
  readonly timesyncd: boolean;
  /** What somebody else says who asked the kernel (chrony, ntpd, GPS). */
  readonly told: ClockState;
}

/** How far the wall clock can be trusted. */
export function clockState({ wallMs, marked, timesyncd, told }: ClockSigns): ClockState {
  if (wallMs < FIRST_POSSIBLE_WALL_MS) return 'unsynchronised';
  if (marked) return 'synchronised';
  if (told !== 'unknown') return told;
  return timesyncd ? 'unsynchronised' : 'unknown';
}

/** Local hour of day, 0-24: minutes and seconds as fractions; `null` unless the clock is synchronised. */
export function hourOfDay(clock: Pick<Clock, 'state' | 'wallTime'>): number | null {
  if (clock.state() !== 'synchronised') return null;
  const now = new Date(clock.wallTime());
  return now.getHours() + now.getMinutes() / 60 + now.getSeconds() / 3600;
}

/**
 * The machine's own clocks.
 * @param told what somebody else says about the wall clock
 */
export function systemClock(told: () => ClockState = () => 'unknown'): Clock {
  return {
    monotonicMs: () => Number(process.hrtime.bigint() / 1000n) / 1000,
    wallTime: () => new Date().toISOString(),
    state: () =>
      clockState({
        wallMs: Date.now(),
        marked: existsSync(SYNCHRONISED_MARK),
        timesyncd: existsSync(TIMESYNC_FOLDER),
        told: told(),
      }),
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  };
}
