/**
 * What the judge says: events (a behaviour that has ended, for the record) and alerts (raised while it
 * lasts). Pure data; ids and wall times are given at the edge (`agent/contract/`).
 */
import type { Trip } from '../perceive/observation.ts';

/** Behaviours that are recorded. A closure or a look-away is one event, named by its final length. */
export const EVENT_KINDS = [
  'blink',
  'long-blink',
  'microsleep',
  'sleep',
  'yawn',
  'glance',
  'distraction',
  'repeated-glances',
  'drowsiness',
  'unresponsive',
  'lockout',
  'stress',
  'eyes-not-seen',
  'face-lost',
  'camera-blocked',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Behaviours that somebody is told about while they last. */
export const ALERT_KINDS = [
  'microsleep',
  'sleep',
  'distraction',
  'repeated-glances',
  'drowsiness',
  'unresponsive',
  'lockout',
  'stress',
  'eyes-not-seen',
  'face-lost',
  'camera-blocked',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** 1 notice, 2 warning, 3 critical. */
export type Severity = 1 | 2 | 3;

/** Attention level, 0 attentive to 3; another thing than severity. */
export type AttentionLevel = 0 | 1 | 2 | 3;

/**
 * What was measured, over which window, against which threshold. Keys carry their unit
 * (`closedMs`, `perclos60`, `yawFromNeutralDeg`); values are finite numbers, short words or `null`.
 */
export type Evidence = Readonly<Record<string, number | string | boolean | null>>;

/** A behaviour has ended and is recorded. */
export interface EventOutcome {
  readonly type: 'event';
  readonly kind: EventKind;
  /** First observation that showed the behaviour. */
  readonly startMs: number;
  readonly endMs: number;
  readonly evidence: Evidence;
}

/** An alert was raised, changed (severity, kind, evidence) or cleared. */
export interface AlertOutcome {
  readonly type: 'alert';
  readonly phase: 'raised' | 'updated' | 'cleared';
  /** Same for all phases of one alert, unique for ever: `<runKey>:<n>`. */
  readonly alertKey: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly level: AttentionLevel;
  /** First observation that showed the behaviour. */
  readonly startMs: number;
  /** When the judge said so. */
  readonly atMs: number;
  /** Only when cleared: why. */
  readonly cleared?: 'ended' | 'trip-end' | 'restart' | 'acknowledged';
  readonly evidence: Evidence;
}

/** A trip began or ended, by the judge's own rules or because somebody told it. */
export interface TripOutcome {
  readonly type: 'trip';
  readonly phase: Trip['phase'];
  readonly cause: Trip['cause'];
  readonly atMs: number;
}

export type Outcome = EventOutcome | AlertOutcome | TripOutcome;

/**
 * The judge's running measures: what telemetry, the link and the researcher's CSV show.
 * `null` = not known now (not seen, not enough seen, statistic switched off).
 */
export interface Measures {
  readonly atMs: number;
  readonly tripActive: boolean;
  readonly level: AttentionLevel;
  readonly faceSeen: boolean;
  readonly eyesSeen: boolean;
  /** Eye closure of the driver, 0 open - 1 closed, from EAR and the driver's own open-eye level. */
  readonly closure: number | null;
  readonly ear: number | null;
  readonly mar: number | null;
  readonly yawDeg: number | null;
  readonly pitchDeg: number | null;
  readonly rollDeg: number | null;
  readonly yawFromNeutralDeg: number | null;
  readonly pitchFromNeutralDeg: number | null;
  readonly perclos60: number | null;
  readonly perclos180: number | null;
  /** How much of each window held seen eyes, 0-1. */
  readonly perclos60Fill: number;
  readonly perclos180Fill: number;
  readonly kssEstimate: number | null;
  readonly kssConfidence: number | null;
  readonly blinksPerMinute: number | null;
  readonly meanBlinkMs: number | null;
  /** What face and voice express together, 0-1 (`stress`); no emotion can be read from it. */
  readonly strain: number | null;
  readonly speech: boolean | null;
  readonly calibration: 'none' | 'calibrating' | 'done';
  /** 0-1. */
  readonly calibrationProgress: number;
  /** Frames per second as seen by the judge over the last seconds. */
  readonly fps: number | null;
  /** Statistics that are switched off now and why, in words. */
  readonly switchedOff: readonly string[];
}
