/**
 * How each main threshold trades false alerts against events found: the same drives before judges that differ
 * in one number. In: findings of the sweep's drives. Out: a point for each value. Rates an hour, shares 0-1.
 */
import { falseAlerts, foundPerKind } from './figures.ts';
import { JOB_KIND_OFFSET, seedOf } from './jobs.ts';
import type { Job } from './jobs.ts';
import type { SweptJudge } from './judges.ts';
import type { Findings } from './measure.ts';
import type { DriveKind } from './plan.ts';

/** A threshold, the values tried, and what they are meant to find. */
export interface Swept {
  readonly path: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** Events that this threshold decides; none are injected for repeated glances and notices. */
  readonly finds: readonly string[];
}

/** One judge of the sweep. */
export interface SweepPoint {
  readonly path: string;
  readonly value: number;
  /** Severity 2 and 3 in attentive hours. */
  readonly falseWarningsPerHour: number;
  readonly noticesPerHour: number;
  /** Share found of the events that the threshold decides; `null` where none are injected. */
  readonly foundShare: number | null;
}

/** The main thresholds; the product's own values are among the values. */
export const SWEEP: readonly Swept[] = [
  { path: 'eyes.microsleepMs', unit: 'ms', values: [500, 700, 1000, 1300, 1700], finds: ['microsleep'] },
  { path: 'eyes.closedAt', unit: '', values: [0.5, 0.65, 0.8, 0.9, 0.97], finds: ['microsleep', 'sleep'] },
  { path: 'eyes.closedShare', unit: '', values: [0, 0.3, 0.6, 0.8, 0.95], finds: ['microsleep', 'sleep'] },
  {
    path: 'eyes.shutMeanClosure',
    unit: '',
    values: [0.6, 0.75, 0.9, 0.95, 0.99],
    finds: ['microsleep', 'sleep'],
  },
  {
    path: 'distraction.levelMs.0',
    unit: 'ms',
    values: [800, 1500, 3000, 4000, 5000],
    finds: ['distraction'],
  },
  { path: 'distraction.repeatedAwayMs', unit: 'ms', values: [2000, 4000, 6000, 10_000, 14_000], finds: [] },
  { path: 'eyes.notSeenNoticeMs', unit: 'ms', values: [1000, 3000, 5000, 8000, 9500], finds: [] },
  { path: 'drowsiness.warnFromKss', unit: 'KSS', values: [4, 5, 6.5, 8, 8.8], finds: ['drowsiness'] },
];

const HALF_HOUR_MS = 1_800_000;
/** N attentive hours; false alerts are rarer than events, so fewer hours hold enough of these. */
const DRIVES: readonly { readonly kind: DriveKind; readonly lengthMs: number; readonly share: number }[] = [
  { kind: 'attentive', lengthMs: HALF_HOUR_MS, share: 1 },
  { kind: 'lapses', lengthMs: HALF_HOUR_MS, share: 0.2 },
  { kind: 'drowsy', lengthMs: 2 * HALF_HOUR_MS, share: 0.2 },
];

/** The name of a judge that differs in one number. */
export function sweptJudge(path: string, value: number): SweptJudge {
  return `${path}=${value}`;
}

/** The drives of a sweep, each before all its judges. */
export function sweepJobs(hours: number, seed: number, fps: number): Job[] {
  const judges = SWEEP.flatMap(({ path, values }) => values.map((value) => sweptJudge(path, value)));
  return DRIVES.flatMap(({ kind, lengthMs, share }) =>
    Array.from({ length: Math.ceil((share * hours * 2 * HALF_HOUR_MS) / lengthMs) }, (_, index) => ({
      kind,
      lengthMs,
      seed: seedOf(seed, JOB_KIND_OFFSET[kind] + index),
      fps,
      speedKnown: true,
      judges,
    })),
  );
}

/** The figures of all judges of a sweep, in the order of `SWEEP`. */
export function sweepPoints(findings: readonly Findings[]): SweepPoint[] {
  return SWEEP.flatMap((swept) => swept.values.map((value) => pointOf(swept, value, findings)));
}

function pointOf({ path, finds }: Swept, value: number, findings: readonly Findings[]): SweepPoint {
  const mine = findings.filter((one) => one.judge === sweptJudge(path, value));
  const { falseWarningsPerHour, noticesPerHour } = falseAlerts(
    mine.filter((one) => one.kind === 'attentive'),
  );
  const events = foundPerKind(mine.filter((one) => one.kind !== 'attentive'));
  const n = finds.reduce((sum, kind) => sum + events[kind]!.n, 0);
  const found = finds.reduce((sum, kind) => sum + events[kind]!.found, 0);
  return { path, value, falseWarningsPerHour, noticesPerHour, foundShare: n === 0 ? null : found / n };
}
