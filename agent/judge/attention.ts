/**
 * How attentive the driver has been: inattention adds up while it is seen and wears off while attention is
 * seen, faster the more there is of it (after openpilot's awareness).
 *
 * In: the look, the closed eyes, the newest frame, the clock. Out: the sum, in ms of looking away, and
 * whether level 3 was reached: that level does not recover by itself, only the end of the trip ends it.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { lapseOfLook, levelAt } from './distraction.ts';
import type { LevelTimes, LookState } from './distraction.ts';
import type { AttentionLevel } from './outcome.ts';
import type { Sight } from './sight.ts';

export interface AttentionState {
  /** Inattention that was seen and has not worn off, in ms of looking away. */
  readonly lapseMs: number;
  /** The part of it that was looking away: a next look goes on from here, not from closed eyes. */
  readonly lookedMs: number;
  /** Level 3 was reached in this trip. */
  readonly terminal: boolean;
  /** Counted up to here, ms. */
  readonly countedMs: number | null;
}

export const attentive: AttentionState = { lapseMs: 0, lookedMs: 0, terminal: false, countedMs: null };

/** What the driver does at this moment. */
export interface AttentionInput {
  readonly look: LookState;
  /** What the closed eyes stand for, in ms of looking away; 0 = not asleep. */
  readonly asleepMs: number;
  /** The newest frame; `null` when it no longer holds. */
  readonly sight: Sight | null;
  readonly times: LevelTimes;
}

/** Lets time pass up to `nowMs`. */
export function elapseAttention(
  state: AttentionState,
  input: AttentionInput,
  nowMs: number,
  config: JudgeConfig,
): AttentionState {
  const sinceMs = nowMs - (state.countedMs ?? nowMs);
  const forMs = isAttentive(input, config) ? sinceMs : 0;
  // Where looks raise nothing, one look at the road is enough: who drives off then has seen it.
  const forgiven = input.times === null && forMs > 0 && input.look.span === null;
  const leftMs = (ms: number) => wornOff(ms, forMs, config.distraction.levelMs[2], config);
  const left = (ms: number) => (forgiven && ms < config.distraction.levelMs[0] ? 0 : leftMs(ms));
  const lookMs = lapseOfLook(input.look, nowMs, config);
  const lookedMs = heldBack(Math.max(left(state.lookedMs), lookMs), input, config);
  const lapseMs = heldBack(Math.max(left(state.lapseMs), lookMs, input.asleepMs), input, config);
  const terminal = state.terminal || levelAt(lapseMs, input.times) === 3;
  return { lapseMs, lookedMs, terminal, countedMs: nowMs };
}

/** The level that is left of past inattention; 3 stays. */
export function levelLeft(state: AttentionState, times: LevelTimes): AttentionLevel {
  return state.terminal ? 3 : levelAt(state.lapseMs, times);
}

/** Looks at the road with open eyes, as far as can be seen. */
function isAttentive({ sight, asleepMs }: AttentionInput, config: JudgeConfig): boolean {
  if (sight === null || sight.away !== false || asleepMs > 0) return false;
  return sight.closure === null || sight.closure < config.eyes.closedAt;
}

/**
 * What is left of `lapseMs` after `forMs` of attention: it falls by `recoveryAtLeast` ms per ms, and
 * the more of it there is, the faster, up to `recoveryAtMost` at `wholeMs`, level 3 (the solution of
 * lapse' = -(atLeast + (atMost - atLeast) * lapse / whole)).
 */
export function wornOff(lapseMs: number, forMs: number, wholeMs: number, config: JudgeConfig): number {
  if (lapseMs <= 0 || forMs <= 0) return lapseMs;
  const { recoveryAtLeast, recoveryAtMost } = config.distraction;
  const gain = (recoveryAtMost - recoveryAtLeast) / wholeMs;
  if (gain <= 0) return Math.max(0, lapseMs - recoveryAtLeast * forMs);
  const base = recoveryAtLeast / gain;
  return Math.max(0, (lapseMs + base) * Math.exp(-gain * forMs) - base);
}

/** Where looks raise nothing (standing), inattention counts up to just before the first level. */
function heldBack(lapseMs: number, { times, asleepMs }: AttentionInput, config: JudgeConfig): number {
  if (times !== null || asleepMs > 0) return lapseMs;
  return Math.min(lapseMs, config.distraction.levelMs[0] - 1);
}
