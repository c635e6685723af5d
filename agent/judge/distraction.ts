/**
 * Looking away from the road: glances, long distraction and repeated short glances.
 *
 * In: `away` and the direction per frame (`null` = not known), the speed tier, the clock. Out: events of
 * looks that ended, the attention level of the present one, and the sum of short glances.
 *
 * A look-away is one event, named by its length. Looks back shorter than `glanceMinMs` do not interrupt it.
 * Once it has raised a level, only a face that is seen looking at the road ends it: hiding does not help.
 * Inattention before it that has not worn off makes its levels come earlier.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { mirrorAt } from './mirrors.ts';
import type { Direction } from './mirrors.ts';
import type { AttentionLevel, EventOutcome, Evidence } from './outcome.ts';
import { rounded } from './rounding.ts';
import { elapseSpan, endSpan, isShowing, lastedMs, observeSpan } from './span.ts';
import type { EndedSpan, Span, SpanRules } from './span.ts';
import type { Sight } from './sight.ts';

/** Level times of the present speed, ms; `null` = look-aways raise nothing at this speed. */
export type LevelTimes = readonly [number, number, number] | null;

export interface LookState {
  readonly span: Span | null;
  /** Level that the present look-away stands at; falls to 0 where looks raise nothing (standing). */
  readonly level: AttentionLevel;
  /** Highest level that it reached: what it is named by. */
  readonly peakLevel: AttentionLevel;
  /** Inattention from before that counts with it, ms; below 0 = time of it that does not count (standing). */
  readonly carriedMs: number;
  /** Sums over the frames of the look-away, for its mean direction. */
  readonly yawSumDeg: number;
  readonly pitchSumDeg: number;
  readonly frames: number;
}

/** A look-away that has ended. */
export interface EndedLook {
  readonly startMs: number;
  readonly endMs: number;
  readonly mirror: string | null;
  readonly level: AttentionLevel;
}

export interface LookStep {
  readonly state: LookState;
  readonly events: readonly EventOutcome[];
  /** Set when a look-away ended that was long enough to be a glance. */
  readonly ended: EndedLook | null;
}

export const noLook: LookState = {
  span: null,
  level: 0,
  peakLevel: 0,
  carriedMs: 0,
  yawSumDeg: 0,
  pitchSumDeg: 0,
  frames: 0,
};

/** Takes the direction of one frame; `lapseMs` = inattention before it that has not worn off. */
export function observeLook(
  state: LookState,
  sight: Sight,
  times: LevelTimes,
  lapseMs: number,
  config: JudgeConfig,
): LookStep {
  const step = observeSpan(state.span, sight.away, sight.atMs, lookRules(state, config));
  const finished = finish(state, step.ended, config);
  const goesOn = step.span !== null && step.span.startMs === state.span?.startMs;
  const base = goesOn ? state : { ...noLook, carriedMs: lapseMs };
  const direction = sight.away === true ? (sight.gaze ?? sight.head) : null;
  const followed = { ...base, span: step.span, ...withDirection(base, direction) };
  return { ...finished, state: withLevel(followed, sight.atMs, times, config) };
}

/** Lets time pass without a frame. */
export function elapseLook(
  state: LookState,
  nowMs: number,
  times: LevelTimes,
  config: JudgeConfig,
): LookStep {
  if (state.span === null) return { state, ...nothingEnded };
  const step = elapseSpan(state.span, nowMs, lookRules(state, config));
  if (step.ended) return { state: noLook, ...finish(state, step.ended, config) };
  const moved = step.span === state.span ? state : { ...state, span: step.span };
  return { state: withLevel(moved, nowMs, times, config), ...nothingEnded };
}

/** Closes what is open, for the end of a trip. */
export function endLook(state: LookState, nowMs: number, config: JudgeConfig): LookStep {
  if (state.span === null) return { state: noLook, ...nothingEnded };
  return { state: noLook, ...finish(state, endSpan(state.span, nowMs, lookRules(state, config)), config) };
}

/** How long the present look-away has been seen. */
export function awayForMs(state: LookState, nowMs: number, config: JudgeConfig): number {
  return state.span === null ? 0 : lastedMs(state.span, nowMs, lookRules(state, config));
}

