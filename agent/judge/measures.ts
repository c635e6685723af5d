/**
 * The running measures for telemetry, the link and the researcher's CSV, read from the state. Pure.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { blinkFigures } from './blinks.ts';
import { framesPerSecond } from './frame-rate.ts';
import { calibrationOf } from './neutral-pose.ts';
import type { Measures } from './outcome.ts';
import { perclosLong, perclosShort } from './perclos.ts';
import type { Sight } from './sight.ts';
import type { DriverState } from './state.ts';
import { hearsSpeech } from './surroundings.ts';

/** The measures at the time of the newest observation. */
export function measures(state: DriverState, config: JudgeConfig): Measures {
  const atMs = state.atMs ?? 0;
  const sight = state.sight !== null && atMs - state.sight.atMs <= config.time.holdMs ? state.sight : null;
  return {
    atMs,
    tripActive: state.trip.active,
    level: state.level,
    ...ofSight(sight),
    ...ofStatistics(state, config),
    speech: hearsSpeech(state.voice, atMs, config.voice),
    calibration: calibrationOf(state.neutral, config.calibration),
    calibrationProgress: Math.min(1, state.neutral.faceMs / config.calibration.doneMs),
    fps: isSilent(state, atMs, config) ? null : framesPerSecond(state.frames),
    switchedOff: switchedOff(state, config),
  };
}

function ofSight(sight: Sight | null) {
  return {
    faceSeen: sight?.face ?? false,
    eyesSeen: sight !== null && sight.closure !== null,
    closure: sight?.closure ?? null,
    ear: sight?.ear ?? null,
    mar: sight?.mar ?? null,
    yawDeg: sight?.yawDeg ?? null,
    pitchDeg: sight?.pitchDeg ?? null,
    rollDeg: sight?.rollDeg ?? null,
    yawFromNeutralDeg: sight?.head?.yawDeg ?? null,
    pitchFromNeutralDeg: sight?.head?.pitchDeg ?? null,
  };
}

function ofStatistics(state: DriverState, config: JudgeConfig) {
  const short = perclosShort(state.perclos, config.perclos);
  const long = perclosLong(state.perclos, config.perclos);
  const blinks = blinkFigures(state.blinks, short.seenMs, state.frames.carriesBlinks, config);
  return {
    perclos60: short.share,
    perclos180: long.share,
    perclos60Fill: short.fill,
    perclos180Fill: long.fill,
    kssEstimate: state.drowsiness.estimate?.kss ?? null,
    kssConfidence: state.drowsiness.estimate?.confidence ?? null,
    blinksPerMinute: blinks.blinksPerMinute,
    meanBlinkMs: blinks.meanBlinkMs,
    strain: state.stress.strain,
  };
}

function isSilent(state: DriverState, atMs: number, config: JudgeConfig): boolean {
  return state.frames.lastMs === null || atMs - state.frames.lastMs > config.time.silentAfterMs;
}

function switchedOff(state: DriverState, config: JudgeConfig): readonly string[] {
  if (state.frames.carriesBlinks) return [];
  const fps = framesPerSecond(state.frames)?.toFixed(1) ?? 'unknown';
  return [`blink statistics: ${fps} frames per second, ${config.eyes.minFpsForBlinks} needed`];
}
