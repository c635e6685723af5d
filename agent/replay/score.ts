/**
 * Found against true, per kind: who was found, who was missed, what was cried without cause, and when.
 *
 * A true event is found by an overlapping one of its kind (within `TOLERANCE_S`), one for one. Spans
 * (drowsiness, repeated glances) are found by an alert that was raised before the span's end. Where truth
 * says nothing about a kind that only makes events (nobody marked the blinks), its finds are not judged;
 * an alert about the driver that truth does not name is always a false one; a notice about what cannot be
 * seen is judged like an event. Truth may deny a kind: `no_yawn`.
 */
import { ALERT_KINDS, EVENT_KINDS } from '../judge/outcome.ts';
import type { Found, Truth } from './score-input.ts';

/** Accuracy of the true events that were marked by eye (their README says +-0.5 s). */
const TOLERANCE_S = 0.5;
const SPANS: ReadonlySet<string> = new Set(['drowsiness', 'repeated-glances']);
const ALERTS: ReadonlySet<string> = new Set(ALERT_KINDS);
/** They tell what the monitor cannot see, nothing about the driver. */
const NOTICES: ReadonlySet<string> = new Set(['eyes-not-seen', 'face-lost', 'camera-blocked']);
const KINDS: readonly string[] = [...new Set([...EVENT_KINDS, ...ALERT_KINDS])];

export interface Spread {
  readonly median: number;
  readonly max: number;
}

export interface KindScore {
  readonly kind: string;
  readonly truths: number;
  readonly found: number;
  readonly missed: number;
  readonly falsePositives: number;
  /** `null` when nothing was found. */
  readonly precision: number | null;
  /** `null` when there was nothing to find. */
  readonly recall: number | null;
  /** |found start - true start| [s]. */
  readonly startErrorS: Spread | null;
  /** True start to alert [s]. */
  readonly alertDelayS: Spread | null;
}

interface Match {
  readonly truth: Truth;
  readonly found: Found;
}

/** One score per kind that was found or true, in the order of the kinds. */
export function scoreKinds(
  replay: { found: readonly Found[]; files: ReadonlySet<string> },
  truths: readonly Truth[],
): KindScore[] {
  return KINDS.flatMap((kind) => {
    const files = [...replay.files].filter((file) =>
      isJudged(
        kind,
        truths.filter((truth) => truth.file === file),
      ),
    );
    const wanted = truths.filter((truth) => truth.kind === kind && replay.files.has(truth.file));
    const candidates = mostTelling(kind, replay.found).filter((found) => files.includes(found.file));
    return wanted.length + candidates.length === 0 ? [] : [scoreKind(kind, wanted, candidates)];
  });
}

/** A kind that raises alerts is counted by its alerts, any other by its events. */
function mostTelling(kind: string, found: readonly Found[]): Found[] {
  const type = ALERTS.has(kind) ? 'alert' : 'event';
  return found.filter((one) => one.kind === kind && one.type === type);
}

const isJudged = (kind: string, truths: readonly Truth[]): boolean =>
  (ALERTS.has(kind) && !NOTICES.has(kind)) ||
  truths.some((truth) => truth.kind === kind || truth.kind === `no_${kind}`);

function scoreKind(kind: string, truths: readonly Truth[], candidates: readonly Found[]): KindScore {
  const matches = matched(truths, candidates);
  const falsePositives = candidates.length - matches.length;
  return {
    kind,
    truths: truths.length,
    found: matches.length,
    missed: truths.length - matches.length,
    falsePositives,
    precision: candidates.length === 0 ? null : matches.length / candidates.length,
    recall: truths.length === 0 ? null : matches.length / truths.length,
    startErrorS: spread(matches.map(({ truth, found }) => Math.abs(found.startS - truth.startS))),
    alertDelayS: spread(
      matches.flatMap(({ truth, found }) =>
        found.alertedAtS === null ? [] : [found.alertedAtS - truth.startS],
      ),
    ),
  };
}

/** One for one, the nearest starts first. */
function matched(truths: readonly Truth[], candidates: readonly Found[]): Match[] {
  const pairs = truths
    .flatMap((truth) => candidates.filter((found) => fits(truth, found)).map((found) => ({ truth, found })))
    .sort((a, b) => Math.abs(a.found.startS - a.truth.startS) - Math.abs(b.found.startS - b.truth.startS));
  const taken = new Set<Truth | Found>();
  return pairs.filter(({ truth, found }) => {
    if (taken.has(truth) || taken.has(found)) return false;
    taken.add(truth).add(found);
    return true;
  });
}

function fits(truth: Truth, found: Found): boolean {
  if (truth.file !== found.file) return false;
  if (SPANS.has(truth.kind)) {
    const saidAtS = found.alertedAtS ?? found.endS;
    return saidAtS >= truth.startS && saidAtS <= truth.endS;
  }
  return found.startS <= truth.endS + TOLERANCE_S && found.endS >= truth.startS - TOLERANCE_S;
}

function spread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, max: sorted.at(-1)! };
}
