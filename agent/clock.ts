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

/** systemd-timesyncd makes this file at its first synchronisation after boot. */
const SYNCHRONISED_MARK = '/run/systemd/timesync/synchronized';

/** The machine's own clocks. */
export function systemClock(): Clock {
  return {
    monotonicMs: () => Number(process.hrtime.bigint() / 1000n) / 1000,
    wallTime: () => new Date().toISOString(),
    state: () => (existsSync(SYNCHRONISED_MARK) ? 'synchronised' : 'unknown'),
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  };
}
