/**
 * When a trip begins and ends, for a judge that nobody tells: by ignition where it is known, else by speed
 * where it is known, else by presence (a face or a voice).
 *
 * In: the trip, what the vehicle says, when somebody was last seen or heard, the clock. Out: the trip's start
 * or end with its cause, or nothing. A trip that a replay began is ended by nobody else.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { Trip } from '../perceive/observation.ts';
import { ignitionNow, knownSpeed, motionNow, stoppedForMs } from './surroundings.ts';
import type { ContextState, TripState } from './surroundings.ts';

/** What the start and the end of a trip are judged by. */
export interface TripWatch {
  /** Somebody has been seen or heard since then, but for short gaps. */
  readonly presentSinceMs: number | null;
  /** Somebody was last seen or heard. */
  readonly presentMs: number | null;
  /**
   * What shall not begin a trip yet. After an end that was told, `anything`: whoever ended it goes on sitting
   * there. After an end by ignition or speed, `presence`: a nap at a rest stop is no drive.
   */
  readonly heldOff: 'anything' | 'presence' | null;
}

export const nobodyPresent: TripWatch = { presentSinceMs: null, presentMs: null, heldOff: null };

/** A trip begins or ends. */
export interface TripChange {
  readonly phase: 'start' | 'end';
  readonly cause: Exclude<Trip['cause'], 'replay' | 'command'>;
}

/** Somebody is seen or heard at `atMs`. */
export function notePresence(watch: TripWatch, atMs: number, config: JudgeConfig['trip']): TripWatch {
  const { presentMs, presentSinceMs } = watch;
  const goesOn = presentMs !== null && atMs - presentMs <= config.presenceGapMs;
  return {
    ...watch,
    presentSinceMs: goesOn ? presentSinceMs : atMs,
    presentMs: Math.max(atMs, presentMs ?? atMs),
  };
}

/** After a trip has ended: what shall not begin the next one for now. */
export function holdOff(watch: TripWatch, cause: Trip['cause']): TripWatch {
  if (cause === 'presence') return watch;
  const told = cause === 'command' || cause === 'replay';
  return { ...watch, heldOff: told ? 'anything' : 'presence' };
}

/** Lifts what was held off once its cause is gone. */
export function followHoldOff(
  watch: TripWatch,
  context: ContextState,
  nowMs: number,
  config: JudgeConfig,
): TripWatch {
  const { heldOff } = watch;
  if (heldOff === null) return watch;
  if (heldOff === 'anything')
    return startByVehicle(context, nowMs, config) === null ? { ...watch, heldOff: 'presence' } : watch;
  const goneForMs = nowMs - (watch.presentMs ?? -Infinity);
  return goneForMs >= config.trip.presenceEndMs ? { ...watch, heldOff: null } : watch;
}

/** What begins or ends now, if anything. */
export function judgeTrip(
  trip: TripState,
  watch: TripWatch,
  context: ContextState,
  nowMs: number,
  config: JudgeConfig,
): TripChange | null {
  if (!config.trip.automatic) return null;
  if (trip.active) {
    const cause = trip.cause === 'replay' ? null : endCause(trip, watch, context, nowMs, config);
    return cause && { phase: 'end', cause };
  }
  const cause = startCause(watch, context, nowMs, config);
  return cause && { phase: 'start', cause };
}

function startCause(
  watch: TripWatch,
  context: ContextState,
  nowMs: number,
  config: JudgeConfig,
): TripChange['cause'] | null {
  if (watch.heldOff === 'anything') return null;
  const byVehicle = startByVehicle(context, nowMs, config);
  if (byVehicle !== null || isVehicleKnown(context, nowMs, config)) return byVehicle;
  if (watch.heldOff === 'presence' || watch.presentMs === null || watch.presentSinceMs === null) return null;
  const here = nowMs - watch.presentMs <= config.trip.presenceGapMs;
  // A frame holds until the next, as everywhere.
  const untilMs = Math.min(nowMs, watch.presentMs + config.time.holdMs);
  return here && untilMs - watch.presentSinceMs >= config.trip.presenceStartMs ? 'presence' : null;
}

function startByVehicle(
  context: ContextState,
  nowMs: number,
  config: JudgeConfig,
): 'ignition' | 'speed' | null {
  const ignitionOn = ignitionNow(context, nowMs, config);
  if (ignitionOn !== null) return ignitionOn ? 'ignition' : null;
  return motionNow(context, nowMs, config.speed) === 'moving' ? 'speed' : null;
}

function isVehicleKnown(context: ContextState, nowMs: number, config: JudgeConfig): boolean {
  return ignitionNow(context, nowMs, config) !== null || knownSpeed(context, nowMs, config.speed) !== null;
}

function endCause(
  trip: TripState,
  watch: TripWatch,
  context: ContextState,
  nowMs: number,
  config: JudgeConfig,
): TripChange['cause'] | null {
  const ignitionOn = ignitionNow(context, nowMs, config);
  if (ignitionOn !== null) {
    const offForMs = ignitionOn ? 0 : nowMs - (context.ignitionSinceMs ?? nowMs);
    return !ignitionOn && offForMs >= config.trip.ignitionOffMs ? 'ignition' : null;
  }
  const stoppedMs = stoppedForMs(context, nowMs, config.speed);
  if (stoppedMs !== null && stoppedMs >= config.trip.standingEndMs) return 'speed';
  if (knownSpeed(context, nowMs, config.speed) !== null && stoppedMs === null) return null;
  const goneForMs = nowMs - Math.max(watch.presentMs ?? -Infinity, trip.startMs ?? nowMs);
  return goneForMs >= config.trip.presenceEndMs ? 'presence' : null;
}
