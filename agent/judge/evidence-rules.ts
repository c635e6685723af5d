/**
 * Which numbers of the configuration decide each behaviour: what evidence is measured against, and what the
 * policy table prints. The only list of them; values, words and sources are read from the configuration.
 *
 * Out: paths below `judge`, a rule for every behaviour that is told or recorded.
 */
import { ALERT_KINDS, EVENT_KINDS } from './outcome.ts';
import type { AlertKind, EventKind } from './outcome.ts';

export type BehaviourKind = AlertKind | EventKind;

/** What decides a behaviour. */
export interface Rule {
  /** The time or the estimate that makes it so comes first, then what must hold at each moment of it. */
  readonly threshold: readonly string[];
  /** Windows it is measured over; none = from the first observation that shows it. */
  readonly window?: readonly string[];
  /** Where its severity is set, if not under its own name. */
  readonly severity?: readonly string[];
}

/** Numbers of a behaviour that has none here are found by its name (a section `lockout`, or keys like `lockoutAlerts`). */
const BY_NAME: Rule = { threshold: [] };

const DIRECTION = ['distraction.awayYawDeg', 'distraction.awayPitchDownDeg', 'distraction.awayPitchUpDeg'];
const NOT_SEEN = ['severity.slowClock'];

export const RULES: Readonly<Record<BehaviourKind, Rule>> = {
  microsleep: { threshold: ['eyes.microsleepMs', 'eyes.closedAt', 'eyes.closedShare'] },
  sleep: { threshold: ['eyes.sleepMs', 'eyes.closedAt', 'eyes.closedShare'] },
  distraction: { threshold: ['distraction.levelMs', 'distraction.slowLevelMs', ...DIRECTION] },
  'repeated-glances': {
    threshold: ['distraction.repeatedAwayMs', 'distraction.glanceMinMs'],
    window: ['distraction.repeatedWindowMs'],
  },
  drowsiness: {
    threshold: ['drowsiness.warnFromKss', 'perclos.drowsyFrom', 'perclos.drowsyLongFrom'],
    window: [
      'perclos.shortWindowMs',
      'perclos.longWindowMs',
      'drowsiness.yawnWindowMs',
      'drowsiness.nodWindowMs',
    ],
  },
  unresponsive: BY_NAME,
  lockout: BY_NAME,
  stress: { threshold: ['stress.raiseAt', 'stress.raiseAfterMs'], window: ['stress.memoryMs'] },
  'eyes-not-seen': { threshold: ['eyes.notSeenNoticeMs'] },
  'face-lost': {
    threshold: ['face.lostNoticeMs', 'face.slowLevelMs', 'face.uncertainPoseMs'],
    severity: ['severity.faceLost', ...NOT_SEEN],
  },
  'camera-blocked': {
    threshold: ['camera.blockedNoticeMs', 'camera.frozenNoticeMs', 'face.slowLevelMs'],
    severity: ['severity.cameraBlocked', ...NOT_SEEN],
  },
  blink: { threshold: ['eyes.blinkMinMs', 'eyes.blinkAt', 'eyes.blinkPeak'] },
  'long-blink': { threshold: ['eyes.longBlinkMs', 'eyes.closedAt', 'eyes.closedShare'] },
  yawn: {
    threshold: ['mouth.yawnMinMs', 'mouth.yawnMar', 'mouth.yawnOpenShare', 'mouth.yawnProbability'],
  },
  glance: { threshold: ['distraction.glanceMinMs', ...DIRECTION] },
};

/** A rule with whom it is about. */
export interface Behaviour extends Rule {
  readonly kind: BehaviourKind;
  /** Somebody is told while it lasts; else it is only recorded. */
  readonly told: boolean;
}

/** Every behaviour, those that are told first. */
export function behaviours(): readonly Behaviour[] {
  const recorded = EVENT_KINDS.filter((kind) => !ALERT_KINDS.some((alert) => alert === kind));
  return [
    ...ALERT_KINDS.map((kind) => ({ kind, told: true, ...RULES[kind] })),
    ...recorded.map((kind) => ({ kind, told: false, ...RULES[kind] })),
  ];
}
