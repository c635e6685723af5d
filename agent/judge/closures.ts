/**
 * Eyelids over time: blink, long blink, microsleep and sleep are one closure, named by its length.
 *
 * In: closure 0-1 per frame (`null` = not seen), the clock. Out: events of closures that ended, and while
 * one lasts whether it is a microsleep (`asleep`), decided on the tick, not only on frames.
 *
 * Not seen never counts as closed: such time is left out of the duration; short stretches are bridged,
 * longer ones end the closure. Once asleep, only eyes that are seen open end it: hiding does not help.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { EventKind, EventOutcome, Evidence } from './outcome.ts';
import { rounded } from './rounding.ts';
import { beginSpan, elapseSpan, endSpan, lastedMs, observeSpan } from './span.ts';
import type { EndedSpan, Span, SpanRules } from './span.ts';

/** Lids that were shut for less of the time so far were squinting: the next shutting is a new closure. */
const SQUINT_SHARE = 0.5;

export interface ClosureState {
  /** Lids at half shut or beyond. */
  readonly span: Span | null;
  /** Within it: closed by P80. */
  readonly shut: Span | null;
  /** P80 time of this closure before the present shut stretch. */
  readonly shutBeforeMs: number;
  /** How long the lids took from half shut to shut. */
  readonly closingMs: number;
  /** Frames since the lids first shut, and the sum of their closures. */
  readonly shutFrames: number;
  readonly closureSum: number;
  readonly peak: number;
  /** The eyes were seen open right before. */
  readonly onsetSeen: boolean;
  /** The mouth was wide open at some moment of it. */
  readonly inYawn: boolean;
  /** It has lasted as long as a microsleep. */
  readonly asleep: boolean;
  readonly lastClosure: number | null;
  /** Since when a face that looks ahead shows no eyes. */
  readonly hiddenFromMs: number | null;
}

/** What is seen around the lids in a frame. */
export interface AroundLids {
  /** The mouth is wide open around it. */
  readonly inYawn: boolean;
  /** A face is seen and looks at the road. */
  readonly ahead: boolean;
}

/** A closure that has ended, for statistics. */
export interface EndedClosure {
  readonly kind: 'blink' | 'long-blink' | 'microsleep' | 'sleep';
  readonly endMs: number;
  readonly lastedMs: number;
}

export interface ClosureStep {
  readonly state: ClosureState;
  readonly events: readonly EventOutcome[];
  readonly ended: EndedClosure | null;
}

export const noClosure: ClosureState = {
  span: null,
  shut: null,
  shutBeforeMs: 0,
  closingMs: 0,
  shutFrames: 0,
  closureSum: 0,
  peak: 0,
  onsetSeen: false,
  inYawn: false,
  asleep: false,
  lastClosure: null,
  hiddenFromMs: null,
};

/** Takes the lids of one frame. */
export function observeClosure(
  state: ClosureState,
  closure: number | null,
  atMs: number,
  around: AroundLids,
  config: JudgeConfig,
): ClosureStep {
  const hiddenFromMs = closure === null && around.ahead ? (state.hiddenFromMs ?? atMs) : null;
  if (isHandedOver(state, hiddenFromMs, atMs, config)) return endClosure(state, atMs, config);
  const below = closure !== null && closure < config.eyes.blinkUntil;
  const rules = lidRules(state, below, config);
  const shown = closure === null ? null : closure >= config.eyes.blinkAt;
  const step = observeSpan(state.span, shown, atMs, rules);
  const finished = step.ended ? finish(state, step.ended, config) : nothingEnded;
  const goesOn = step.span !== null && step.span.startMs === state.span?.startMs;
  const base = goesOn ? state : { ...noClosure, onsetSeen: step.span !== null && wasOpen(state, config) };
  const next = { ...base, span: step.span, lastClosure: closure, hiddenFromMs };
  if (next.span === null) return { ...finished, state: next };
  const followed = followShut({ ...next, inYawn: next.inYawn || around.inYawn }, closure, atMs, config);
  return { ...finished, state: withAsleep(followed, atMs, config) };
}

