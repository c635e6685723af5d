/**
 * What keeps the judge from seeing: face lost, eyes not seen, camera covered, frozen or silent. The driver
 * must be told within ten seconds; these notices never move the attention level. Reflections that come and go
 * are told once: lately told causes must hide the eyes much longer to be told again. A driver who stands or
 * creeps may look anywhere: only the camera is told of then.
 *
 * In: sights, the clock. Out: how long each lasts, and an event for each that was told and ended.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { LevelTimes } from './distraction.ts';
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
  /** Time of it in which it did not show for a moment, ms. */
  readonly glimpsedMs: number;
  /** It has lasted long enough to be told. */
  readonly told: boolean;
  /** For how long it must last to be told, ms. */
  readonly afterMs: number;
}

export type NoticesState = Readonly<Record<NoticeKind, Notice | null>> & {
  /** When each cause last hid the eyes for as long as a notice takes, ms. */
  readonly hidEyesMs: Readonly<Partial<Record<string, number>>>;
};

export interface NoticesStep {
  readonly state: NoticesState;
  readonly events: readonly EventOutcome[];
}

export const noNotices: NoticesState = {
  'face-lost': null,
  'eyes-not-seen': null,
  'camera-blocked': null,
  hidEyesMs: {},
};

/** What holds for all notices at a moment. */
interface Now {
  readonly atMs: number;
  /** At this speed nothing is told of a driver who is not seen. */
  readonly quiet: boolean;
  readonly hidEyesMs: NoticesState['hidEyesMs'];
  readonly config: JudgeConfig;
  readonly events: EventOutcome[];
}

/** Takes one frame; `times` = level times of the speed, `null` = too slow for anything but the camera. */
export function observeNotices(
  state: NoticesState,
  sight: Sight,
  times: LevelTimes,
  config: JudgeConfig,
): NoticesStep {
  const { hidEyesMs } = state;
  const now: Now = { atMs: sight.atMs, quiet: times === null, hidEyesMs, config, events: [] };
  const usable = sight.picture === 'usable';
  const take = (kind: NoticeKind, shown: Shown, cause: string) =>
    observeNotice(kind, state[kind], shown, cause, now);
  const next = {
    'camera-blocked': take('camera-blocked', !usable, sight.picture),
    'face-lost': take('face-lost', usable ? !sight.face : null, 'no face'),
    'eyes-not-seen': take('eyes-not-seen', eyesHidden(sight), sight.eyesUnseen ?? 'unknown'),
  };
  return { state: { ...next, hidEyesMs: remembered(state, next['eyes-not-seen'], now) }, events: now.events };
}

/** Lets time pass; `silentSinceMs` = time of the newest frame (or of the start, before there was one). */
export function elapseNotices(
  state: NoticesState,
  nowMs: number,
  silentSinceMs: number,
  times: LevelTimes,
  config: JudgeConfig,
): NoticesStep {
  const { hidEyesMs } = state;
  const now: Now = { atMs: nowMs, quiet: times === null, hidEyesMs, config, events: [] };
  const silent = nowMs - silentSinceMs >= config.time.silentAfterMs;
  const idle = NOTICE_KINDS.every((kind) => state[kind] === null);
  if (idle && !silent) return { state, events: now.events };
  const pass = (kind: NoticeKind) => elapseNotice(kind, state[kind], now);
  const blocked = silent ? keepSilent(state['camera-blocked'], silentSinceMs, now) : pass('camera-blocked');
  const next = {
    'face-lost': pass('face-lost'),
    'eyes-not-seen': pass('eyes-not-seen'),
    'camera-blocked': blocked,
  };
  return { state: { ...next, hidEyesMs: remembered(state, next['eyes-not-seen'], now) }, events: now.events };
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
  return lastedMs(notice.span, nowMs, { ...config.time, bridgeMs: Infinity, returnMs: Infinity });
}

