/**
 * Repeated short glances (visual time sharing): ten seconds away within thirty, cleared by two seconds on
 * the road. In: look-aways that ended, the present one, `away` per frame, the clock. Out: whether the sum is
 * reached, and an event when it was cleared.
 *
 * Checks of a mirror count for nothing, and neither does a look-away that is a distraction of its own, nor
 * any time in which the vehicle stands or creeps.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { awayForMs, isMirrorCheck, mirrorOf } from './distraction.ts';
import type { EndedLook, LevelTimes, LookState } from './distraction.ts';
import type { EventOutcome } from './outcome.ts';
import { rounded } from './rounding.ts';
import { elapseSpan, lastedMs, observeSpan } from './span.ts';
import type { Span, SpanRules } from './span.ts';
import type { Sight } from './sight.ts';

interface Glance {
  readonly startMs: number;
  readonly endMs: number;
}

export interface GlancesState {
  /** Counted glances since the sum was last cleared, oldest first. */
  readonly glances: readonly Glance[];
  /** Nothing before counts: the vehicle stood until then. */
  readonly sinceMs: number | null;
  /** Looking at the road (or checking a mirror). */
  readonly road: Span | null;
  /** The sum was reached: start of its first glance. */
  readonly reachedSinceMs: number | null;
  readonly peakAwayMs: number;
}

export interface GlancesStep {
  readonly state: GlancesState;
  readonly events: readonly EventOutcome[];
}

export const noGlances: GlancesState = {
  glances: [],
  sinceMs: null,
  road: null,
  reachedSinceMs: null,
  peakAwayMs: 0,
};

/** Takes a frame: is the road (or a mirror) looked at? */
export function observeRoad(
  state: GlancesState,
  sight: Sight,
  look: LookState,
  config: JudgeConfig,
): GlancesState {
  const checksMirror = isMirrorCheck(mirrorOf(look, config), awayForMs(look, sight.atMs, config), config);
  const onRoad = sight.away === null ? null : !sight.away || checksMirror;
  return { ...state, road: observeSpan(state.road, onRoad, sight.atMs, roadRules(config)).span };
}

/** Remembers a look-away that ended. */
export function countGlance(state: GlancesState, ended: EndedLook | null): GlancesState {
  if (ended === null || ended.level > 0) return state;
  if (state.sinceMs !== null && ended.endMs <= state.sinceMs) return state;
  return { ...state, glances: [...state.glances, glanceOf(ended, state.sinceMs)] };
}

/** The part of a look-away that counts. */
function glanceOf({ startMs, endMs }: Glance, sinceMs: number | null): Glance {
  return { startMs: Math.max(startMs, sinceMs ?? startMs), endMs };
}

/** Who stands may look anywhere. */
function stand(state: GlancesState, nowMs: number): GlancesStep {
  const { state: cleared, events } = clearGlances(state, nowMs);
  return { state: { ...cleared, sinceMs: nowMs }, events };
}

/** Sums up at `nowMs`: reached, still reached, or cleared by the road. */
export function judgeGlances(
  state: GlancesState,
  look: LookState,
  nowMs: number,
  times: LevelTimes,
  config: JudgeConfig,
): GlancesStep {
  const road = elapseSpan(state.road, nowMs, roadRules(config)).span;
  const moved = road === state.road ? state : { ...state, road };
  if (times === null) return stand(moved, nowMs);
  if (road !== null && lastedMs(road, nowMs, roadRules(config)) >= config.distraction.repeatedClearMs) {
    return clearGlances(moved, road.startMs);
  }
  const counted = countedGlances(moved, look, nowMs, config);
  if (counted.length === 0) return { state: moved, events: [] };
  const awayMs = sumWithin(counted, nowMs, config);
  const reached = moved.reachedSinceMs !== null || isRepeated(counted, awayMs, config);
  const kept = moved.glances.filter((glance) => glance.endMs >= nowMs - config.distraction.repeatedWindowMs);
  const first = counted.find((glance) => glance.endMs >= nowMs - config.distraction.repeatedWindowMs);
  return {
    state: {
      ...moved,
      glances: kept.length === moved.glances.length ? moved.glances : kept,
      reachedSinceMs: reached ? (moved.reachedSinceMs ?? first?.startMs ?? nowMs) : null,
      peakAwayMs: Math.max(moved.peakAwayMs, awayMs),
    },
    events: [],
  };
}

/** Forgets the glances; what was reached becomes an event that ended at `endMs`. */
export function clearGlances(state: GlancesState, endMs: number): GlancesStep {
  if (state.glances.length === 0 && state.reachedSinceMs === null) return { state, events: [] };
  const cleared = { ...noGlances, road: state.road, sinceMs: state.sinceMs };
  if (state.reachedSinceMs === null) return { state: cleared, events: [] };
  const event: EventOutcome = {
    type: 'event',
    kind: 'repeated-glances',
    startMs: state.reachedSinceMs,
    endMs,
    evidence: { awayMs: rounded(state.peakAwayMs) },
  };
  return { state: cleared, events: [event] };
}

/** One long look is not repeated. */
function isRepeated(counted: readonly Glance[], awayMs: number, config: JudgeConfig): boolean {
  return counted.length > 1 && awayMs >= config.distraction.repeatedAwayMs;
}

function roadRules(config: JudgeConfig): SpanRules {
  return { ...config.time, returnMs: config.distraction.glanceMinMs };
}

/** The remembered glances and the present one, if it counts. */
function countedGlances(
  { glances, sinceMs }: GlancesState,
  look: LookState,
  nowMs: number,
  config: JudgeConfig,
): readonly Glance[] {
  if (look.span === null || look.peakLevel > 0) return glances;
  const forMs = awayForMs(look, nowMs, config);
  if (forMs < config.distraction.glanceMinMs) return glances;
  if (isMirrorCheck(mirrorOf(look, config), forMs, config)) return glances;
  const { startMs } = look.span;
  const endMs = startMs + forMs;
  return endMs <= (sinceMs ?? -Infinity) ? glances : [...glances, glanceOf({ startMs, endMs }, sinceMs)];
}

function sumWithin(glances: readonly Glance[], nowMs: number, config: JudgeConfig): number {
  const sinceMs = nowMs - config.distraction.repeatedWindowMs;
  return glances.reduce((sum, g) => sum + Math.max(0, g.endMs - Math.max(g.startMs, sinceMs)), 0);
}
