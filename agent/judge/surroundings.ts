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
  readonly ignitionOn: boolean | null;
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
  ignitionOn: null,
  hourOfDay: null,
};

/** Takes what the vehicle says; an unknown speed leaves the last one to grow stale. */
export function hearContext(state: ContextState, told: Context, config: JudgeConfig['speed']): ContextState {
  const known = told.speedKmh !== null;
  return {
    speedKmh: known ? smoothed(state, told.speedKmh, told.atMs, config) : state.speedKmh,
    speedAtMs: known ? told.atMs : state.speedAtMs,
    ignitionOn: told.ignitionOn,
    hourOfDay: told.hourOfDay,
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