/** Lets time pass without a frame. */
export function elapseClosure(state: ClosureState, nowMs: number, config: JudgeConfig): ClosureStep {
  if (state.span === null) return { state, ...nothingEnded };
  const step = elapseSpan(state.span, nowMs, lidRules(state, false, config));
  if (step.ended) return { state: noClosure, ...finish(state, step.ended, config) };
  const moved = step.span === state.span ? state : { ...state, span: step.span };
  return { state: withAsleep(moved, nowMs, config), ...nothingEnded };
}

/** Closes what is open, for the end of a trip. */
export function endClosure(state: ClosureState, nowMs: number, config: JudgeConfig): ClosureStep {
  if (state.span === null) return { state: noClosure, ...nothingEnded };
  const ended = endSpan(state.span, nowMs, lidRules(state, false, config));
  return { state: noClosure, ...finish(state, ended, config) };
}

/** How long the present closure has been seen closed. */
export function closedForMs(state: ClosureState, nowMs: number, config: JudgeConfig): number {
  return state.span === null ? 0 : lastedMs(state.span, nowMs, lidRules(state, false, config));
}

/**
 * What closed eyes stand for, in ms of looking away: microsleep level 1, sleep 2, as long as level 3 is 3.
 * @param parkedMs the part of it that passed while the vehicle stood
 */
export function asleepMs(state: ClosureState, parkedMs: number, nowMs: number, config: JudgeConfig): number {
  if (!state.asleep) return 0;
  const forMs = closedForMs(state, nowMs, config);
  const { levelMs } = config.distraction;
  return Math.max(forMs - parkedMs, forMs >= config.eyes.sleepMs ? levelMs[1] : levelMs[0]);
}

const nothingEnded = { events: [], ended: null } as const;

/** Asleep: a flutter does not end it and hiding does not. Else: below the hysteresis ends it at once. */
function lidRules(state: ClosureState, below: boolean, config: JudgeConfig): SpanRules {
  const { holdMs, gapMs, bridgeMs } = config.time;
  if (state.asleep) return { holdMs, gapMs, bridgeMs: Infinity, returnMs: config.eyes.reopenMs };
  return { holdMs, gapMs, bridgeMs, returnMs: below ? 0 : Infinity };
}

/**
 * A driver who looks ahead, but whose eyes stay out of sight (behind reflections), is told of by the notice
 * of unseen eyes; a microsleep that nobody sees is not told for ever. A lost face is another matter: it stays.
 */
function isHandedOver(
  state: ClosureState,
  hiddenFromMs: number | null,
  atMs: number,
  config: JudgeConfig,
): boolean {
  return state.asleep && hiddenFromMs !== null && atMs - hiddenFromMs >= config.eyes.notSeenNoticeMs;
}

function wasOpen(state: ClosureState, config: JudgeConfig): boolean {
  return state.lastClosure !== null && state.lastClosure < config.eyes.blinkAt;
}

/** Follows the shut (P80) part and sets the start anew where the lids were only squinting before. */
function followShut(
  state: ClosureState,
  closure: number | null,
  atMs: number,
  config: JudgeConfig,
): ClosureState {
  const shown = closure === null ? null : closure >= config.eyes.closedAt;
  const step = observeSpan(state.shut, shown, atMs, shutRules(state, config));
  const shutBeforeMs = state.shutBeforeMs + (step.ended?.lastedMs ?? 0);
  const peak = Math.max(state.peak, closure ?? 0);
  const followed = withDepth({ ...state, shut: step.span, shutBeforeMs, peak }, closure);
  const begins = step.span !== null && state.shut === null;
  if (!begins || state.asleep || state.span === null) return followed;
  const forMs = closedForMs(state, atMs, config);
  const mostlyOpen = shutBeforeMs < SQUINT_SHARE * (forMs - state.closingMs);
  const squinted = forMs > config.eyes.closingMaxMs && mostlyOpen;
  if (squinted) return { ...withDepth({ ...followed, ...notYetShut }, closure), span: beginSpan(atMs) };
  return shutBeforeMs === 0 ? { ...followed, closingMs: forMs } : followed;
}

