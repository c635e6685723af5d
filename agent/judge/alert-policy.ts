/**
 * The policy: which behaviour is told, how severe, at which attention level. All of it is here; thresholds
 * come from the config, severities too.
 *
 * In: the behaviours as they stand, the clock. Out: the alerts wanted now and the attention level.
 * Level 0-3 is how inattentive the driver is; severity 1-3 is how urgent the alert is.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { ALERT_SLOTS } from './alerts.ts';
import type { AlertSlot, Wanted, WantedAlerts } from './alerts.ts';
import { levelLeft } from './attention.ts';
import { asleepMs, closedForMs } from './closures.ts';
import { awayForMs, directionEvidence, levelAt } from './distraction.ts';
import { lockoutEvidence } from './lockout.ts';
import { NOTICE_KINDS, noticeForMs } from './notices.ts';
import type { NoticeKind } from './notices.ts';
import type { AttentionLevel, Severity } from './outcome.ts';
import { rounded } from './rounding.ts';
import { framesPerSecond } from './frame-rate.ts';
import { slowLevel } from './slow-clock.ts';
import type { DriverState } from './state.ts';
import { stressEvidence } from './stress.ts';
import { isStanding, levelTimes } from './surroundings.ts';
import { responseEvidence } from './unresponsive.ts';

/** Repeated glances are told at the first level and stay there. */
const GLANCES_LEVEL = 1;

/** A lockout holds the highest level until the trip ends. */
const LOCKOUT_LEVEL = 3;

/** What the policy says now. */
export interface PolicySays {
  readonly level: AttentionLevel;
  readonly wanted: WantedAlerts;
}

/** Applies the policy to the state; silent without a trip. */
export function applyPolicy(state: DriverState, nowMs: number, config: JudgeConfig): PolicySays {
  if (!state.trip.active) return { level: 0, wanted: {} };
  const level = attentionLevel(state, nowMs, config);
  const slots: Record<AlertSlot, Wanted | null> = {
    'closed-eyes': closedEyes(state, nowMs, config),
    distraction: distraction(state, nowMs, config),
    unresponsive: unresponsive(state, config),
    lockout: lockout(state, config),
    'repeated-glances': repeatedGlances(state, config),
    drowsiness: drowsiness(state, config),
    stress: stress(state, config),
    'eyes-not-seen': notice(state, 'eyes-not-seen', config.severity.eyesNotSeen, nowMs, config),
    'face-lost': faceLost(state, nowMs, config),
    'camera-blocked': cameraBlocked(state, nowMs, config),
  };
  const wanted: Partial<Record<AlertSlot, Wanted>> = {};
  for (const slot of ALERT_SLOTS) {
    const want = slots[slot];
    if (want) wanted[slot] = want;
  }
  return { level, wanted };
}

/** The highest of: what lasts (look, closed eyes on the same ladder, glances), what has not worn off. */
export function attentionLevel(state: DriverState, nowMs: number, config: JudgeConfig): AttentionLevel {
  const byGlances = state.glances.reachedSinceMs === null ? 0 : GLANCES_LEVEL;
  const left = levelLeft(state.attention, levelTimes(state.context, nowMs, config));
  const unseen = slowLevel(state.slowClock, config);
  const byLockout = state.lockout.sinceMs === null ? 0 : LOCKOUT_LEVEL;
  const lasting = Math.max(unseen, state.look.level, closedEyesLevel(state, nowMs, config), byGlances);
  return Math.max(lasting, left, byLockout) as AttentionLevel;
}

/** Microsleep is level 1, sleep level 2, closed for the time of level 3 is level 3; none of it while standing. */
function closedEyesLevel(state: DriverState, nowMs: number, config: JudgeConfig): AttentionLevel {
  if (isStanding(state.context, nowMs, config.speed)) return 0;
  return levelAt(asleepMs(state.closure, state.parkedMs, nowMs, config), config.distraction.levelMs);
}

function closedEyes(state: DriverState, nowMs: number, config: JudgeConfig): Wanted | null {
  const { closure } = state;
  if (!closure.asleep || closure.span === null) return null;
  // Who naps at a rest stop, or shuts the eyes at a red light, endangers nobody; on moving it is told at once.
  if (isStanding(state.context, nowMs, config.speed)) return null;
  const forMs = closedForMs(closure, nowMs, config);
  const kind = forMs >= config.eyes.sleepMs ? 'sleep' : 'microsleep';
  const fps = framesPerSecond(state.frames);
  return {
    kind,
    severity: config.severity[kind],
    ownLevel: closedEyesLevel(state, nowMs, config),
    startMs: closure.span.startMs,
    evidence: {
      closedMs: rounded(forMs),
      thresholdMs: kind === 'sleep' ? config.eyes.sleepMs : config.eyes.microsleepMs,
      peakClosure: rounded(closure.peak, 2),
      unseenMs: rounded(closure.span.unseenMs),
      fps: fps === null ? null : rounded(fps, 1),
    },
  };
}

function distraction(state: DriverState, nowMs: number, config: JudgeConfig): Wanted | null {
  const { look } = state;
  if (look.level === 0 || look.span === null) return null;
  return {
    kind: 'distraction',
    severity: config.severity.distraction[look.level - 1]!,
    ownLevel: look.level,
    startMs: look.span.startMs,
    evidence: {
      awayMs: rounded(awayForMs(look, nowMs, config)),
      carriedMs: rounded(look.carriedMs),
      ...directionEvidence(look, config),
      unseenMs: rounded(look.span.unseenMs),
    },
  };
}

