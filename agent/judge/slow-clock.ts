/**
 * The slow clock: a driver who is not seen cannot be judged, so time without a face, or with a head pose that
 * stays uncertain, climbs the same levels more slowly. Wears off while the driver is seen on the road.
 *
 * In: the newest frame that still holds, the clock. Out: time unseen that has not worn off, its level.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { wornOff } from './attention.ts';
import { levelAt } from './distraction.ts';
import type { LevelTimes } from './distraction.ts';
import type { AttentionLevel } from './outcome.ts';
import type { Sight } from './sight.ts';

export interface SlowClock {
  /** Time unseen that has not worn off, ms. */
  readonly unseenMs: number;
  /** When it began to add up. */
  readonly startMs: number | null;
  /** The head pose has been uncertain for so long, ms. */
  readonly uncertainMs: number;
  /** Highest level since it began; 3 is never left within a trip. */
  readonly peakLevel: AttentionLevel;
  /** Counted up to here, ms. */
  readonly countedMs: number | null;
}

export const slowClockAtRest: SlowClock = {
  unseenMs: 0,
  startMs: null,
  uncertainMs: 0,
  peakLevel: 0,
  countedMs: null,
};

/** What is seen at this moment. */
export interface SlowClockInput {
  /** The newest frame; `null` when it no longer holds. */
  readonly sight: Sight | null;
  /** The neutral pose is known: a face without a direction is one of uncertain pose. */
  readonly calibrated: boolean;
  /** `null`: nothing is raised at this speed, and the clock stops just before its first level. */
  readonly times: LevelTimes;
}

/** Lets time pass up to `nowMs`. */
export function elapseSlowClock(
  state: SlowClock,
  input: SlowClockInput,
  nowMs: number,
  config: JudgeConfig,
): SlowClock {
  const sinceMs = nowMs - (state.countedMs ?? nowMs);
  const { sight, calibrated } = input;
  const hidden = sight === null || !sight.face;
  const uncertain = !hidden && calibrated && sight.head === null;
  // A gap between frames is no certain pose.
  const kept = hidden ? state.uncertainMs : 0;
  const uncertainMs = uncertain ? state.uncertainMs + sinceMs : kept;
  const runs = hidden || uncertainMs > config.face.uncertainPoseMs;
  const onRoad = !hidden && !uncertain && sight.away !== true;
  const left = onRoad ? wornOff(state.unseenMs, sinceMs, config.face.slowLevelMs[2], config) : state.unseenMs;
  const unseenMs = heldBack(runs ? state.unseenMs + sinceMs : left, input.times, config);
  const startMs = unseenMs === 0 ? null : (state.startMs ?? nowMs - unseenMs);
  return { unseenMs, startMs, uncertainMs, peakLevel: peakOf(state, unseenMs, config), countedMs: nowMs };
}

/** The driver answered by hand: the clock starts anew, but level 3 stays. */
export function answerSlowClock(state: SlowClock): SlowClock {
  return state.peakLevel === 3 ? state : { ...slowClockAtRest, countedMs: state.countedMs };
}

/** The level of the slow clock now. */
export function slowLevel(state: SlowClock, config: JudgeConfig): AttentionLevel {
  return state.peakLevel === 3 ? 3 : levelAt(state.unseenMs, config.face.slowLevelMs);
}

function peakOf(state: SlowClock, unseenMs: number, config: JudgeConfig): AttentionLevel {
  if (state.peakLevel === 3) return 3;
  if (unseenMs === 0) return 0;
  return Math.max(state.peakLevel, levelAt(unseenMs, config.face.slowLevelMs)) as AttentionLevel;
}

function heldBack(unseenMs: number, times: LevelTimes, config: JudgeConfig): number {
  return times === null ? Math.min(unseenMs, config.face.slowLevelMs[0] - 1) : unseenMs;
}
