/**
 * A behaviour that lasts: when it began, whether it still shows, how long of it was seen. Eyelids, looks
 * and notices all run on this one machine, so that time means the same everywhere.
 *
 * In: observations that show it (`true`), do not (`false`), or cannot tell (`null`), and the clock.
 * Out: the span while it lasts, and what ended. Times in ms of the capture clock.
 *
 * Rules: an observation holds until the next one, for `holdMs` at most; a longer gap without observations
 * counts only when the next one shows it too, up to `gapMs`. A stretch of observations that cannot tell is
 * bridged for `bridgeMs` at most and is never counted. Absence that was seen for `returnMs` ends the span,
 * and its end is then the first observation of that absence.
 */

/** What one observation says of a behaviour; `null` = cannot be told. */
export type Shown = boolean | null;

/** A behaviour that has begun and has not ended. */
export interface Span {
  /** First observation that showed it. */
  readonly startMs: number;
  /** Latest observation that could tell. */
  readonly seenMs: number;
  /** Time inside the span that is not counted, because part of it was not seen. */
  readonly unseenMs: number;
  /** Up to when it is known to have shown; `null` while it shows. */
  readonly untilMs: number | null;
  /** Since when its absence has been seen without a break. */
  readonly absentFromMs: number | null;
  /** Since when nobody can tell. */
  readonly unseenFromMs: number | null;
  /** How it went out of sight since it last showed: no observation came, or one that could not tell. */
  readonly hidden: 'silent' | 'untold' | null;
}

/** How observations become a span. */
export interface SpanRules {
  /** An observation stands for the time after it, so long at most. */
  readonly holdMs: number;
  /** Longest gap without observations that counts between two that show it. */
  readonly gapMs: number;
  /** Unseen stretches up to this are bridged (not counted); `Infinity` = hiding does not end it. */
  readonly bridgeMs: number;
  /** Absence so long ends it; 0 = at once, `Infinity` = not by absence. */
  readonly returnMs: number;
}

/** A span that has ended. */
export interface EndedSpan {
  readonly startMs: number;
  readonly endMs: number;
  /** Counted time: end - start - unseen. */
  readonly lastedMs: number;
  readonly unseenMs: number;
  /** The end was observed; `false` = it went out of sight. */
  readonly endSeen: boolean;
}

/** What became of a span; at most one of it ends in one step. */
export interface SpanStep {
  readonly span: Span | null;
  readonly ended: EndedSpan | null;
}

/** A span that begins with the observation at `atMs`. */
export function beginSpan(atMs: number): Span {
  return { ...showing, startMs: atMs, seenMs: atMs, unseenMs: 0 };
}

/** A span that is known to have shown all the while up to `atMs`. */
export function keepShowing(span: Span, atMs: number): Span {
  return { ...span, ...showing, seenMs: atMs };
}

/** Takes one observation into the span. */
export function observeSpan(span: Span | null, shown: Shown, atMs: number, rules: SpanRules): SpanStep {
  const passed = elapseSpan(span, atMs, rules);
  if (passed.span === null) return { span: shown === true ? beginSpan(atMs) : null, ended: passed.ended };
  return elapseSpan(withObservation(passed.span, shown, atMs, rules), atMs, rules);
}

/** Lets time pass without an observation. */
export function elapseSpan(span: Span | null, nowMs: number, rules: SpanRules): SpanStep {
  if (span === null) return { span: null, ended: null };
  const heldMs = Math.min(nowMs, span.seenMs + rules.holdMs);
  const absentMs = span.absentFromMs === null ? -1 : heldMs - span.absentFromMs;
  if (absentMs >= rules.returnMs) return { span: null, ended: endSpan(span, nowMs, rules) };
  const current = span.unseenFromMs === null && nowMs > heldMs ? outOfSight(span, heldMs, 'silent') : span;
  const gone = current.unseenFromMs !== null && nowMs - current.unseenFromMs > rules.bridgeMs;
  return gone ? { span: null, ended: endSpan(current, nowMs, rules) } : { span: current, ended: null };
}

/** Counted time of a running span up to `nowMs`. */
export function lastedMs(span: Span, nowMs: number, rules: SpanRules): number {
  return Math.max(0, evidenceEndMs(span, nowMs, rules) - span.startMs - span.unseenMs);
}

/** Closes a span as it stands (also for the end of a trip). */
export function endSpan(span: Span, nowMs: number, rules: SpanRules): EndedSpan {
  return {
    startMs: span.startMs,
    endMs: evidenceEndMs(span, nowMs, rules),
    lastedMs: lastedMs(span, nowMs, rules),
    unseenMs: span.unseenMs,
    endSeen: span.untilMs !== null && span.hidden === null,
  };
}

/** The behaviour shows at this moment (neither out of sight nor in its tolerance). */
export function isShowing(span: Span | null): span is Span {
  return span !== null && span.untilMs === null;
}

const showing = { untilMs: null, absentFromMs: null, unseenFromMs: null, hidden: null } as const;

function withObservation(span: Span, shown: Shown, atMs: number, rules: SpanRules): Span {
  if (shown === null)
    return span.unseenFromMs === null ? outOfSight(span, atMs, 'untold') : { ...span, hidden: 'untold' };
  if (!shown) {
    const untilMs = Math.min(span.untilMs ?? atMs, atMs);
    return { ...span, seenMs: atMs, untilMs, absentFromMs: span.absentFromMs ?? atMs, unseenFromMs: null };
  }
  return { ...span, ...showing, seenMs: atMs, unseenMs: span.unseenMs + uncountedMs(span, atMs, rules) };
}

/** Time since it last showed that does not count, now that it shows again at `atMs`. */
function uncountedMs(span: Span, atMs: number, rules: SpanRules): number {
  if (span.hidden === null || span.untilMs === null) return 0;
  const shortGap = span.hidden === 'silent' && atMs - span.seenMs <= rules.gapMs;
  return shortGap ? 0 : atMs - span.untilMs;
}

function outOfSight(span: Span, fromMs: number, hidden: NonNullable<Span['hidden']>): Span {
  const untilMs = span.untilMs ?? fromMs;
  return { ...span, untilMs, absentFromMs: null, unseenFromMs: fromMs, hidden };
}

function evidenceEndMs(span: Span, nowMs: number, rules: SpanRules): number {
  return span.untilMs ?? Math.min(nowMs, span.seenMs + rules.holdMs);
}