/** When a notice of this kind and cause is told, ms. */
function noticeAfterMs(kind: NoticeKind, cause: string, config: JudgeConfig): number {
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

/** A cause that hid the eyes for as long as a notice takes, told or not, is remembered when it ends. */
function remembered(state: NoticesState, eyes: Notice | null, now: Now): NoticesState['hidEyesMs'] {
  const before = state['eyes-not-seen'];
  if (before === null || before.span.startMs === eyes?.span.startMs) return state.hidEyesMs;
  const long = noticeForMs(before, now.atMs, now.config) >= now.config.eyes.notSeenNoticeMs;
  return long ? { ...state.hidEyesMs, [before.cause]: now.atMs } : state.hidEyesMs;
}

function observeNotice(
  kind: NoticeKind,
  notice: Notice | null,
  shown: Shown,
  cause: string,
  now: Now,
): Notice | null {
  const { atMs, config, events } = now;
  const step = observeSpan(notice?.span ?? null, shown, atMs, noticeRules(kind, notice, config));
  if (notice && step.ended) events.push(...noticeEvent(kind, notice, atMs, config));
  if (step.span === null) return null;
  const before = notice?.span.startMs === step.span.startMs ? notice : null;
  if (before === null)
    return withTold(kind, { span: step.span, cause, glimpsedMs: 0, told: false, afterMs: 0 }, now);
  const glimpseFromMs = shown === true ? before.span.absentFromMs : null;
  const glimpsedMs = before.glimpsedMs + (glimpseFromMs === null ? 0 : atMs - glimpseFromMs);
  return withTold(kind, { ...before, span: step.span, glimpsedMs }, now);
}

function elapseNotice(kind: NoticeKind, notice: Notice | null, now: Now): Notice | null {
  if (notice === null) return null;
  const { atMs, config, events } = now;
  const step = elapseSpan(notice.span, atMs, noticeRules(kind, notice, config));
  if (step.span === null) {
    events.push(...noticeEvent(kind, notice, atMs, config));
    return null;
  }
  return withTold(kind, step.span === notice.span ? notice : { ...notice, span: step.span }, now);
}

/** A silent camera shows its silence at every tick, from its last frame on. */
function keepSilent(notice: Notice | null, silentSinceMs: number, now: Now): Notice {
  const span = keepShowing(notice?.span ?? beginSpan(silentSinceMs), now.atMs);
  const told = notice?.told ?? false;
  const cause = notice !== null && told ? notice.cause : 'silent';
  return withTold('camera-blocked', { span, cause, glimpsedMs: 0, told, afterMs: notice?.afterMs ?? 0 }, now);
}

function noticeRules(kind: NoticeKind, notice: Notice | null, config: JudgeConfig): SpanRules {
  const { noticeClearMs } = config.face;
  if (notice?.told === true) return { ...config.time, bridgeMs: Infinity, returnMs: noticeClearMs };
  const returnMs = kind === 'eyes-not-seen' ? config.eyes.glimpseMs : noticeClearMs;
  return { ...config.time, bridgeMs: noticeClearMs, returnMs };
}

function withTold(kind: NoticeKind, notice: Notice, now: Now): Notice {
  if (notice.told || (now.quiet && kind !== 'camera-blocked')) return notice;
  const { atMs, hidEyesMs, config } = now;
  const hidMs = kind === 'eyes-not-seen' ? (hidEyesMs[notice.cause] ?? -Infinity) : -Infinity;
  const lately = notice.span.startMs - hidMs < config.eyes.notSeenLatelyMs;
  const afterMs = lately ? config.eyes.notSeenAgainMs : noticeAfterMs(kind, notice.cause, config);
  const forMs = noticeForMs(notice, atMs, config) - (kind === 'eyes-not-seen' ? notice.glimpsedMs : 0);
  return { ...notice, afterMs, told: forMs >= afterMs };
}

function noticeEvent(
  kind: NoticeKind,
  notice: Notice,
  nowMs: number,
  config: JudgeConfig,
): readonly EventOutcome[] {
  if (!notice.told) return [];
  const ended = endSpan(notice.span, nowMs, noticeRules(kind, notice, config));
  const evidence = { lastedMs: rounded(ended.lastedMs), cause: notice.cause };
  return [{ type: 'event', kind, startMs: ended.startMs, endMs: ended.endMs, evidence }];
}