/** Level that so much inattention is, at the present speed. */
export function levelAt(lapseMs: number, times: LevelTimes): AttentionLevel {
  if (times === null) return 0;
  return times.filter((levelMs) => lapseMs >= levelMs).length as AttentionLevel;
}

/** Inattention that the present look-away stands for, with what it carries, ms; a check of a mirror is none. */
export function lapseOfLook(state: LookState, nowMs: number, config: JudgeConfig): number {
  if (!isShowing(state.span)) return 0;
  const forMs = awayForMs(state, nowMs, config);
  if (forMs < config.distraction.glanceMinMs) return 0;
  return isMirrorCheck(mirrorOf(state, config), forMs, config) ? 0 : Math.max(0, forMs + state.carriedMs);
}

/** Mean direction of the present look-away from neutral, degrees. */
export function meanDirection(state: LookState): Direction | null {
  if (state.frames === 0) return null;
  return { yawDeg: state.yawSumDeg / state.frames, pitchDeg: state.pitchSumDeg / state.frames };
}

/** Which mirror the present look-away goes to, if any. */
export function mirrorOf(state: LookState, config: JudgeConfig): string | null {
  const direction = meanDirection(state);
  return direction && mirrorAt(direction, config.distraction);
}

/** The look-away is short and at a mirror: it counts for nothing. */
export function isMirrorCheck(mirror: string | null, forMs: number, config: JudgeConfig): boolean {
  return mirror !== null && forMs < config.distraction.mirrorGlanceMs;
}

const nothingEnded = { events: [], ended: null } as const;

function lookRules(state: LookState, config: JudgeConfig): SpanRules {
  const { holdMs, gapMs, bridgeMs } = config.time;
  return {
    holdMs,
    gapMs,
    bridgeMs: state.level > 0 ? Infinity : bridgeMs,
    returnMs: config.distraction.glanceMinMs,
  };
}

function withDirection(state: LookState, look: Direction | null) {
  if (look === null) return {};
  return {
    yawSumDeg: state.yawSumDeg + look.yawDeg,
    pitchSumDeg: state.pitchSumDeg + look.pitchDeg,
    frames: state.frames + 1,
  };
}

/** Raises the level with time; while the look-away lasts only a stop lowers it. */
function withLevel(state: LookState, nowMs: number, times: LevelTimes, config: JudgeConfig): LookState {
  if (state.span === null) return state;
  if (times === null) return heldBack(state, nowMs, config);
  const reached = levelAt(lapseOfLook(state, nowMs, config), times);
  if (reached <= state.level) return state;
  return { ...state, level: reached, peakLevel: Math.max(reached, state.peakLevel) as AttentionLevel };
}

/** Where looks raise nothing, they count up to just before the first level. */
function heldBack(state: LookState, nowMs: number, config: JudgeConfig): LookState {
  const mostMs = config.distraction.levelMs[0] - 1;
  const carriedMs = Math.min(state.carriedMs, mostMs - awayForMs(state, nowMs, config));
  if (state.level === 0 && carriedMs === state.carriedMs) return state;
  return { ...state, level: 0, carriedMs };
}

function finish(state: LookState, ended: EndedSpan | null, config: JudgeConfig): Omit<LookStep, 'state'> {
  if (ended === null || ended.lastedMs < config.distraction.glanceMinMs) return nothingEnded;
  const mirror = mirrorOf(state, config);
  if (isMirrorCheck(mirror, ended.lastedMs, config)) return nothingEnded;
  const { startMs, endMs } = ended;
  const event: EventOutcome = {
    type: 'event',
    kind: state.peakLevel > 0 ? 'distraction' : 'glance',
    startMs,
    endMs,
    evidence: {
      awayMs: rounded(ended.lastedMs),
      ...directionEvidence(state, config),
      unseenMs: rounded(ended.unseenMs),
      endSeen: ended.endSeen,
    },
  };
  return { events: [event], ended: { startMs, endMs, mirror, level: state.peakLevel } };
}

/** Where the driver looks, for evidence. */
export function directionEvidence(state: LookState, config: JudgeConfig): Evidence {
  const direction = meanDirection(state);
  return {
    yawFromNeutralDeg: direction && rounded(direction.yawDeg),
    pitchFromNeutralDeg: direction && rounded(direction.pitchDeg),
    mirror: mirrorOf(state, config),
  };
}