const notYetShut = { shutBeforeMs: 0, closingMs: 0, shutFrames: 0, closureSum: 0 } as const;

/** How far down the lids are, from the frame on in which they first shut. */
function withDepth(state: ClosureState, closure: number | null): ClosureState {
  if (closure === null || (state.shut === null && state.shutFrames === 0)) return state;
  return { ...state, shutFrames: state.shutFrames + 1, closureSum: state.closureSum + closure };
}

function shutRules(state: ClosureState, config: JudgeConfig): SpanRules {
  const { holdMs, gapMs, bridgeMs } = config.time;
  return { holdMs, gapMs, bridgeMs: state.asleep ? Infinity : bridgeMs, returnMs: 0 };
}

function shutMs(state: ClosureState, nowMs: number, config: JudgeConfig): number {
  const present = state.shut === null ? 0 : lastedMs(state.shut, nowMs, shutRules(state, config));
  return state.shutBeforeMs + present;
}

function withAsleep(state: ClosureState, nowMs: number, config: JudgeConfig): ClosureState {
  if (state.asleep || state.shut === null) return state;
  const forMs = closedForMs(state, nowMs, config);
  if (forMs < config.eyes.microsleepMs || !isShutEnough(state, forMs, nowMs, config)) return state;
  // Lids that are shut rest on each other; a squint stops short of that. After the time of a sleep P80 is enough:
  // nobody drives for so long through lids that narrow, and a sleeper's may stay a little open.
  const restsAt = forMs < config.eyes.sleepMs ? config.eyes.shutMeanClosure : config.eyes.closedAt;
  if (state.closureSum < restsAt * state.shutFrames) return state;
  return { ...state, asleep: true };
}

/** Shut for most of the closure, and steadily so since the lids first shut: a squint wavers around P80. */
function isShutEnough(state: ClosureState, forMs: number, nowMs: number, config: JudgeConfig): boolean {
  const { closedShare, closedSteadyShare, closedShareInYawn } = config.eyes;
  const forShutMs = shutMs(state, nowMs, config);
  const steadyShare = state.inYawn ? closedShareInYawn : closedSteadyShare;
  return forShutMs >= closedShare * forMs && forShutMs >= steadyShare * (forMs - state.closingMs);
}

function finish(state: ClosureState, ended: EndedSpan, config: JudgeConfig): Omit<ClosureStep, 'state'> {
  const kind = nameOf(state, ended, config);
  if (kind === null) return nothingEnded;
  const event: EventOutcome = {
    type: 'event',
    kind,
    startMs: ended.startMs,
    endMs: ended.endMs,
    evidence: evidenceOf(state, ended),
  };
  return { events: [event], ended: { kind, endMs: ended.endMs, lastedMs: ended.lastedMs } };
}

/**
 * The name of a closure by its length; `null` for noise, squints, and what began or ended out of sight: lids
 * that go down with a look to the lap are seen as such a moment later.
 */
function nameOf(
  state: ClosureState,
  ended: EndedSpan,
  config: JudgeConfig,
): (EventKind & EndedClosure['kind']) | null {
  const eyes = config.eyes;
  if (state.asleep) return ended.lastedMs >= eyes.sleepMs ? 'sleep' : 'microsleep';
  if (ended.lastedMs < eyes.longBlinkMs) {
    const whole = state.onsetSeen && ended.endSeen;
    return whole && state.peak >= eyes.blinkPeak && ended.lastedMs >= eyes.blinkMinMs ? 'blink' : null;
  }
  const shut = isShutEnough(state, ended.lastedMs, ended.endMs, config);
  return shut && ended.endSeen && ended.lastedMs < eyes.microsleepMs ? 'long-blink' : null;
}

function evidenceOf(state: ClosureState, ended: EndedSpan): Evidence {
  return {
    closedMs: rounded(ended.lastedMs),
    peakClosure: rounded(state.peak, 2),
    unseenMs: rounded(ended.unseenMs),
    endSeen: ended.endSeen,
  };
}
