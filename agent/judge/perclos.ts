/**
 * PERCLOS (P80): the share of seen time in which the eyes were closed, over a short and a long window.
 *
 * In: stretches of seen time, open or closed, ms. Out: shares 0-1 and how full each window is. Not seen
 * counts for neither. One-second buckets keep the state bounded.
 */
import type { JudgeConfig } from '../../config/schema.ts';

const BUCKET_MS = 1000;

interface Bucket {
  readonly startMs: number;
  readonly seenMs: number;
  readonly closedMs: number;
}

/** Seen and closed time of one window. */
export interface WindowSum {
  readonly seenMs: number;
  readonly closedMs: number;
}

export interface PerclosState {
  /** Full buckets of the long window, oldest first; empty ones are left out. */
  readonly past: readonly Bucket[];
  readonly current: Bucket | null;
  readonly pastShort: WindowSum;
  readonly pastLong: WindowSum;
}

export interface Perclos {
  /** Closed share, `null` when nothing was seen. */
  readonly share: number | null;
  readonly seenMs: number;
  /** Seen share of the window, 0-1. */
  readonly fill: number;
}

const nothingSeen: WindowSum = { seenMs: 0, closedMs: 0 };
export const emptyPerclos: PerclosState = {
  past: [],
  current: null,
  pastShort: nothingSeen,
  pastLong: nothingSeen,
};

/** Counts a stretch of `seenMs` in which the eyes were seen, closed or not. */
export function countEyes(state: PerclosState, seenMs: number, closed: boolean): PerclosState {
  if (state.current === null || seenMs <= 0) return state;
  const { current } = state;
  return {
    ...state,
    current: {
      startMs: current.startMs,
      seenMs: current.seenMs + seenMs,
      closedMs: current.closedMs + (closed ? seenMs : 0),
    },
  };
}

/** Moves the windows on to `nowMs`. */
export function rollPerclos(
  state: PerclosState,
  nowMs: number,
  config: JudgeConfig['perclos'],
): PerclosState {
  const { current } = state;
  if (current === null) return { ...state, current: { startMs: nowMs, seenMs: 0, closedMs: 0 } };
  const passed = Math.floor((nowMs - current.startMs) / BUCKET_MS);
  if (passed < 1) return state;
  const startMs = current.startMs + passed * BUCKET_MS;
  const filled = current.seenMs > 0 ? [...state.past, current] : state.past;
  const past = filled.filter((bucket) => bucket.startMs >= startMs - config.longWindowMs);
  return {
    past,
    current: { startMs, seenMs: 0, closedMs: 0 },
    pastShort: sumSince(past, startMs - config.shortWindowMs),
    pastLong: sumSince(past, startMs - config.longWindowMs),
  };
}

export function perclosShort(state: PerclosState, config: JudgeConfig['perclos']): Perclos {
  return perclosOf(state.pastShort, state.current, config.shortWindowMs);
}

export function perclosLong(state: PerclosState, config: JudgeConfig['perclos']): Perclos {
  return perclosOf(state.pastLong, state.current, config.longWindowMs);
}

function perclosOf(past: WindowSum, current: WindowSum | null, windowMs: number): Perclos {
  const seenMs = past.seenMs + (current?.seenMs ?? 0);
  const closedMs = past.closedMs + (current?.closedMs ?? 0);
  return {
    share: seenMs > 0 ? closedMs / seenMs : null,
    seenMs,
    fill: Math.min(1, seenMs / windowMs),
  };
}

function sumSince(buckets: readonly Bucket[], sinceMs: number): WindowSum {
  let seenMs = 0;
  let closedMs = 0;
  for (const bucket of buckets) {
    if (bucket.startMs < sinceMs) continue;
    seenMs += bucket.seenMs;
    closedMs += bucket.closedMs;
  }
  return { seenMs, closedMs };
}
