/**
 * What keeps the judge from seeing: face lost, eyes not seen, camera covered, frozen or silent. The driver
 * must be told within ten seconds; these notices never move the attention level.
 *
 * In: sights, the clock. Out: how long each lasts, and an event for each that was told and ended.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { EventKind, EventOutcome } from './outcome.ts';
import { rounded } from './rounding.ts';
import { beginSpan, elapseSpan, endSpan, keepShowing, lastedMs, observeSpan } from './span.ts';
import type { Shown, Span, SpanRules } from './span.ts';
import type { Sight } from './sight.ts';

export const NOTICE_KINDS = ['face-lost', 'eyes-not-seen', 'camera-blocked'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number] & EventKind;

export interface Notice {
  readonly span: Span;
  /** Why, in a word (`covered`, `frozen`, `silent`, `profile`, ...). */
  readonly cause: string;
  /** It has lasted long enough to be told. */
  readonly told: boolean;
}

export type NoticesState = Readonly<Record<NoticeKind, Notice | null>>;

export interface NoticesStep {
  readonly state: NoticesState;
  readonly events: readonly EventOutcome[];
}

export const noNotices: NoticesState = { 'face-lost': null, 'eyes-not-seen': null, 'camera-blocked': null };

/** Takes one frame. */
export function observeNotices(state: NoticesState, sight: Sight, config: JudgeConfig): NoticesStep {
  const events: EventOutcome[] = [];
  const usable = sight.picture === 'usable';
  const take = (kind: NoticeKind, shown: Shown, cause: string) =>
    observeNotice(kind, state[kind], shown, cause, sight.atMs, config, events);
  const next: NoticesState = {
    'camera-blocked': take('camera-blocked', !usable, sight.picture),
    'face-lost': take('face-lost', usable ? !sight.face : null, 'no face'),
    'eyes-not-seen': take('eyes-not-seen', eyesHidden(sight), sight.eyesUnseen ?? 'unknown'),
  };
  return { state: next, events };
}

/** Lets time pass; `silentSinceMs` = time of the newest frame (or of the start, before there was one). */
export function elapseNotices(
  state: NoticesState,
  nowMs: number,
  silentSinceMs: number,
  config: JudgeConfig,
): NoticesStep {
  const events: EventOutcome[] = [];
  const silent = nowMs - silentSinceMs >= config.time.silentAfterMs;
  const quiet = NOTICE_KINDS.every((kind) => state[kind] === null);
  if (quiet && !silent) return { state, events };
  const pass = (kind: NoticeKind) => elapseNotice(kind, state[kind], nowMs, config, events);
  const blocked = silent
    ? keepSilent(state['camera-blocked'], silentSinceMs, nowMs, config)
    : pass('camera-blocked');
  return {
    state: {
      'face-lost': pass('face-lost'),
      'eyes-not-seen': pass('eyes-not-seen'),
      'camera-blocked': blocked,
    },
    events,
  };
}

/** Closes what is open, for the end of a trip. */
export function endNotices(state: NoticesState, nowMs: number, config: JudgeConfig): NoticesStep {
  const events: EventOutcome[] = [];
  for (const kind of NOTICE_KINDS) {
    const notice = state[kind];
    if (notice) events.push(...noticeEvent(kind, notice, nowMs, config));
  }
  return { state: noNotices, events };
}

/** How long the notice has lasted. */
export function noticeForMs(notice: Notice, nowMs: number, config: JudgeConfig): number {
  return lastedMs(notice.span, nowMs, noticeRules(notice, config));
}

/** When a notice of this kind and cause is told, ms. */
export function noticeAfterMs(kind: NoticeKind, cause: string, config: JudgeConfig): number {
  if (kind === 'face-lost') return config.face.lostNoticeMs;
  if (kind === 'eyes-not-seen') return config.eyes.notSeenNoticeMs;
  return cause === 'frozen' ? config.camera.frozenNoticeMs : config.camera.blockedNoticeMs;
}

/** No readable eye in a face that looks ahead; a face that looks away says nothing about it. */
function eyesHidden(sight: Sight): Shown {
  if (!sight.face) return null;
  if (sight.closure !== null) return false;
  return sight.away === true ? null : true;
}

function observeNotice(
  kind: NoticeKind,
  notice: Notice | null,
  shown: Shown,
  cause: string,
  atMs: number,
  config: JudgeConfig,
  events: EventOutcome[],
): Notice | null {
  const step = observeSpan(notice?.span ?? null, shown, atMs, noticeRules(notice, config));
  if (notice && step.ended) events.push(...noticeEvent(kind, notice, atMs, config));
  if (step.span === null) return null;
  const told = notice?.span.startMs === step.span.startMs && notice.told;
  const known = shown === true ? cause : (notice?.cause ?? cause);
  return withTold(kind, { span: step.span, cause: known, told }, atMs, config);
}

function elapseNotice(
  kind: NoticeKind,
  notice: Notice | null,
  nowMs: number,
  config: JudgeConfig,
  events: EventOutcome[],
): Notice | null {
  if (notice === null) return null;
  const step = elapseSpan(notice.span, nowMs, noticeRules(notice, config));
  if (step.span === null) {
    events.push(...noticeEvent(kind, notice, nowMs, config));
    return null;
  }
  return withTold(kind, step.span === notice.span ? notice : { ...notice, span: step.span }, nowMs, config);
}

/** A silent camera shows its silence at every tick, from its last frame on. */
function keepSilent(
  notice: Notice | null,
  silentSinceMs: number,
  nowMs: number,
  config: JudgeConfig,
): Notice {
  const span = keepShowing(notice?.span ?? beginSpan(silentSinceMs), nowMs);
  const cause = notice?.told === true ? notice.cause : 'silent';
  return withTold('camera-blocked', { span, cause, told: notice?.told ?? false }, nowMs, config);
}

function noticeRules(notice: Notice | null, config: JudgeConfig): SpanRules {
  const { noticeClearMs } = config.face;
  return {
    ...config.time,
    bridgeMs: notice?.told === true ? Infinity : noticeClearMs,
    returnMs: noticeClearMs,
  };
}

function withTold(kind: NoticeKind, notice: Notice, nowMs: number, config: JudgeConfig): Notice {
  if (notice.told) return notice;
  const due = noticeForMs(notice, nowMs, config) >= noticeAfterMs(kind, notice.cause, config);
  return due ? { ...notice, told: true } : notice;
}

function noticeEvent(
  kind: NoticeKind,
  notice: Notice,
  nowMs: number,
  config: JudgeConfig,
): readonly EventOutcome[] {
  if (!notice.told) return [];
  const ended = endSpan(notice.span, nowMs, noticeRules(notice, config));
  const evidence = { lastedMs: rounded(ended.lastedMs), cause: notice.cause };
  return [{ type: 'event', kind, startMs: ended.startMs, endMs: ended.endMs, evidence }];
}
