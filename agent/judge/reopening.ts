/**
 * How slowly the lids come up again after they were shut: longer in drowsy drivers (Caffier et al. 2003;
 * Schleicher et al. 2008).
 *
 * In: closure 0-1 per frame (`null` = not seen, or a look and a yawn, which move the lids in their own way).
 * Out: durations from shut (P80) to open, ms, over the last minute. Crossings are interpolated between
 * frames, since a rested driver's lids come up within two or three of them.
 */
import type { JudgeConfig } from '../../config/schema.ts';

/** Reopenings needed before a mean says anything. */
const LEAST_REOPENINGS = 3;

interface Reopening {
  readonly endMs: number;
  readonly reopenMs: number;
}

export interface ReopeningState {
  /** When the lids left the shut state, while they are on their way up. */
  readonly risingFromMs: number | null;
  readonly lastMs: number | null;
  readonly lastClosure: number | null;
  /** Of the window, oldest first. */
  readonly recent: readonly Reopening[];
}

export const noReopening: ReopeningState = {
  risingFromMs: null,
  lastMs: null,
  lastClosure: null,
  recent: [],
};

/** Takes the lids of one frame. */
export function observeReopening(
  state: ReopeningState,
  closure: number | null,
  atMs: number,
  config: JudgeConfig,
): ReopeningState {
  const { lastMs, lastClosure } = state;
  const seen = { ...state, lastMs: atMs, lastClosure: closure };
  const followed = lastMs !== null && lastClosure !== null && atMs - lastMs <= config.time.holdMs;
  if (closure === null || !followed) return { ...seen, risingFromMs: null };
  const { closedAt } = config.eyes;
  const { reopenedBelow, reopenLongestMs } = config.drowsiness;
  if (closure >= closedAt) return { ...seen, risingFromMs: null };
  const crossedAt = (level: number) =>
    lastMs + ((lastClosure - level) / (lastClosure - closure)) * (atMs - lastMs);
  const risingFromMs = lastClosure >= closedAt ? crossedAt(closedAt) : state.risingFromMs;
  if (risingFromMs === null) return { ...seen, risingFromMs };
  if (closure >= reopenedBelow) {
    return { ...seen, risingFromMs: atMs - risingFromMs > reopenLongestMs ? null : risingFromMs };
  }
  const reopenMs = crossedAt(reopenedBelow) - risingFromMs;
  const sinceMs = atMs - config.blinksPerMinuteWindowMs;
  const recent = [...state.recent.filter((one) => one.endMs >= sinceMs), { endMs: atMs, reopenMs }];
  return { ...seen, risingFromMs: null, recent };
}

/** Mean reopening of the last minute, ms; `null` until there are enough, or at a frame rate too low for it. */
export function meanReopenMs(
  state: ReopeningState,
  nowMs: number,
  carriesBlinks: boolean,
  config: JudgeConfig,
): number | null {
  const within = state.recent.filter((one) => one.endMs >= nowMs - config.blinksPerMinuteWindowMs);
  if (!carriesBlinks || within.length < LEAST_REOPENINGS) return null;
  return within.reduce((sum, one) => sum + one.reopenMs, 0) / within.length;
}
