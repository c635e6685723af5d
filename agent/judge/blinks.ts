/**
 * Statistics of closures over the last minute: blinks a minute, mean duration, long blinks. In: closures
 * that ended. Out: figures, `null` where the frame rate does not carry them.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { EndedClosure } from './closures.ts';

const MS_PER_MINUTE = 60_000;
/** Closures needed before a mean says anything. */
const LEAST_CLOSURES = 3;

export interface BlinkState {
  /** Closures of the window, oldest first. */
  readonly recent: readonly EndedClosure[];
}

export interface BlinkFigures {
  readonly blinksPerMinute: number | null;
  readonly meanBlinkMs: number | null;
  /** Closures of at least `longBlinkMs`, a minute of seen time; carried at any frame rate. */
  readonly longBlinksPerMinute: number | null;
}

export const noBlinks: BlinkState = { recent: [] };

/** Remembers a closure and forgets those that left the window. */
export function countClosure(
  state: BlinkState,
  ended: EndedClosure | null,
  nowMs: number,
  config: JudgeConfig,
): BlinkState {
  const sinceMs = nowMs - config.blinksPerMinuteWindowMs;
  const oldest = state.recent[0];
  if (ended === null && (oldest === undefined || oldest.endMs >= sinceMs)) return state;
  const recent = state.recent.filter((closure) => closure.endMs >= sinceMs);
  return { recent: ended === null ? recent : [...recent, ended] };
}

/** Figures over the window; `seenMs` = time with seen eyes in it. */
export function blinkFigures(
  state: BlinkState,
  seenMs: number,
  carriesBlinks: boolean,
  config: JudgeConfig,
): BlinkFigures {
  const minutes = seenMs / MS_PER_MINUTE;
  if (minutes < config.perclos.minShortFill) {
    return { blinksPerMinute: null, meanBlinkMs: null, longBlinksPerMinute: null };
  }
  const long = state.recent.filter((closure) => closure.lastedMs >= config.eyes.longBlinkMs);
  const longBlinksPerMinute = long.length / minutes;
  if (!carriesBlinks) return { blinksPerMinute: null, meanBlinkMs: null, longBlinksPerMinute };
  const blinks = state.recent.filter((closure) => closure.lastedMs < config.eyes.microsleepMs);
  const totalMs = blinks.reduce((sum, closure) => sum + closure.lastedMs, 0);
  return {
    blinksPerMinute: blinks.length / minutes,
    meanBlinkMs: blinks.length >= LEAST_CLOSURES ? totalMs / blinks.length : null,
    longBlinksPerMinute,
  };
}
