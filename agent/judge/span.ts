/**
 * A behaviour that lasts: when it began, whether it still shows, how long of it was seen. Eyelids, looks
 * and notices all run on this one machine, so that time means the same everywhere.
 *
 * In: observations that show it (`true`), do not (`false`), or cannot tell (`null`), and the clock.
 * Out: the span while it lasts, and what ended. Times in ms of the capture clock.
 *
 * Three rules: between two observations the last one holds, for `holdMs` at most; time that nobody saw is
 * never counted and is bridged for `bridgeMs` at most; absence ends the span after `returnMs`, and the
 * end is then the first observation of that absence.
 */

/** What one observation says of a behaviour; `null` = cannot be told. */
export type Shown = boolean | null;

/** A behaviour that has begun and has not ended. */
export interface Span {
  /** First observation that showed it. */
  readonly startMs: number;
  /** Latest observation that could tell. */
  readonly seenMs: number;
  /** Time inside the span that nobody saw; never counted. */
  readonly unseenMs: number;
  /** Since when it cannot be told, `null` while it can. */
  readonly unseenFromMs: number | null;
  /** Since when it does not show (tolerance running), `null` while it shows. */
  readonly absentFromMs: number | null;
}

/** How observations become a span. */
export interface SpanRules {
  /** An observation stands for the time after it, so long at most. */
  readonly holdMs: number;
  /** Unseen stretches up to this are bridged (not counted); `Infinity` = hiding does not end it. */
  readonly bridgeMs: number;
  /** Absence so long ends it; 0 = at once, `Infinity` = not by absence alone. */
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
  return { startMs: atMs, seenMs: atMs, unseenMs: 0, unseenFromMs: null, absentFromMs: null };
}

/** Takes one observation into the span. */
export function observeSpan(span: Span | null, shown: Shown, atMs: number, rules: SpanRules): SpanStep {
  const passed = elapseSpan(span, atMs, rules);
  if (passed.span === null) return { span: shown === true ? beginSpan(atMs) : null, ended: passed.ended };
  return elapseSpan(withObservation(passed.span, shown, atMs), atMs, rules);
}

/** Lets time pass without an observation. */
export function elapseSpan(span: Span | null, nowMs: number, rules: SpanRules): SpanStep {
  if (span === null) return { span: null, ended: null };
  const unseenFromMs = unseenFrom(span, nowMs, rules);
  const gone = unseenFromMs !== null && nowMs - unseenFromMs > rules.bridgeMs;
  const back = span.absentFromMs !== null && nowMs - span.absentFromMs >= rules.returnMs;
  const current = unseenFromMs === span.unseenFromMs ? span : { ...span, unseenFromMs };
  if (!gone && !back) return { span: current, ended: null };
  return { span: null, ended: endSpan(current, nowMs, rules) };
}

/** Counted time of a running span up to `nowMs`. */
export function lastedMs(span: Span, nowMs: number, rules: SpanRules): number {
  return Math.max(0, evidenceEndMs(span, nowMs, rules) - span.startMs - span.unseenMs);
}

/** Closes a span as it stands (also for the end of a trip). */
export function endSpan(span: Span, nowMs: number, rules: SpanRules): EndedSpan {
  const endMs = evidenceEndMs(span, nowMs, rules);
  return {
    startMs: span.startMs,
    endMs,
    lastedMs: Math.max(0, endMs - span.startMs - span.unseenMs),
    unseenMs: span.unseenMs,
    endSeen: span.absentFromMs !== null && span.unseenFromMs === null,
  };
}

/** The behaviour shows at this moment (neither out of sight nor in its tolerance). */
export function isShowing(span: Span | null): span is Span {
  return span !== null && span.absentFromMs === null && span.unseenFromMs === null;
}

function withObservation(span: Span, shown: Shown, atMs: number): Span {
  if (shown === null) return { ...span, unseenFromMs: span.unseenFromMs ?? atMs };
  if (!shown) return { ...span, seenMs: atMs, absentFromMs: span.absentFromMs ?? atMs };
  const gapMs = span.unseenFromMs === null ? 0 : atMs - span.unseenFromMs;
  return {
    ...span,
    seenMs: atMs,
    unseenMs: span.unseenMs + gapMs,
    unseenFromMs: null,
    absentFromMs: null,
  };
}

/** Since when nobody sees it: told by an observation, or silent for longer than the hold. */
function unseenFrom(span: Span, nowMs: number, rules: SpanRules): number | null {
  if (span.unseenFromMs !== null) return span.unseenFromMs;
  return nowMs - span.seenMs > rules.holdMs ? span.seenMs + rules.holdMs : null;
}

function evidenceEndMs(span: Span, nowMs: number, rules: SpanRules): number {
  const heldMs = Math.min(nowMs, span.seenMs + rules.holdMs);
  return Math.min(span.unseenFromMs ?? heldMs, span.absentFromMs ?? heldMs);
}
