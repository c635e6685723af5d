/**
 * What is known around the driver: trip, speed, hour, voice. In: Context, Trip, VoiceSeen. Out: the same as
 * state, and the level times that hold at the present speed.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { Context, Trip, VoiceSeen } from '../perceive/observation.ts';
import type { LevelTimes } from './distraction.ts';

export interface TripState {
  readonly active: boolean;
  readonly startMs: number | null;
  readonly cause: Trip['cause'] | null;
}

export interface ContextState {
  /** Smoothed, so that one wrong value does not change the tier. */
  readonly speedKmh: number | null;
  /** When that speed was told. */
  readonly speedAtMs: number | null;
  /** The vehicle got going and has not stopped; `null` = neither was seen yet. */
  readonly moving: boolean | null;
  /** Slow enough to be standing since then. */
  readonly slowSinceMs: number | null;
  /** As it was last told; see `ignitionNow`. */
  readonly ignitionOn: boolean | null;
  readonly ignitionAtMs: number | null;
  /** Told to be so since then. */
  readonly ignitionSinceMs: number | null;
  readonly hourOfDay: number | null;
}

export interface VoiceState {
  readonly atMs: number;
  readonly speechShare: number;
}

export const noTrip: TripState = { active: false, startMs: null, cause: null };
export const unknownContext: ContextState = {
  speedKmh: null,
  speedAtMs: null,
  moving: null,
  slowSinceMs: null,
  ignitionOn: null,
  ignitionAtMs: null,
  ignitionSinceMs: null,
  hourOfDay: null,
};

/** Takes what the vehicle says; an unknown speed or ignition leaves the last one to grow stale. */
export function hearContext(state: ContextState, told: Context, config: JudgeConfig['speed']): ContextState {
  return {
    ...hearSpeed(state, told, config),
    ...hearIgnition(state, told),
    hourOfDay: told.hourOfDay,
  };
}

type SpeedPart = Pick<ContextState, 'speedKmh' | 'speedAtMs' | 'moving' | 'slowSinceMs'>;
type IgnitionPart = Pick<ContextState, 'ignitionOn' | 'ignitionAtMs' | 'ignitionSinceMs'>;

function hearSpeed(state: ContextState, told: Context, config: JudgeConfig['speed']): SpeedPart {
  const { speedKmh: before, speedAtMs, moving, slowSinceMs } = state;
  if (told.speedKmh === null) return { speedKmh: before, speedAtMs, moving, slowSinceMs };
  const speedKmh = smoothed(state, told.speedKmh, told.atMs, config);
  return { speedKmh, speedAtMs: told.atMs, ...withMotion(state, speedKmh, told.atMs, config) };
}

/** Moving from one speed on, slow below a lower one; in between it stays what it was. */
function withMotion(
  state: ContextState,
  speedKmh: number,
  atMs: number,
  config: JudgeConfig['speed'],
): Pick<SpeedPart, 'moving' | 'slowSinceMs'> {
  if (speedKmh >= config.movingFromKmh) return { moving: true, slowSinceMs: null };
  const fresh = knownSpeed(state, atMs, config) !== null;
  const moving = fresh ? state.moving : null;
  const slowSinceMs = fresh ? state.slowSinceMs : null;
  if (speedKmh < config.stoppedBelowKmh) return { moving, slowSinceMs: slowSinceMs ?? atMs };
  return { moving, slowSinceMs: fresh && motionNow(state, atMs, config) === 'stopped' ? slowSinceMs : null };
}

function hearIgnition(state: ContextState, told: Context): IgnitionPart {
  const { ignitionOn, ignitionAtMs, ignitionSinceMs } = state;
  if (told.ignitionOn === null) return { ignitionOn, ignitionAtMs, ignitionSinceMs };
  const same = told.ignitionOn === ignitionOn;
  return {
    ignitionOn: told.ignitionOn,
    ignitionAtMs: told.atMs,
    ignitionSinceMs: same ? ignitionSinceMs : told.atMs,
  };
}

/** First-order filter; after a stale speed it begins anew with the one told. */
function smoothed(state: ContextState, toldKmh: number, atMs: number, config: JudgeConfig['speed']): number {
  const before = knownSpeed(state, atMs, config);
  if (before === null || state.speedAtMs === null) return toldKmh;
  if (config.smoothMs === 0) return toldKmh;
  const sinceMs = Math.max(0, atMs - state.speedAtMs);
  return toldKmh + (before - toldKmh) * Math.exp(-sinceMs / config.smoothMs);
}

export function hearVoice(told: VoiceSeen): VoiceState {
  return { atMs: told.atMs, speechShare: told.speechShare };
}

/** The speed if it is fresh enough to be believed. */
export function knownSpeed(state: ContextState, nowMs: number, config: JudgeConfig['speed']): number | null {
  if (state.speedAtMs === null || nowMs - state.speedAtMs > config.staleAfterMs) return null;
  return state.speedKmh;
}

/** Moving or stopped; `unknown` without a fresh speed, and while neither is certain. */
export function motionNow(
  state: ContextState,
  nowMs: number,
  config: JudgeConfig['speed'],
): 'moving' | 'stopped' | 'unknown' {
  if (knownSpeed(state, nowMs, config) === null) return 'unknown';
  if (state.slowSinceMs !== null && nowMs - state.slowSinceMs >= config.stoppedAfterMs) return 'stopped';
  return state.moving === true ? 'moving' : 'unknown';
}

/** The vehicle is known to stand: at a light, in a jam, parked. */
export function isStanding(state: ContextState, nowMs: number, config: JudgeConfig['speed']): boolean {
  return motionNow(state, nowMs, config) === 'stopped';
}

/** How long the vehicle has been standing, ms; `null` = it is not known to stand. */
export function stoppedForMs(
  state: ContextState,
  nowMs: number,
  config: JudgeConfig['speed'],
): number | null {
  if (motionNow(state, nowMs, config) !== 'stopped' || state.slowSinceMs === null) return null;
  return nowMs - state.slowSinceMs;
}

/** The ignition, if what was told of it is fresh enough to be believed. */
export function ignitionNow(state: ContextState, nowMs: number, config: JudgeConfig): boolean | null {
  if (state.ignitionAtMs === null || nowMs - state.ignitionAtMs > config.trip.ignitionStaleMs) return null;
  return state.ignitionOn;
}

/** Times of the attention levels at this speed; no speed known is the strictest tier. */
export function levelTimes(context: ContextState, nowMs: number, config: JudgeConfig): LevelTimes {
  const speedKmh = knownSpeed(context, nowMs, config.speed);
  const { levelMs, slowLevelMs } = config.distraction;
  if (speedKmh === null || speedKmh >= config.speed.slowBelowKmh) return levelMs;
  if (speedKmh < config.speed.silentBelowKmh) return null;
  const laterMs = slowLevelMs - levelMs[0];
  return [slowLevelMs, levelMs[1] + laterMs, levelMs[2] + laterMs];
}

/** Somebody speaks in the newest window; `null` when no window is fresh. */
export function hearsSpeech(
  voice: VoiceState | null,
  nowMs: number,
  config: JudgeConfig['voice'],
): boolean | null {
  if (voice === null || nowMs - voice.atMs > config.staleAfterMs) return null;
  return voice.speechShare >= config.speechShare;
}
