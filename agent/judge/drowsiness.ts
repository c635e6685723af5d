/**
 * Drowsiness as an estimate on the Karolinska scale (1 very alert - 9 fighting sleep), with what moved it.
 *
 * In: PERCLOS of both windows, blinks and how slowly the lids reopen, yawns, head nods, time on the trip, hour
 * of day. Out: the estimate (or `null` until enough was seen), its confidence, the parts, and an event when a
 * drowsy period ended.
 * A weighted sum, so that each part can be read; weights and sources are in `config/schema/judge/`.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { BlinkFigures } from './blinks.ts';
import { noNods, observeNods } from './head-nods.ts';
import type { NodState } from './head-nods.ts';
import type { EventOutcome, Evidence } from './outcome.ts';
import type { Perclos } from './perclos.ts';
import { noReopening, observeReopening } from './reopening.ts';
import type { ReopeningState } from './reopening.ts';
import { rounded } from './rounding.ts';
import type { Sight } from './sight.ts';

/** The scale's ends. */
const KSS = { min: 1, max: 9 } as const;

/** What the estimate is made of. */
export interface DrowsinessInput {
  readonly short: Perclos;
  readonly long: Perclos;
  readonly blinks: BlinkFigures;
  /** How long the lids take from shut to open, ms; `null` = not known. */
  readonly meanReopenMs: number | null;
  readonly yawns: number;
  readonly headNods: number;
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

export type KssPart =
  'perclos' | 'closures' | 'reopening' | 'longBlinks' | 'yawns' | 'nods' | 'trip' | 'hour';

/** Parts that nobody has validated, or that are not seen on the driver: together they never warn. */
const SUPPORTING = ['yawns', 'nods', 'trip', 'hour'] as const satisfies readonly KssPart[];

export interface DrowsinessState {
  readonly estimate: KssEstimate | null;
  readonly estimatedAtMs: number | null;
  /** Since when the estimate has been at or above the clearing level. */
  readonly tiredSinceMs: number | null;
  readonly drowsy: boolean;
  /** Signs that only the estimate asks for. */
  readonly lids: ReopeningState;
  readonly head: NodState;
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
  lids: noReopening,
  head: noNods,
};

/** Takes one frame; `inYawn` = the mouth is wide open around it, which squeezes the eyes. */
export function observeSigns(
  state: DrowsinessState,
  sight: Sight,
  inYawn: boolean,
  config: JudgeConfig,
): DrowsinessState {
  const { atMs, closure } = sight;
  const plain = !inYawn && sight.away !== true;
  const pitchDeg = sight.head?.pitchDeg ?? null;
  return {
    ...state,
    lids: observeReopening(state.lids, plain ? closure : null, atMs, config),
    head: observeNods(state.head, { pitchDeg, closure, atMs }, config),
  };
}

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
    ...state,
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
  const kss = Math.min(KSS.max, Math.max(KSS.min, sum));
  const fill = (input.short.fill + input.long.fill) / 2;
  const confidence = fill * (input.carriesBlinks ? 1 : config.drowsiness.noBlinkConfidence);
  const about = { kssEstimate: rounded(kss, 1), kssConfidence: rounded(confidence, 2) };
  return {
    kss,
    confidence,
    parts,
    evidence: { ...about, ...partsEvidence(parts, config), ...inputEvidence(input) },
  };
}

function kssParts(input: DrowsinessInput, config: JudgeConfig): Record<KssPart, number> {
  const weights = config.drowsiness;
  const parts = {
    perclos: weights.perclosKss * perclosPart(input, config.perclos),
    closures:
      weights.closureKss * ramp(input.blinks.meanBlinkMs ?? 0, weights.closureFromMs, weights.closureToMs),
    reopening: weights.reopenKss * ramp(input.meanReopenMs ?? 0, weights.reopenFromMs, weights.reopenToMs),
    longBlinks:
      weights.longBlinkKss *
      ramp(input.blinks.longBlinksPerMinute ?? 0, weights.longBlinksFrom, weights.longBlinksTo),
    yawns: Math.min(weights.yawnMaxKss, weights.yawnKss * input.yawns),
    nods: Math.min(weights.nodMaxKss, weights.nodKss * input.headNods),
    trip: weights.tripKss * ramp(input.tripMs, weights.tripFromMs, weights.tripToMs),
    hour: hourPart(input.hourOfDay, weights),
  };
  return withinSupport(parts, weights.supportMaxKss);
}

/** Supporting parts shrink alike where their sum passes what they may add. */
function withinSupport(parts: Record<KssPart, number>, mostKss: number): Record<KssPart, number> {
  const sum = SUPPORTING.reduce((total, part) => total + parts[part], 0);
  if (sum <= mostKss) return parts;
  const shrunk = SUPPORTING.map((part) => [part, (parts[part] * mostKss) / sum]);
  return { ...parts, ...Object.fromEntries(shrunk) } as Record<KssPart, number>;
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

/** What each part added, and which added most. */
function partsEvidence(parts: Record<KssPart, number>, config: JudgeConfig): Evidence {
  const largest = (Object.entries(parts) as [KssPart, number][]).reduce((a, b) => (b[1] > a[1] ? b : a));
  return {
    movedMostBy: largest[1] > 0 ? largest[0] : null,
    kssBase: config.drowsiness.baseKss,
    kssByPerclos: rounded(parts.perclos, 1),
    kssByClosures: rounded(parts.closures, 1),
    kssByReopening: rounded(parts.reopening, 1),
    kssByLongBlinks: rounded(parts.longBlinks, 1),
    kssByYawns: rounded(parts.yawns, 1),
    kssByNods: rounded(parts.nods, 1),
    kssByTrip: rounded(parts.trip, 1),
    kssByHour: rounded(parts.hour, 1),
  };
}

/** What the parts were measured on. */
function inputEvidence(input: DrowsinessInput): Evidence {
  const known = (value: number | null, digits = 0) => (value === null ? null : rounded(value, digits));
  return {
    perclos60: known(input.short.share, 3),
    perclos180: known(input.long.share, 3),
    perclos60Fill: rounded(input.short.fill, 2),
    perclos180Fill: rounded(input.long.fill, 2),
    meanBlinkMs: known(input.blinks.meanBlinkMs),
    meanReopenMs: known(input.meanReopenMs),
    longBlinksPerMinute: known(input.blinks.longBlinksPerMinute, 1),
    yawns: input.yawns,
    headNods: input.headNods,
    tripMs: rounded(input.tripMs),
    hourOfDay: known(input.hourOfDay, 1),
    blinkStatistics: input.carriesBlinks ? 'on' : 'off: frame rate too low',
  };
}

function drowsyEvent(state: DrowsinessState, endMs: number): readonly EventOutcome[] {
  const startMs = state.tiredSinceMs ?? endMs;
  const evidence = state.estimate?.evidence ?? {};
  return [{ type: 'event', kind: 'drowsiness', startMs, endMs, evidence }];
}
