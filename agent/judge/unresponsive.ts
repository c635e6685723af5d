/**
 * A driver who was warned of closed eyes or of looking away and does not return (Euro NCAP: no return within
 * 3 s of a warning, or closed or away for 6 s).
 *
 * In: the closure and the look as they stand, the newest frame, the clock. Out: whether the driver responds,
 * and an event when he did again. Times in ms.
 *
 * What followed out of sight (a lost face, a head turned off the road) counts with the 6 s, never with the
 * 3 s, and only after a warning; a camera that is covered, frozen or silent counts for nothing. Eyes that
 * cannot be read in a face that looks ahead are no sign of anything. Once raised, only a driver who is seen on
 * the road, or a vehicle that stands, ends it.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { closedForMs } from './closures.ts';
import type { ClosureState } from './closures.ts';
import { awayForMs, mirrorOf } from './distraction.ts';
import type { LevelTimes, LookState } from './distraction.ts';
import type { EventOutcome, Evidence } from './outcome.ts';
import { rounded } from './rounding.ts';
import type { Sight } from './sight.ts';

/** What the driver was warned of, and has not returned from. */
export interface NoReturn {
  readonly behaviour: 'closed-eyes' | 'looking-away';
  /** First observation of the behaviour. */
  readonly startMs: number;
  /** How long it was seen. */
  readonly seenMs: number;
  /** What it was measured against, ms. */
  readonly thresholdMs: number;
  /** What followed out of sight counted as well. */
  readonly withHidden: boolean;
}

export interface UnresponsiveState {
  /** Time out of sight since the warning. */
  readonly hiddenMs: number;
  /** `null` = the driver responds. */
  readonly noReturn: NoReturn | null;
  /** Counted up to here, ms. */
  readonly countedMs: number | null;
}

export const responsive: UnresponsiveState = { hiddenMs: 0, noReturn: null, countedMs: null };

/** What the driver does at this moment. */
export interface ResponseInput {
  readonly closure: ClosureState;
  readonly look: LookState;
  /** The newest frame; `null` when it no longer holds. */
  readonly sight: Sight | null;
  readonly times: LevelTimes;
  /** The vehicle is known to stand. */
  readonly standing: boolean;
  /** The part of the closure that passed while it stood, ms. */
  readonly parkedMs: number;
}

export interface ResponseStep {
  readonly state: UnresponsiveState;
  readonly events: readonly EventOutcome[];
}

/** Lets time pass up to `nowMs`. */
export function elapseResponse(
  state: UnresponsiveState,
  input: ResponseInput,
  nowMs: number,
  config: JudgeConfig,
): ResponseStep {
  const warned = isWarned(input);
  if (!warned && hasReturned(state, input)) return endResponse(state, nowMs);
  const sinceMs = nowMs - (state.countedMs ?? nowMs);
  const hiddenMs = warned ? state.hiddenMs + (isHidden(input) ? sinceMs : 0) : state.hiddenMs;
  const found = warned ? findNoReturn(input, hiddenMs, nowMs, config) : null;
  const noReturn = found ?? withSeen(state.noReturn, input, nowMs, config);
  return { state: { hiddenMs, noReturn, countedMs: nowMs }, events: [] };
}

/** The driver responds again, or the trip ends. */
export function endResponse(state: UnresponsiveState, nowMs: number): ResponseStep {
  const { noReturn } = state;
  if (noReturn === null) return { state: responsive, events: [] };
  const event: EventOutcome = {
    type: 'event',
    kind: 'unresponsive',
    startMs: noReturn.startMs,
    endMs: nowMs,
    evidence: responseEvidence(state),
  };
  return { state: responsive, events: [event] };
}

/** What was seen, against what; empty while the driver responds. */
export function responseEvidence({ noReturn, hiddenMs }: UnresponsiveState): Evidence {
  if (noReturn === null) return {};
  const { behaviour, seenMs, thresholdMs, withHidden } = noReturn;
  const seen = behaviour === 'closed-eyes' ? { closedMs: rounded(seenMs) } : { awayMs: rounded(seenMs) };
  return { ...seen, hiddenMs: rounded(hiddenMs), thresholdMs: rounded(thresholdMs), withHidden, behaviour };
}

