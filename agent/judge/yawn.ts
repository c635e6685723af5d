/**
 * Yawns: the mouth wide open for seconds. In: mouth aspect ratio per frame (`null` = not seen), now and then
 * the mouth network's opinion, the clock.
 * Out: an event per yawn, and whether the mouth is wide open around now (yawning squeezes the eyes).
 *
 * Talking and laughing open the mouth wide for fractions of a second only: gaps are bridged but shorten
 * the share of time in which it is open, and that share must be high. Where the mouth network answered, it must
 * have seen a yawn on the whole: who laughs or sings for seconds does not yawn.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { EventOutcome } from './outcome.ts';
import { rounded } from './rounding.ts';
import { elapseSpan, endSpan, isShowing, observeSpan } from './span.ts';
import type { EndedSpan, Span, SpanRules } from './span.ts';

export interface MouthState {
  readonly span: Span | null;
  /** Time of the span in which the mouth was wide open. */
  readonly openMs: number;
  readonly peakMar: number;
  /** Answers of the mouth network in the span, and the sum of their probabilities of a yawn. */
  readonly answers: number;
  readonly yawnSum: number;
  readonly lastMs: number | null;
  /** When the mouth was last wide open. */
  readonly wideMs: number | null;
  /** Ends of the yawns of the window, oldest first. */
  readonly yawns: readonly number[];
}

export interface MouthStep {
  readonly state: MouthState;
  readonly events: readonly EventOutcome[];
}

export const shutMouth: MouthState = {
  span: null,
  openMs: 0,
  peakMar: 0,
  answers: 0,
  yawnSum: 0,
  lastMs: null,
  wideMs: null,
  yawns: [],
};

/** The mouth in one frame; `null` = not seen, or the network was not asked. */
export interface MouthSight {
  readonly mar: number | null;
  readonly yawn: number | null;
}

/** Takes the mouth of one frame. */
export function observeMouth(
  state: MouthState,
  { mar, yawn }: MouthSight,
  atMs: number,
  config: JudgeConfig,
): MouthStep {
  const wide = mar === null ? null : mar >= config.mouth.yawnMar;
  const openMs = state.openMs + openSince(state, atMs, config);
  const step = observeSpan(state.span, wide, atMs, mouthRules(config));
  const ended = finish({ ...state, openMs }, step.ended, config);
  const goesOn = step.span !== null && step.span.startMs === state.span?.startMs;
  return {
    events: ended.events,
    state: {
      ...ended.state,
      span: step.span,
      openMs: goesOn ? openMs : 0,
      peakMar: step.span === null ? 0 : Math.max(goesOn ? state.peakMar : 0, mar ?? 0),
      ...answersOf(goesOn ? state : shutMouth, step.span === null ? null : yawn),
      lastMs: atMs,
      wideMs: wide === true ? atMs : state.wideMs,
    },
  };
}

/** Lets time pass without a frame. */
export function elapseMouth(state: MouthState, nowMs: number, config: JudgeConfig): MouthStep {
  const step = elapseSpan(state.span, nowMs, mouthRules(config));
  if (step.span === state.span) return { state, events: [] };
  const ended = finish(state, step.ended, config);
  return { events: ended.events, state: { ...ended.state, span: step.span } };
}

/** Closes what is open, for the end of a trip. */
export function endMouth(state: MouthState, nowMs: number, config: JudgeConfig): MouthStep {
  const ended = state.span && endSpan(state.span, nowMs, mouthRules(config));
  const openMs = state.openMs + openSince(state, nowMs, config);
  return { events: finish({ ...state, openMs }, ended, config).events, state: shutMouth };
}

/** The mouth is, or was a moment ago, wide open. */
export function inYawn(state: MouthState, nowMs: number, config: JudgeConfig): boolean {
  return state.wideMs !== null && nowMs - state.wideMs <= config.mouth.yawnAfterMs;
}

/** Yawns that ended within the window before `nowMs`. */
export function yawnsWithin(state: MouthState, nowMs: number, windowMs: number): number {
  return state.yawns.filter((endMs) => endMs >= nowMs - windowMs).length;
}

function mouthRules(config: JudgeConfig): SpanRules {
  const { yawnGapMs } = config.mouth;
  return { ...config.time, bridgeMs: yawnGapMs, returnMs: yawnGapMs };
}

/** Time since the last frame that counts as open: the last frame showed it so and stands, for a while. */
function openSince(state: MouthState, atMs: number, config: JudgeConfig): number {
  if (!isShowing(state.span) || state.lastMs === null) return 0;
  return Math.min(atMs - state.lastMs, config.time.holdMs);
}

function answersOf(
  { answers, yawnSum }: MouthState,
  yawn: number | null,
): Pick<MouthState, 'answers' | 'yawnSum'> {
  return yawn === null ? { answers, yawnSum } : { answers: answers + 1, yawnSum: yawnSum + yawn };
}

/** By the network; `null` where it never answered. */
const yawnProbability = ({ answers, yawnSum }: MouthState): number | null =>
  answers === 0 ? null : yawnSum / answers;

function finish(state: MouthState, ended: EndedSpan | null, config: JudgeConfig): MouthStep {
  if (ended === null) return { state, events: [] };
  const enough = state.openMs >= config.mouth.yawnOpenShare * ended.lastedMs;
  const likely = (yawnProbability(state) ?? 1) >= config.mouth.yawnProbability;
  const shut = { ...state, openMs: 0, peakMar: 0, answers: 0, yawnSum: 0 };
  if (ended.lastedMs < config.mouth.yawnMinMs || !enough || !likely) return { state: shut, events: [] };
  const sinceMs = ended.endMs - config.drowsiness.yawnWindowMs;
  return {
    state: { ...shut, yawns: [...state.yawns.filter((endMs) => endMs >= sinceMs), ended.endMs] },
    events: [yawnEvent(state, ended)],
  };
}

function yawnEvent(state: MouthState, ended: EndedSpan): EventOutcome {
  const probability = yawnProbability(state);
  return {
    type: 'event',
    kind: 'yawn',
    startMs: ended.startMs,
    endMs: ended.endMs,
    evidence: {
      openMs: rounded(ended.lastedMs),
      peakMar: rounded(state.peakMar, 2),
      openShare: rounded(state.openMs / ended.lastedMs, 2),
      unseenMs: rounded(ended.unseenMs),
      ...(probability === null ? {} : { yawnProbability: rounded(probability, 2) }),
    },
  };
}
