/**
 * Lockout (after openpilot): a driver who again and again, or for too long, was told the gravest in a trip is
 * told to take a break until the trip ends. This device steers nothing: what follows is the fleet's.
 *
 * In: whether the gravest is told now (no response, or level 3 of what is seen), the clock. Out: the lockout,
 * and an event at the end of the trip. A driver who is not seen at all does not count: it may be the camera.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { EventOutcome, Evidence } from './outcome.ts';
import { rounded } from './rounding.ts';

export interface LockoutState {
  /** How often the gravest began in this trip. */
  readonly terminalAlerts: number;
  /** How long it lasted, all together. */
  readonly terminalMs: number;
  /** It lasts now. */
  readonly terminal: boolean;
  /** When the lockout began; `null` = none. It ends with the trip. */
  readonly sinceMs: number | null;
  /** Counted up to here, ms. */
  readonly countedMs: number | null;
}

export const notLockedOut: LockoutState = {
  terminalAlerts: 0,
  terminalMs: 0,
  terminal: false,
  sinceMs: null,
  countedMs: null,
};

/** Lets time pass up to `nowMs`; `terminal` = the gravest is told now. */
export function elapseLockout(
  state: LockoutState,
  terminal: boolean,
  nowMs: number,
  config: JudgeConfig['lockout'],
): LockoutState {
  const begins = terminal && !state.terminal;
  const sinceMs = state.terminal ? nowMs - (state.countedMs ?? nowMs) : 0;
  const terminalAlerts = state.terminalAlerts + (begins ? 1 : 0);
  const terminalMs = state.terminalMs + sinceMs;
  const due = terminalAlerts >= config.terminalAlerts || terminalMs >= config.terminalMs;
  return {
    terminalAlerts,
    terminalMs,
    terminal,
    sinceMs: due ? (state.sinceMs ?? nowMs) : null,
    countedMs: nowMs,
  };
}

/** Closes what lasts: the trip ends. */
export function endLockout(state: LockoutState, nowMs: number): readonly EventOutcome[] {
  if (state.sinceMs === null) return [];
  const evidence = lockoutEvidence(state);
  return [{ type: 'event', kind: 'lockout', startMs: state.sinceMs, endMs: nowMs, evidence }];
}

/** What led to it. */
export function lockoutEvidence(state: LockoutState): Evidence {
  return { terminalAlerts: state.terminalAlerts, terminalMs: rounded(state.terminalMs) };
}
