/**
 * The judgement: one observation in, the next state and what there is to say out. Pure.
 *
 * Order: the clock moves on with the last frame holding, so that what is due is said on time; then the
 * observation is taken; then the policy speaks. Frames may be older than the clock (perception takes its
 * time) and count at their own time; frames older than the newest frame are left out.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { Ack, FaceSeen, NoFace, Observation, Trip, VoiceSeen } from '../perceive/observation.ts';
import { applyPolicy, isQuiet } from './alert-policy.ts';
import { reconcileAlerts } from './alerts.ts';
import { endTrip, observeBehaviours, passTime } from './behaviours.ts';
import { withEvidence } from './evidence.ts';
import { learn } from './learning.ts';
import { countFrame } from './frame-rate.ts';
import type { AlertOutcome, Outcome } from './outcome.ts';
import { sightOfFace, sightOfNoFace } from './sight.ts';
import { answerSlowClock } from './slow-clock.ts';
import { freshBehaviours } from './state.ts';
import type { DriverState } from './state.ts';
import { readFace, readVoice } from './stress.ts';
import { hearContext, hearsSpeech, hearVoice, noTrip } from './surroundings.ts';
import { followHoldOff, holdOff, judgeTrip, notePresence } from './trip-rules.ts';

/** The next state, and what there is to say. */
export interface Judgement {
  readonly state: DriverState;
  readonly outcomes: readonly Outcome[];
}

/** Takes one observation. Never throws; the state given is left as it is. */
export function step(state: DriverState, seen: Observation, config: JudgeConfig): Judgement {
  const outcomes: Outcome[] = [];
  const onTime = moveClock(state, seen.atMs, config, outcomes);
  const next = take(onTime, seen, config, outcomes);
  return { state: next, outcomes: withEvidence(outcomes, state, next, config) };
}

/** Time passes up to `atMs` with the last frame holding; time never runs backwards. */
function moveClock(state: DriverState, atMs: number, config: JudgeConfig, outcomes: Outcome[]): DriverState {
  if (state.atMs !== null && atMs <= state.atMs) return state;
  const moved = { ...state, atMs };
  const passed = moved.trip.active
    ? speak(passTime(moved, atMs, config, outcomes), atMs, config, outcomes)
    : { ...moved, tripWatch: followHoldOff(moved.tripWatch, moved.context, atMs, config) };
  const change = judgeTrip(passed.trip, passed.tripWatch, passed.context, atMs, config);
  if (change === null) return passed;
  return change.phase === 'start'
    ? beginTrip(passed, atMs, change.cause, outcomes)
    : finishTrip(passed, atMs, change.cause, config, outcomes);
}

function take(state: DriverState, seen: Observation, config: JudgeConfig, outcomes: Outcome[]): DriverState {
  switch (seen.kind) {
    case 'face-seen':
    case 'no-face':
      return takeFrame(state, seen, config, outcomes);
    case 'voice-seen':
      return takeVoice(state, seen, config);
    case 'context':
      return { ...state, context: hearContext(state.context, seen, config.speed) };
    case 'trip':
      return takeTrip(state, seen, config, outcomes);
    case 'ack':
      return takeAck(state, seen, config, outcomes);
    case 'tick':
      return state;
  }
}

function takeFrame(
  state: DriverState,
  seen: FaceSeen | NoFace,
  config: JudgeConfig,
  outcomes: Outcome[],
): DriverState {
  if (state.sight !== null && seen.atMs <= state.sight.atMs) return state;
  const sight =
    seen.kind === 'face-seen'
      ? sightOfFace(seen, state.eyes, state.neutral, state.sight, config)
      : sightOfNoFace(seen);
  const frames = countFrame(state.frames, seen.atMs, config.eyes);
  const behaved = state.trip.active ? observeBehaviours(state, sight, config, outcomes) : state;
  const learned =
    seen.kind === 'face-seen' ? learn(withAffect(behaved, seen, config), seen, sight, config) : behaved;
  const tripWatch = sight.face ? notePresence(state.tripWatch, seen.atMs, config.trip) : state.tripWatch;
  const next = { ...learned, frames, sight, tripWatch };
  return speak(next, Math.max(state.atMs ?? seen.atMs, seen.atMs), config, outcomes);
}

/** What the face expresses, in the frames in which that was asked. */
function withAffect(state: DriverState, { affect, atMs }: FaceSeen, config: JudgeConfig): DriverState {
  if (!state.trip.active || affect === undefined) return state;
  return { ...state, stress: readFace(state.stress, affect, atMs, config) };
}

/** A window of sound: who speaks, and what the voice expresses. */
function takeVoice(state: DriverState, seen: VoiceSeen, config: JudgeConfig): DriverState {
  const voice = hearVoice(seen);
  const speaks = hearsSpeech(voice, seen.atMs, config.voice) === true;
  const tripWatch = speaks ? notePresence(state.tripWatch, seen.atMs, config.trip) : state.tripWatch;
  const heard = { ...state, voice, tripWatch };
  if (!heard.trip.active || seen.affect === undefined) return heard;
  return { ...heard, stress: readVoice(heard.stress, seen.affect, seen.atMs, config) };
}

/** A hand in the vehicle answers the slow clock; what is seen goes on being told, whoever acknowledges. */
function takeAck(state: DriverState, seen: Ack, config: JudgeConfig, outcomes: Outcome[]): DriverState {
  if (!state.trip.active || seen.origin === 'command') return state;
  const answered = { ...state, slowClock: answerSlowClock(state.slowClock) };
  return speak(answered, Math.max(state.atMs ?? seen.atMs, seen.atMs), config, outcomes);
}

function takeTrip(state: DriverState, seen: Trip, config: JudgeConfig, outcomes: Outcome[]): DriverState {
  if (state.trip.active === (seen.phase === 'start')) return state;
  return seen.phase === 'start'
    ? beginTrip(state, seen.atMs, seen.cause, outcomes)
    : finishTrip(state, seen.atMs, seen.cause, config, outcomes);
}

function beginTrip(state: DriverState, atMs: number, cause: Trip['cause'], outcomes: Outcome[]): DriverState {
  outcomes.push({ type: 'trip', phase: 'start', cause, atMs });
  const tripWatch = { ...state.tripWatch, heldOff: null };
  return { ...state, ...freshBehaviours, trip: { active: true, startMs: atMs, cause }, tripWatch };
}

/** All that lasts is closed and cleared within the trip, then it is over. */
function finishTrip(
  state: DriverState,
  atMs: number,
  cause: Trip['cause'],
  config: JudgeConfig,
  outcomes: Outcome[],
): DriverState {
  endTrip(state, atMs, config, outcomes);
  const tripWatch = holdOff(state.tripWatch, cause);
  const over = { ...state, ...freshBehaviours, trip: noTrip, tripWatch };
  const silent = speak(over, atMs, config, outcomes, 'trip-end');
  outcomes.push({ type: 'trip', phase: 'end', cause, atMs });
  return silent;
}

/** The policy speaks: alerts are raised, updated and cleared. */
function speak(
  state: DriverState,
  atMs: number,
  config: JudgeConfig,
  outcomes: Outcome[],
  cleared: NonNullable<AlertOutcome['cleared']> = 'ended',
): DriverState {
  if (isQuiet(state)) return state.level === 0 ? state : { ...state, level: 0 };
  const { level, wanted } = applyPolicy(state, atMs, config);
  const told = reconcileAlerts(state.alerts, wanted, { runKey: state.runKey, atMs, level, cleared });
  outcomes.push(...told.outcomes);
  return { ...state, level, alerts: told.state };
}
