/**
 * One drive before one or more judges: what they said that they should not have, and what they missed.
 * In: a plan, frames per second, judges by name. Out: plain findings that can be sent between threads.
 * Times in ms from the start of the drive.
 */
import { initialState, step } from '../../../agent/judge/index.ts';
import type { AlertKind, AlertOutcome, DriverState } from '../../../agent/judge/index.ts';
import type { Observation } from '../../../agent/perceive/observation.ts';
import type { JudgeConfig } from '../../../config/schema.ts';
import { isFrame } from '../drive.ts';
import { judgeSetUp } from './judges.ts';
import type { JudgeName, JudgeSetUp } from './judges.ts';
import type { DriveKind, DrivePlan, Injected, InjectedKind } from './plan.ts';
import { traceOf } from './trace.ts';

/** An alert that was raised, in an attentive drive or beside what was injected. */
export interface Raised {
  readonly kind: AlertKind;
  readonly severity: 1 | 2 | 3;
  readonly startMs: number;
  readonly atMs: number;
  /** What the driver did most of that time; `plain driving` when nothing. */
  readonly doing: string;
}

/** An injected event and what became of it. */
export interface Looked {
  readonly kind: InjectedKind;
  readonly startMs: number;
  readonly lastedMs: number;
  /** From the start of the event to the alert; `null` = missed. */
  readonly delayMs: number | null;
  /** The eyes (of a distraction: the face) were seen for nearly all of it. */
  readonly seen: boolean;
}

/** What one judge made of one drive. */
export interface Findings {
  readonly judge: JudgeName;
  readonly kind: DriveKind;
  readonly seed: number;
  readonly hours: number;
  readonly glasses: boolean;
  readonly night: boolean;
  readonly badMounting: boolean;
  readonly speedKnown: boolean;
  readonly raised: readonly Raised[];
  readonly looked: readonly Looked[];
}

/** Share of frames that must show the eyes for an event to count as seen. */
const SEEN_SHARE = 0.9;
/** An alert belongs to an event if it began that close to it. */
const NEAR_MS = 700;
/** A drowsy period is known a little after its end, when the last closures have been counted. */
const DROWSY_AFTER_MS = 5000;
/** Windows that lie behind an alert, for the question of what the driver did (Euro NCAP 30 s; PERCLOS 180 s). */
const LOOK_BACK_MS: Partial<Record<AlertKind, number>> = { 'repeated-glances': 30_000, drowsiness: 180_000 };

/** Plays the drive once, before all judges. */
export function measureDrive(
  plan: DrivePlan,
  fps: number,
  names: readonly JudgeName[],
  product: JudgeConfig,
): Findings[] {
  const playing = names.map((name) => newPlaying(judgeSetUp(name, product, plan.driver.side)));
  const sight = new SightCount(plan.injected);
  for (const seen of traceOf(plan, fps)) {
    sight.count(seen);
    for (const judge of playing) play(judge, seen);
  }
  return names.map((judge, index) => findings(judge, plan, playing[index]!.alerts, sight));
}

interface Playing extends JudgeSetUp {
  state: DriverState;
  readonly alerts: AlertOutcome[];
}

function newPlaying(setUp: JudgeSetUp): Playing {
  return { ...setUp, state: initialState('hours'), alerts: [] };
}

function play(judge: Playing, seen: Observation): void {
  const judged = step(judge.state, judge.hear(seen), judge.config);
  judge.state = judged.state;
  for (const outcome of judged.outcomes) {
    if (outcome.type === 'alert') judge.alerts.push(outcome);
  }
}

function findings(
  judge: JudgeName,
  plan: DrivePlan,
  alerts: readonly AlertOutcome[],
  sight: SightCount,
): Findings {
  const { glasses, night, badMounting } = plan.driver;
  const looked = plan.injected.map((one, index) => ({
    kind: one.kind,
    startMs: Math.round(one.startMs),
    lastedMs: Math.round(one.endMs - one.startMs),
    delayMs: delayOf(one, alerts),
    seen: sight.seen(index),
  }));
  const unasked = alerts.filter((alert) => alert.phase === 'raised' && !isAsked(alert, plan));
  const raised = unasked.map((alert) => ({
    kind: alert.kind,
    severity: alert.severity,
    startMs: alert.startMs,
    atMs: alert.atMs,
    doing: doingOf(alert, plan),
  }));
  const about = { judge, kind: plan.kind, seed: plan.seed, hours: plan.lengthMs / 3_600_000 };
  return { ...about, glasses, night, badMounting, speedKnown: plan.speedKnown, raised, looked };
}