/** Adds nothing to the level: what it lasts on does. */
function unresponsive(state: DriverState, config: JudgeConfig): Wanted | null {
  const { noReturn } = state.unresponsive;
  if (noReturn === null) return null;
  const evidence = responseEvidence(state.unresponsive);
  const { startMs } = noReturn;
  return { kind: 'unresponsive', severity: config.severity.unresponsive, ownLevel: 0, startMs, evidence };
}

/** Stays until the trip ends, attentive or not. */
function lockout(state: DriverState, config: JudgeConfig): Wanted | null {
  const { sinceMs } = state.lockout;
  if (sinceMs === null) return null;
  return {
    kind: 'lockout',
    severity: config.severity.lockout,
    ownLevel: LOCKOUT_LEVEL,
    startMs: sinceMs,
    evidence: {
      ...lockoutEvidence(state.lockout),
      thresholdAlerts: config.lockout.terminalAlerts,
      thresholdMs: config.lockout.terminalMs,
    },
  };
}

function repeatedGlances(state: DriverState, config: JudgeConfig): Wanted | null {
  const { reachedSinceMs, peakAwayMs } = state.glances;
  if (reachedSinceMs === null) return null;
  return {
    kind: 'repeated-glances',
    severity: config.severity.repeatedGlances,
    ownLevel: GLANCES_LEVEL,
    startMs: reachedSinceMs,
    evidence: {
      awayMs: rounded(peakAwayMs),
      thresholdMs: config.distraction.repeatedAwayMs,
      windowMs: config.distraction.repeatedWindowMs,
    },
  };
}

function drowsiness(state: DriverState, config: JudgeConfig): Wanted | null {
  const { drowsy, tiredSinceMs, estimate } = state.drowsiness;
  if (!drowsy || tiredSinceMs === null) return null;
  return {
    kind: 'drowsiness',
    severity: config.severity.drowsiness,
    ownLevel: 0,
    startMs: tiredSinceMs,
    evidence: { ...estimate?.evidence, thresholdKss: config.drowsiness.warnFromKss },
  };
}

function stress(state: DriverState, config: JudgeConfig): Wanted | null {
  const { stressed, sinceMs } = state.stress;
  if (!stressed || sinceMs === null) return null;
  const evidence = stressEvidence(state.stress, config);
  return { kind: 'stress', severity: config.severity.stress, ownLevel: 0, startMs: sinceMs, evidence };
}

function notice(
  state: DriverState,
  kind: NoticeKind,
  severity: Severity,
  nowMs: number,
  config: JudgeConfig,
): Wanted | null {
  const told = state.notices[kind];
  if (told?.told !== true) return null;
  // Whoever gets out, or turns round, at a light or the kerb: news only if it lasts when the vehicle moves on.
  const isNews = kind !== 'camera-blocked' && state.alerts.open[kind] === undefined;
  if (isNews && isStanding(state.context, nowMs, config.speed)) return null;
  return {
    kind,
    severity,
    ownLevel: 0,
    startMs: told.span.startMs,
    evidence: {
      lastedMs: rounded(noticeForMs(told, nowMs, config)),
      thresholdMs: told.afterMs,
      cause: told.cause,
    },
  };
}

/** A lost face climbs the slow clock; so does a pose that stays uncertain, told as a face that is not seen. */
function faceLost(state: DriverState, nowMs: number, config: JudgeConfig): Wanted | null {
  const { slowClock, notices } = state;
  const lost = notice(state, 'face-lost', config.severity.faceLost, nowMs, config);
  const uncertain = slowClock.uncertainMs > 0 && slowClock.peakLevel > 0 && !notices['camera-blocked']?.told;
  if (lost || !uncertain) return lost && onSlowClock(lost, state, config);
  const unseen: Wanted = {
    kind: 'face-lost',
    severity: config.severity.faceLost,
    ownLevel: 0,
    startMs: slowClock.startMs ?? nowMs,
    evidence: { lastedMs: rounded(slowClock.unseenMs), cause: 'pose uncertain' },
  };
  return onSlowClock(unseen, state, config);
}

function cameraBlocked(state: DriverState, nowMs: number, config: JudgeConfig): Wanted | null {
  const blocked = notice(state, 'camera-blocked', config.severity.cameraBlocked, nowMs, config);
  return blocked && onSlowClock(blocked, state, config);
}

/** What the slow clock adds to a notice of not being seen. */
function onSlowClock(wanted: Wanted, { slowClock }: DriverState, config: JudgeConfig): Wanted {
  const { peakLevel } = slowClock;
  if (peakLevel === 0) return wanted;
  const severity = Math.max(wanted.severity, config.severity.slowClock[peakLevel - 1]!) as Severity;
  const levelThresholdMs = config.face.slowLevelMs[peakLevel - 1]!;
  return { ...wanted, severity, ownLevel: peakLevel, evidence: { ...wanted.evidence, levelThresholdMs } };
}

/** Nothing is open and nothing is wanted: the usual case, told apart cheaply. */
export function isQuiet(state: DriverState): boolean {
  if (Object.keys(state.alerts.open).length > 0) return false;
  const { attention, closure, look, glances, drowsiness: tired, notices } = state;
  if (attention.terminal || attention.lapseMs > 0 || state.slowClock.unseenMs > 0) return false;
  if (state.unresponsive.noReturn !== null || state.lockout.sinceMs !== null) return false;
  const behaviours = closure.asleep || look.level > 0 || glances.reachedSinceMs !== null || tired.drowsy;
  return !behaviours && !state.stress.stressed && NOTICE_KINDS.every((kind) => notices[kind]?.told !== true);
}
