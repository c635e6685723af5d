/**
 * Drowsiness as an estimate on the Karolinska scale (1 very alert - 9 fighting sleep), with what moved it.
 *
 * In: PERCLOS of both windows, blink figures, yawns, time on the trip, hour of day. Out: the estimate (or
 * `null` until enough was seen), its confidence, the parts, and an event when a drowsy period ended.
 * A weighted sum, so that each part can be read; weights and sources are in `config/schema/judge/`.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { BlinkFigures } from './blinks.ts';
import type { EventOutcome, Evidence } from './outcome.ts';
import type { Perclos } from './perclos.ts';
import { rounded } from './rounding.ts';

/** The scale's ends. */
const KSS = { min: 1, max: 9 } as const;

/** What the estimate is made of. */
export interface DrowsinessInput {
  readonly short: Perclos;
  readonly long: Perclos;
  readonly blinks: BlinkFigures;
  readonly yawns: number;
  readonly tripMs: number;
  readonly hourOfDay: number | null;
  /** Blink statistics are carried by the frame rate. */
  readonly carriesBlinks: boolean;
}

/** An estimate with the steps that each part added to the base. */
export interface KssEstimate {
  readonly kss: number;
  /** 0-1. */
  readonly confidence: number;
  readonly parts: Readonly<Record<KssPart, number>>;
  readonly evidence: Evidence;
}

export type KssPart = 'perclos' | 'closures' | 'longBlinks' | 'yawns' | 'trip' | 'hour';

export interface DrowsinessState {
  readonly estimate: KssEstimate | null;
  readonly estimatedAtMs: number | null;
  /** Since when the estimate has been at or above the clearing level. */
  readonly tiredSinceMs: number | null;
  readonly drowsy: boolean;
}

export interface DrowsinessStep {
  readonly state: DrowsinessState;
  readonly events: readonly EventOutcome[];
}

export const notDrowsy: DrowsinessState = {
  estimate: null,
  estimatedAtMs: null,
  tiredSinceMs: null,
  drowsy: false,
};

/** Estimates anew; a drowsy period holds while nothing can be estimated (hiding does not help). */
export function judgeDrowsiness(
  state: DrowsinessState,
  input: DrowsinessInput,
  nowMs: number,
  config: JudgeConfig,
): DrowsinessStep {
  const estimate = estimateKss(input, config);
  if (estimate === null) return { state: { ...state, estimate, estimatedAtMs: nowMs }, events: [] };
  const tired = estimate.kss >= config.drowsiness.clearBelowKss;
  const next: DrowsinessState = {
    estimate,
    estimatedAtMs: nowMs,
    tiredSinceMs: tired ? (state.tiredSinceMs ?? nowMs) : null,
    drowsy: tired && (state.drowsy || estimate.kss >= config.drowsiness.warnFromKss),
  };
  return { state: next, events: state.drowsy && !next.drowsy ? drowsyEvent(state, nowMs) : [] };
}

/** Closes a drowsy period, for the end of a trip. */
export function endDrowsiness(state: DrowsinessState, nowMs: number): DrowsinessStep {
  return { state: notDrowsy, events: state.drowsy ? drowsyEvent(state, nowMs) : [] };
}

/** The estimate; `null` until enough of seen eyes fills both windows. */
export function estimateKss(input: DrowsinessInput, config: JudgeConfig): KssEstimate | null {
  const { minSeenMs, minShortFill } = config.perclos;
  if (input.long.seenMs < minSeenMs || input.short.fill < minShortFill) return null;
  const parts = kssParts(input, config);
  const sum = Object.values(parts).reduce((total, part) => total + part, config.drowsiness.baseKss);
  const fill = (input.short.fill + input.long.fill) / 2;
  return {
    kss: Math.min(KSS.max, Math.max(KSS.min, sum)),
    confidence: fill * (input.carriesBlinks ? 1 : config.drowsiness.noBlinkConfidence),
    parts,
    evidence: estimateEvidence(input, parts, sum),
  };
}

function kssParts(input: DrowsinessInput, config: JudgeConfig): Record<KssPart, number> {
  const weights = config.drowsiness;
  return {
    perclos: weights.perclosKss * perclosPart(input, config.perclos),
    closures:
      weights.closureKss * ramp(input.blinks.meanBlinkMs ?? 0, weights.closureFromMs, weights.closureToMs),
    longBlinks:
      weights.longBlinkKss *
      ramp(input.blinks.longBlinksPerMinute ?? 0, weights.longBlinksFrom, weights.longBlinksTo),
    yawns: Math.min(weights.yawnMaxKss, weights.yawnKss * input.yawns),
    trip: weights.tripKss * ramp(input.tripMs, weights.tripFromMs, weights.tripToMs),
    hour: hourPart(input.hourOfDay, weights),
  };
}

/** Both windows must agree (best open rule set): the lesser of the two counts. */
function perclosPart(input: DrowsinessInput, config: JudgeConfig['perclos']): number {
  const short = ramp(input.short.share ?? 0, config.awakeBelow, config.drowsyFrom);
  const long = ramp(input.long.share ?? 0, config.awakeLongBelow, config.drowsyLongFrom);
  return Math.min(short, long);
}

function hourPart(hour: number | null, weights: JudgeConfig['drowsiness']): number {
  if (hour === null) return 0;
  if (hour >= weights.nightFromHour && hour < weights.nightToHour) return weights.nightKss;
  const afternoon = hour >= weights.afternoonFromHour && hour < weights.afternoonToHour;
  return afternoon ? weights.afternoonKss : 0;
}

/** 0 up to `from`, 1 from `to` on, linear between. */
function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

function estimateEvidence(input: DrowsinessInput, parts: Record<KssPart, number>, sum: number): Evidence {
  const largest = (Object.entries(parts) as [KssPart, number][]).reduce((a, b) => (b[1] > a[1] ? b : a));
  return {
    kssEstimate: rounded(Math.min(KSS.max, Math.max(KSS.min, sum)), 1),
    movedMostBy: largest[1] > 0 ? largest[0] : null,
    kssByPerclos: rounded(parts.perclos, 1),
    kssByClosures: rounded(parts.closures, 1),
    kssByLongBlinks: rounded(parts.longBlinks, 1),
    kssByYawns: rounded(parts.yawns, 1),
    kssByTrip: rounded(parts.trip, 1),
    kssByHour: rounded(parts.hour, 1),
    perclos60: input.short.share === null ? null : rounded(input.short.share, 3),
    perclos180: input.long.share === null ? null : rounded(input.long.share, 3),
    perclos60Fill: rounded(input.short.fill, 2),
    perclos180Fill: rounded(input.long.fill, 2),
    meanBlinkMs: input.blinks.meanBlinkMs === null ? null : rounded(input.blinks.meanBlinkMs),
    longBlinksPerMinute:
      input.blinks.longBlinksPerMinute === null ? null : rounded(input.blinks.longBlinksPerMinute, 1),
    yawns: input.yawns,
    blinkStatistics: input.carriesBlinks ? 'on' : 'off: frame rate too low',
  };
}

function drowsyEvent(state: DrowsinessState, endMs: number): readonly EventOutcome[] {
  const startMs = state.tiredSinceMs ?? endMs;
  const evidence = state.estimate?.evidence ?? {};
  return [{ type: 'event', kind: 'drowsiness', startMs, endMs, evidence }];
}