/** From the start of the event to the first alert that tells it; `null` = none did. */
function delayOf(one: Injected, alerts: readonly AlertOutcome[]): number | null {
  const told = one.kind === 'drowsiness' ? drowsyAlert(one, alerts) : lapseAlert(one, alerts);
  return told === null ? null : Math.max(0, Math.round(told.atMs - one.startMs));
}

function lapseAlert(one: Injected, alerts: readonly AlertOutcome[]): AlertOutcome | null {
  // A microsleep that is told as sleep is told; sleep that stays a microsleep is not.
  const kinds: readonly AlertKind[] = one.kind === 'microsleep' ? ['microsleep', 'sleep'] : [one.kind];
  const tells = (alert: AlertOutcome) =>
    alert.phase !== 'cleared' &&
    kinds.includes(alert.kind) &&
    overlaps(alert.startMs, alert.atMs, one, NEAR_MS);
  return alerts.find(tells) ?? null;
}

/** Raised within the period, or still open from the one before. */
function drowsyAlert(one: Injected, alerts: readonly AlertOutcome[]): AlertOutcome | null {
  const told = alerts.filter((alert) => alert.kind === 'drowsiness' && alert.phase !== 'updated');
  return (
    told.find((alert, index) => {
      if (alert.phase === 'cleared') return false;
      const clearedMs = told[index + 1]?.atMs ?? Infinity;
      return alert.atMs <= one.endMs + DROWSY_AFTER_MS && clearedMs > one.startMs;
    }) ?? null
  );
}

/** The alert tells of something that was injected: nobody may blame it. Notices are always counted. */
function isAsked(alert: AlertOutcome, plan: DrivePlan): boolean {
  if (alert.severity === 1) return false;
  // Drivers who keep nodding off are drowsy, and drowsy drivers shut their eyes for long.
  if (plan.kind === 'drowsy') return isEyes(alert.kind);
  if (plan.kind === 'lapses' && ['drowsiness', 'lockout'].includes(alert.kind)) return true;
  return plan.injected.some((one) => overlaps(alert.startMs, alert.atMs, one, NEAR_MS));
}

function isEyes(kind: AlertKind): boolean {
  return ['drowsiness', 'microsleep', 'sleep', 'unresponsive', 'lockout'].includes(kind);
}

function overlaps(fromMs: number, toMs: number, one: Injected, slackMs: number): boolean {
  return fromMs >= one.startMs - slackMs && fromMs <= one.endMs && toMs >= one.startMs;
}

/** Only what turns the head can be behind these. */
const turnsHead: readonly AlertKind[] = ['distraction', 'repeated-glances'];

/** What the driver did for most of the time that the alert rests on. */
function doingOf(alert: AlertOutcome, plan: DrivePlan): string {
  const fromMs = Math.min(alert.startMs, alert.atMs - (LOOK_BACK_MS[alert.kind] ?? 0)) - 300;
  const share: Record<string, number> = {};
  for (const doing of plan.doings) {
    if (turnsHead.includes(alert.kind) && doing.channel !== 'head') continue;
    const commonMs = Math.min(doing.endMs, alert.atMs) - Math.max(doing.startMs, fromMs);
    if (commonMs > 0) share[doing.name] = (share[doing.name] ?? 0) + commonMs;
  }
  const [most] = Object.entries(share).sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? 'plain driving';
}

/** Counts, for each injected event, how much of it showed the eyes (or for a distraction the face). */
class SightCount {
  readonly #injected: readonly Injected[];
  readonly #frames: number[];
  readonly #seen: number[];
  #first = 0;

  constructor(injected: readonly Injected[]) {
    this.#injected = injected;
    this.#frames = injected.map(() => 0);
    this.#seen = injected.map(() => 0);
  }

  count(seen: Observation): void {
    const one = this.#injected[this.#first];
    if (one === undefined || !isFrame(seen)) return;
    if (seen.atMs >= one.endMs) this.#first++;
    if (seen.atMs < one.startMs || seen.atMs >= one.endMs) return;
    this.#frames[this.#first]! += 1;
    if (seen.kind === 'no-face') return;
    const eyes = seen.leftEye.unseen === null || seen.rightEye.unseen === null;
    if (eyes || one.kind === 'distraction') this.#seen[this.#first]! += 1;
  }

  seen(index: number): boolean {
    return this.#seen[index]! >= SEEN_SHARE * this.#frames[index]!;
  }
}