function isWarned({ closure, look, standing }: ResponseInput): boolean {
  return !standing && (closure.asleep || look.level > 0);
}

/** Nothing to return from, or seen on the road with eyes that are not shut. */
function hasReturned({ noReturn }: UnresponsiveState, { sight, standing, closure }: ResponseInput): boolean {
  if (noReturn === null || standing) return true;
  return sight !== null && sight.face && sight.away !== true && !closure.asleep;
}

/** Out of sight in a picture that shows something: no face, or a head that is not ahead. */
function isHidden({ closure, sight }: ResponseInput): boolean {
  if (sight === null || sight.picture !== 'usable') return false;
  if (!sight.face) return true;
  return closure.asleep ? sight.closure === null && sight.away !== false : sight.away === null;
}

function findNoReturn(
  input: ResponseInput,
  hiddenMs: number,
  nowMs: number,
  config: JudgeConfig,
): NoReturn | null {
  return fromClosure(input, hiddenMs, nowMs, config) ?? fromLook(input, hiddenMs, nowMs, config);
}

/** The warning is that of the microsleep. */
function fromClosure(
  { closure, parkedMs }: ResponseInput,
  hiddenMs: number,
  nowMs: number,
  config: JudgeConfig,
): NoReturn | null {
  if (!closure.asleep || closure.span === null) return null;
  const seenMs = closedForMs(closure, nowMs, config);
  const { closedMs, noReturnMs } = config.unresponsive;
  const latestMs = parkedMs + closedMs;
  const soonMs = Math.min(latestMs, Math.max(parkedMs, config.eyes.microsleepMs) + noReturnMs);
  const about = { behaviour: 'closed-eyes', startMs: closure.span.startMs, seenMs } as const;
  return pastEither(about, hiddenMs, soonMs, latestMs);
}

/** The warning is that of level 1, sooner after inattention that has not worn off. */
function fromLook(
  { look, times }: ResponseInput,
  hiddenMs: number,
  nowMs: number,
  config: JudgeConfig,
): NoReturn | null {
  if (look.level === 0 || look.span === null || times === null) return null;
  const seenMs = awayForMs(look, nowMs, config);
  const { awayMs, noReturnMs } = config.unresponsive;
  const { levelMs, glanceMinMs, mirrorGlanceMs } = config.distraction;
  const leastMs = mirrorOf(look, config) === null ? glanceMinMs : mirrorGlanceMs;
  const warnedAfterMs = Math.max(leastMs, times[0] - look.carriedMs);
  const latestMs = awayMs + times[0] - levelMs[0];
  const soonMs = Math.min(latestMs, warnedAfterMs + noReturnMs);
  const about = { behaviour: 'looking-away', startMs: look.span.startMs, seenMs } as const;
  return pastEither(about, hiddenMs, soonMs, latestMs);
}

/** Seen for `soonMs`, or for `latestMs` with what followed out of sight. */
function pastEither(
  about: Pick<NoReturn, 'behaviour' | 'startMs' | 'seenMs'>,
  hiddenMs: number,
  soonMs: number,
  latestMs: number,
): NoReturn | null {
  if (about.seenMs >= soonMs) return { ...about, thresholdMs: soonMs, withHidden: false };
  if (about.seenMs + hiddenMs < latestMs) return null;
  return { ...about, thresholdMs: latestMs, withHidden: true };
}

/** What was raised keeps what it was raised for. */
function withSeen(
  noReturn: NoReturn | null,
  { closure, look }: ResponseInput,
  nowMs: number,
  config: JudgeConfig,
): NoReturn | null {
  if (noReturn === null) return null;
  const forMs =
    noReturn.behaviour === 'closed-eyes'
      ? closedForMs(closure, nowMs, config)
      : awayForMs(look, nowMs, config);
  return { ...noReturn, seenMs: Math.max(noReturn.seenMs, forMs) };
}
