/**
 * Findings of many drives as figures: false alerts an hour, events found, delays. Pure.
 * In: findings. Out: plain figures; rates an hour, delays in ms from the start of an event.
 */
import type { JudgeName } from './judges.ts';
import { WEAKENED } from './judges.ts';
import type { Findings, Looked } from './measure.ts';
import { LAPSES } from './plan.ts';

/** Alerts that should not have been, an hour. */
export interface FalseAlerts {
  readonly hours: number;
  /** Severity 2 and 3. */
  readonly falseWarningsPerHour: number;
  /** Severity 1. */
  readonly noticesPerHour: number;
  readonly perKind: Readonly<Record<string, number>>;
}

/** Events of one kind. `found` of `n`, all with eyes (or face) seen. */
export interface Found {
  readonly n: number;
  readonly found: number;
  readonly delayMs: { readonly median: number; readonly p95: number; readonly max: number } | null;
}
export type FoundPerKind = Readonly<Record<string, Found>>;

export interface Figures {
  readonly attentive: FalseAlerts;
  readonly events: FoundPerKind;
  readonly details: Details;
}

/** What is behind the figures. */
export interface Details {
  /** Events a kind that were left out, since eyes (or face) were out of sight. */
  readonly unseenEvents: Readonly<Record<string, number>>;
  /** The events in drives with glasses that reflect. */
  readonly eventsWithGlasses: FoundPerKind;
  /** Further attentive hours in which nobody tells the speed: the strictest tier, also when standing. */
  readonly speedUnknown: FalseAlerts;
  /** The attentive hours by condition of the drive. */
  readonly conditions: Readonly<Record<string, FalseAlerts>>;
  /** False warnings and notices an hour by what the driver did, worst first. */
  readonly behaviours: readonly Behaviour[];
  readonly weakened: Readonly<Record<string, FalseAlerts>>;
  /** Warnings in event drives that tell nothing injected. */
  readonly besideEvents: FalseAlerts;
  /** Seeds of missed events, some of each kind. */
  readonly missed: readonly { readonly kind: string; readonly seed: number; readonly startMs: number }[];
}

export interface Behaviour {
  readonly kind: string;
  readonly doing: string;
  readonly severity: number;
  readonly count: number;
  readonly perHour: number;
  /** Drives to look at: seed and time of the alert. */
  readonly examples: readonly { readonly seed: number; readonly atMs: number }[];
}

const EVENTS = [...LAPSES, 'drowsiness'];
const EXAMPLES = 3;
const MISSED_SHOWN = 6;

/** All figures of a run. */
export function figuresOf(findings: readonly Findings[]): Figures {
  const of = (judge: JudgeName) => findings.filter((one) => one.judge === judge);
  const attentive = of('asItIs').filter((one) => one.kind === 'attentive' && one.speedKnown);
  const withEvents = of('asItIs').filter((one) => one.kind !== 'attentive');
  return {
    attentive: falseAlerts(attentive),
    events: foundPerKind(withEvents),
    details: {
      unseenEvents: Object.fromEntries(EVENTS.map((kind) => [kind, unseenOf(kind, withEvents)])),
      eventsWithGlasses: foundPerKind(withEvents.filter((one) => one.glasses)),
      speedUnknown: falseAlerts(of('asItIs').filter((one) => !one.speedKnown)),
      conditions: byCondition(attentive),
      behaviours: byBehaviour(attentive),
      weakened: Object.fromEntries(WEAKENED.map((name) => [name, falseAlerts(of(name))])),
      besideEvents: falseAlerts(withEvents),
      missed: missedOf(withEvents),
    },
  };
}

/** False alerts an hour over these drives. */
export function falseAlerts(findings: readonly Findings[]): FalseAlerts {
  const hours = findings.reduce((sum, one) => sum + one.hours, 0);
  const raised = findings.flatMap((one) => one.raised);
  const perHour = (count: number) => (hours === 0 ? 0 : rounded(count / hours));
  const kinds = [...new Set(raised.map((one) => one.kind))].sort();
  return {
    hours: rounded(hours),
    falseWarningsPerHour: perHour(raised.filter((one) => one.severity >= 2).length),
    noticesPerHour: perHour(raised.filter((one) => one.severity === 1).length),
    perKind: Object.fromEntries(
      kinds.map((kind) => [kind, perHour(raised.filter((one) => one.kind === kind).length)]),
    ),
  };
}

/** Events found, a kind. */
export function foundPerKind(findings: readonly Findings[]): FoundPerKind {
  return Object.fromEntries(EVENTS.map((kind) => [kind, foundOf(kind, findings)]));
}

function foundOf(kind: string, findings: readonly Findings[]): Found {
  const seen = lookedFor(kind, findings).filter((one) => one.seen);
  const delays = seen.flatMap((one) => one.delayMs ?? []).sort((a, b) => a - b);
  const delayMs = delays.length === 0 ? null : spreadOf(delays);
  return { n: seen.length, found: delays.length, delayMs };
}

function unseenOf(kind: string, findings: readonly Findings[]): number {
  return lookedFor(kind, findings).filter((one) => !one.seen).length;
}

function lookedFor(kind: string, findings: readonly Findings[]): Looked[] {
  return findings.flatMap((one) => one.looked).filter((one) => one.kind === kind);
}

function spreadOf(sorted: readonly number[]) {
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

function byCondition(findings: readonly Findings[]): Record<string, FalseAlerts> {
  const conditions: Record<string, (one: Findings) => boolean> = {
    glasses: (one) => one.glasses,
    'no glasses': (one) => !one.glasses,
    night: (one) => one.night,
    'bad mounting': (one) => one.badMounting,
  };
  return Object.fromEntries(
    Object.entries(conditions).map(([name, holds]) => [name, falseAlerts(findings.filter(holds))]),
  );
}

function byBehaviour(findings: readonly Findings[]): Behaviour[] {
  const hours = findings.reduce((sum, one) => sum + one.hours, 0);
  const all = findings.flatMap((one) => one.raised.map((alert) => ({ ...alert, seed: one.seed })));
  const keys = [...new Set(all.map((alert) => `${alert.kind}|${alert.doing}`))];
  const rows = keys.map((key) => {
    const same = all.filter((alert) => `${alert.kind}|${alert.doing}` === key);
    const { kind, doing, severity } = same[0]!;
    const examples = same.slice(0, EXAMPLES).map(({ seed, atMs }) => ({ seed, atMs }));
    return { kind, doing, severity, count: same.length, perHour: rounded(same.length / hours), examples };
  });
  return rows.sort((a, b) => Number(b.severity >= 2) - Number(a.severity >= 2) || b.count - a.count);
}

function missedOf(findings: readonly Findings[]) {
  const isMissed = (one: Looked) => one.seen && one.delayMs === null;
  const missed = findings.flatMap(({ seed, looked }) =>
    looked.filter(isMissed).map(({ kind, startMs }) => ({ kind, seed, startMs })),
  );
  const kinds = [...new Set(missed.map((one) => one.kind))];
  return kinds.flatMap((kind) => missed.filter((one) => one.kind === kind).slice(0, MISSED_SHOWN));
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
