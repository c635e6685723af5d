/**
 * The drives of a run: N attentive hours, N hours with events. In: hours and a seed. Out: jobs, one a drive;
 * the same seed gives the same jobs on any number of cores.
 */
import { configSchema } from '../../../config/schema.ts';
import { WEAKENED } from './judges.ts';
import type { JudgeName } from './judges.ts';
import { measureDrive } from './measure.ts';
import type { Findings } from './measure.ts';
import { planDrive } from './plan.ts';
import type { DriveKind } from './plan.ts';

/** One drive and the judges that see it. */
export interface Job {
  readonly kind: DriveKind;
  readonly lengthMs: number;
  readonly seed: number;
  readonly fps: number;
  readonly speedKnown: boolean;
  readonly judges: readonly JudgeName[];
}

const HALF_HOUR_MS = 1_800_000;
/** Of the hours with events so many are drowsy drives, which take long for each period. */
const DROWSY_SHARE = 0.82;
/** Attentive hours without a speed, on top of the others: looks at a red light then warn by design. */
const SPEED_UNKNOWN_SHARE = 0.1;
/** Hours that the weakened judges see: enough to tell more than one warning an hour. */
const WEAKENED_HOURS = 10;
const SEED_STRIDE = 1_000_003;

/** The drives of a run, attentive ones first. */
export function jobsOf(hours: number, seed: number, fps: number): Job[] {
  const drives = (share: number, lengthMs: number) =>
    Math.max(1, Math.round((share * hours * 2 * HALF_HOUR_MS) / lengthMs));
  const job = (kind: DriveKind, lengthMs: number, index: number, speedKnown: boolean): Job => ({
    kind,
    lengthMs,
    seed: seedOf(seed, JOB_KIND_OFFSET[kind] + index),
    fps,
    speedKnown,
    judges:
      speedKnown && kind === 'attentive' && index < 2 * WEAKENED_HOURS ? ['asItIs', ...WEAKENED] : ['asItIs'],
  });
  const jobs = (kind: DriveKind, share: number, lengthMs: number, speedKnown = true) =>
    Array.from({ length: drives(share, lengthMs) }, (_, index) => job(kind, lengthMs, index, speedKnown));
  return [
    ...jobs('attentive', 1, HALF_HOUR_MS),
    ...jobs('attentive', SPEED_UNKNOWN_SHARE, HALF_HOUR_MS, false),
    ...jobs('lapses', 1 - DROWSY_SHARE, HALF_HOUR_MS),
    ...jobs('drowsy', DROWSY_SHARE, 2 * HALF_HOUR_MS),
  ];
}

/** Seeds of the kinds lie so far apart. */
export const JOB_KIND_OFFSET: Readonly<Record<DriveKind, number>> = {
  attentive: 0,
  lapses: 300_000,
  drowsy: 600_000,
};

/** The seed of a drive within a run. */
export function seedOf(run: number, drive: number): number {
  return run * SEED_STRIDE + drive;
}

/** Carries out one job. */
export function runJob(job: Job): Findings[] {
  const plan = planDrive(job.kind, job.lengthMs, job.seed, job.speedKnown);
  return measureDrive(plan, job.fps, job.judges, configSchema.parse({}).judge);
}
