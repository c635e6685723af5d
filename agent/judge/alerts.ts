/**
 * Alerts as they are told: raised once, updated while they change, cleared once.
 *
 * In: what the policy wants to be told now, at most one alert per slot. Out: the outcomes that lead from
 * what was told before to that. Keys are `<runKey>:<n>`, the same for all phases of one alert.
 */
import type { AlertKind, AlertOutcome, AttentionLevel, Evidence, Severity } from './outcome.ts';

/** One alert at a time per slot; microsleep and sleep share one, since they are one closure. */
export const ALERT_SLOTS = [
  'closed-eyes',
  'distraction',
  'unresponsive',
  'lockout',
  'repeated-glances',
  'drowsiness',
  'stress',
  'eyes-not-seen',
  'face-lost',
  'camera-blocked',
] as const;
export type AlertSlot = (typeof ALERT_SLOTS)[number];

/** What the policy wants told now. */
export interface Wanted {
  readonly kind: AlertKind;
  readonly severity: Severity;
  /** What this alert itself adds to the attention level; a change of it is told. */
  readonly ownLevel: AttentionLevel;
  readonly startMs: number;
  readonly evidence: Evidence;
}
export type WantedAlerts = Readonly<Partial<Record<AlertSlot, Wanted>>>;

export interface OpenAlert extends Wanted {
  readonly alertKey: string;
}

export interface AlertsState {
  /** Alerts of this run so far; numbers the next key. */
  readonly count: number;
  readonly open: Readonly<Partial<Record<AlertSlot, OpenAlert>>>;
}

/** Circumstances in which the judge speaks. */
export interface SpokenNow {
  readonly runKey: string;
  readonly atMs: number;
  /** The driver's attention level. */
  readonly level: AttentionLevel;
  /** Why alerts that are no longer wanted are cleared. */
  readonly cleared: NonNullable<AlertOutcome['cleared']>;
}

export interface AlertsStep {
  readonly state: AlertsState;
  readonly outcomes: readonly AlertOutcome[];
}

export const noAlerts: AlertsState = { count: 0, open: {} };

/** Leads from the open alerts to the wanted ones. */
export function reconcileAlerts(state: AlertsState, wanted: WantedAlerts, now: SpokenNow): AlertsStep {
  let { count } = state;
  const open: Partial<Record<AlertSlot, OpenAlert>> = {};
  const outcomes: AlertOutcome[] = [];
  for (const slot of ALERT_SLOTS) {
    const told = state.open[slot];
    const want = wanted[slot];
    if (want === undefined) {
      if (told) outcomes.push({ ...outcomeOf(told, 'cleared', now), cleared: now.cleared });
      continue;
    }
    const alert = { ...want, alertKey: told?.alertKey ?? `${now.runKey}:${++count}` };
    open[slot] = alert;
    if (told === undefined) outcomes.push(outcomeOf(alert, 'raised', now));
    else if (hasChanged(told, want)) outcomes.push(outcomeOf(alert, 'updated', now));
  }
  return { state: { count, open }, outcomes };
}

function hasChanged(told: OpenAlert, want: Wanted): boolean {
  return told.kind !== want.kind || told.severity !== want.severity || told.ownLevel !== want.ownLevel;
}

function outcomeOf(alert: OpenAlert, phase: AlertOutcome['phase'], now: SpokenNow): AlertOutcome {
  const { alertKey, kind, severity, startMs, evidence } = alert;
  const { level, atMs } = now;
  return { type: 'alert', phase, alertKey, kind, severity, level, startMs, atMs, evidence };
}
