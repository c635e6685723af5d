/**
 * What the judge learns of a driver: the open-eye level and the neutral pose. In: frames with a face and
 * how they were read. Learns at most every `calibration.sampleMs`, each frame standing for the time since.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { FaceSeen } from '../perceive/observation.ts';
import { isAnotherDriver, isComparable, unknownDriver } from './driver-change.ts';
import type { KnownDriver } from './driver-change.ts';
import { learnEyes } from './eyes.ts';
import { learnNeutral } from './neutral-pose.ts';
import type { DriverState } from './state.ts';
import type { Sight } from './sight.ts';
import { knownSpeed } from './surroundings.ts';
import { inYawn } from './yawn.ts';

/** Learns from a frame, if it is worth learning from. */
export function learn(state: DriverState, face: FaceSeen, sight: Sight, config: JudgeConfig): DriverState {
  if (!sight.face) return state;
  const sinceMs = state.learnedAtMs === null ? Infinity : face.atMs - state.learnedAtMs;
  if (sinceMs < config.calibration.sampleMs) return state;
  const returns = state.learnedAtMs !== null && sinceMs >= config.calibration.absentMs;
  const newcomer = returns ? unknownDriver : state.newcomer;
  const learned = { ...state, newcomer, learnedAtMs: face.atMs };
  const elapsedMs = Math.min(sinceMs, config.time.holdMs);
  if (newcomer === null) return { ...learned, ...learnDriver(state, state, face, sight, elapsedMs, config) };
  return decide(
    { ...learned, newcomer: learnDriver(newcomer, state, face, sight, elapsedMs, config) },
    config,
  );
}

function learnDriver(
  known: KnownDriver,
  state: DriverState,
  face: FaceSeen,
  sight: Sight,
  elapsedMs: number,
  config: JudgeConfig,
): KnownDriver {
  const { eyes, neutral } = known;
  return {
    eyes: isOrdinary(state, sight, config) ? learnEyes(eyes, face, elapsedMs, config.eyes) : eyes,
    neutral: isDriving(state, face, config)
      ? learnNeutral(neutral, face, elapsedMs, sight.away === true, config)
      : neutral,
  };
}

/** Goes on with whom it is, once that can be told. */
function decide(state: DriverState, config: JudgeConfig): DriverState {
  const { newcomer } = state;
  if (newcomer === null || !isComparable(newcomer)) return state;
  if (!isAnotherDriver(state, newcomer, config)) return { ...state, newcomer: null };
  return { ...state, ...newcomer, newcomer: null };
}

/** Eyes that are seen, ahead, and mouth shut: head turns change the EAR and yawns squeeze it. */
function isOrdinary(state: DriverState, sight: Sight, config: JudgeConfig): boolean {
  return sight.closure !== null && sight.away !== true && !inYawn(state.mouth, sight.atMs, config);
}

/** The neutral pose is that of driving: a certain pose, on a trip, not standing. */
function isDriving(state: DriverState, face: FaceSeen, config: JudgeConfig): boolean {
  if (!state.trip.active || face.pose.confidence < config.face.minPoseConfidence) return false;
  const speedKmh = knownSpeed(state.context, face.atMs, config.speed);
  return speedKmh === null || speedKmh >= config.calibration.minSpeedKmh;
}
