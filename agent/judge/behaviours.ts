/**
 * The behaviours of a trip, moved together: by a frame, by the clock, and closed at the end of the trip.
 * In: the state and a sight or a time. Out: the state; events that ended are added to `outcomes`.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { elapseAttention } from './attention.ts';
import { blinkFigures, countClosure } from './blinks.ts';
import { asleepMs, elapseClosure, endClosure, observeClosure } from './closures.ts';
import type { ClosureStep } from './closures.ts';
import { elapseLook, endLook, levelAt, observeLook } from './distraction.ts';
import { endDrowsiness, judgeDrowsiness, observeSigns } from './drowsiness.ts';
import type { DrowsinessInput } from './drowsiness.ts';
import { nodsWithin } from './head-nods.ts';
import { elapseLockout, endLockout } from './lockout.ts';
import { elapseNotices, endNotices, observeNotices } from './notices.ts';
import type { Outcome } from './outcome.ts';
import { countEyes, perclosLong, perclosShort, rollPerclos } from './perclos.ts';
import { meanReopenMs } from './reopening.ts';
import { clearGlances, countGlance, judgeGlances, observeRoad } from './repeated-glances.ts';
import type { Sight } from './sight.ts';
import { elapseSlowClock } from './slow-clock.ts';
import type { DriverState } from './state.ts';
import { endStress, followMouth, judgeStress } from './stress.ts';
import { isStanding, levelTimes } from './surroundings.ts';
import { elapseResponse, endResponse } from './unresponsive.ts';
import { elapseMouth, endMouth, inYawn, observeMouth, yawnsWithin } from './yawn.ts';

/** Takes one frame into every behaviour. */
export function observeBehaviours(
  state: DriverState,
  sight: Sight,
  config: JudgeConfig,
  outcomes: Outcome[],
): DriverState {
  const { atMs } = sight;
  const mouth = observeMouth(state.mouth, sight, atMs, config);
  const around = { inYawn: inYawn(mouth.state, atMs, config), ahead: sight.away === false };
  const closure = observeClosure(state.closure, sight.closure, atMs, around, config);
  const times = levelTimes(state.context, atMs, config);
  const look = observeLook(state.look, sight, times, state.attention.lookedMs, config);
  const road = observeRoad(countGlance(state.glances, look.ended), sight, look.state, config);
  const notices = observeNotices(state.notices, sight, times, config);
  outcomes.push(...mouth.events, ...carriedEvents(closure, state, config), ...look.events, ...notices.events);
  return {
    ...state,
    mouth: mouth.state,
    closure: closure.state,
    blinks: countClosure(state.blinks, state.parkedMs > 0 ? null : closure.ended, atMs, config),
    perclos: countHeld(state, sight, config),
    drowsiness: observeSigns(state.drowsiness, sight, around.inYawn, config),
    look: look.state,
    glances: road,
    notices: notices.state,
    stress: followMouth(state.stress, sight.mar, atMs, config.stress),
  };
}

/** Lets time pass up to `nowMs` with the last frame holding. */
export function passTime(
  state: DriverState,
  nowMs: number,
  config: JudgeConfig,
  outcomes: Outcome[],
): DriverState {
  const times = levelTimes(state.context, nowMs, config);
  const mouth = elapseMouth(state.mouth, nowMs, config);
  const closure = elapseClosure(state.closure, nowMs, config);
  const look = elapseLook(state.look, nowMs, times, config);
  const counted = countGlance(state.glances, look.ended);
  const glances = judgeGlances(counted, look.state, nowMs, times, config);
  const silentSinceMs = Math.max(state.frames.lastMs ?? -Infinity, state.trip.startMs ?? nowMs);
  const held = state.sight !== null && nowMs - state.sight.atMs <= config.time.holdMs ? state.sight : null;
  const standing = isStanding(state.context, nowMs, config.speed);
  const parkedMs = closure.state.span === null ? 0 : state.parkedMs + stoodMs(state, standing, nowMs);
  const asleep = standing ? 0 : asleepMs(closure.state, parkedMs, nowMs, config);
  const inattention = { look: look.state, asleepMs: asleep, sight: held, times };
  const attention = elapseAttention(state.attention, inattention, nowMs, config);
  const responding = { closure: closure.state, look: look.state, sight: held, times, standing, parkedMs };
  const response = elapseResponse(state.unresponsive, responding, nowMs, config);
  const terminal = response.state.noReturn !== null || isTerminal(look.state, asleep, config);
  const unseen = { sight: held, calibrated: state.neutral.pose !== null, times };
  const notices = elapseNotices(state.notices, nowMs, silentSinceMs, times, config);
  const stress = judgeStress(state.stress, nowMs, config);
  outcomes.push(...mouth.events, ...carriedEvents(closure, state, config), ...look.events);
  outcomes.push(...response.events, ...glances.events, ...notices.events, ...stress.events);
  const moved: DriverState = {
    ...state,
    mouth: mouth.state,
    closure: closure.state,
    parkedMs,
    blinks: countClosure(state.blinks, state.parkedMs > 0 ? null : closure.ended, nowMs, config),
    perclos: rollPerclos(state.perclos, nowMs, config.perclos),
    look: look.state,
    glances: glances.state,
    attention,
    unresponsive: response.state,
    lockout: elapseLockout(state.lockout, terminal, nowMs, config.lockout),
    slowClock: elapseSlowClock(state.slowClock, unseen, nowMs, config),
    notices: notices.state,
    stress: stress.state,
  };
  return estimateWhenDue(moved, nowMs, config, outcomes);
}

/** Time that the vehicle stood since the clock last moved. */
function stoodMs(state: DriverState, standing: boolean, nowMs: number): number {
  return standing ? nowMs - (state.attention.countedMs ?? nowMs) : 0;
}

/** Level 3 by what is seen now: a look, or closed eyes on the same ladder. */
function isTerminal(look: DriverState['look'], asleep: number, config: JudgeConfig): boolean {
  return look.level === 3 || levelAt(asleep, config.distraction.levelMs) === 3;
}

/** Closes whatever lasts, since the trip ends. */
export function endTrip(state: DriverState, nowMs: number, config: JudgeConfig, outcomes: Outcome[]): void {
  const look = endLook(state.look, nowMs, config);
  outcomes.push(
    ...endMouth(state.mouth, nowMs, config).events,
    ...carriedEvents(endClosure(state.closure, nowMs, config), state, config),
    ...look.events,
    ...endResponse(state.unresponsive, nowMs).events,
    ...endLockout(state.lockout, nowMs),
    ...clearGlances(countGlance(state.glances, look.ended), nowMs).events,
    ...endDrowsiness(state.drowsiness, nowMs).events,
    ...endNotices(state.notices, nowMs, config).events,
    ...endStress(state.stress, nowMs, config).events,
  );
}

/** What the drowsiness estimate is made of, now. */
export function drowsinessInput(state: DriverState, nowMs: number, config: JudgeConfig): DrowsinessInput {
  const short = perclosShort(state.perclos, config.perclos);
  const { carriesBlinks } = state.frames;
  return {
    short,
    long: perclosLong(state.perclos, config.perclos),
    blinks: blinkFigures(state.blinks, short.seenMs, carriesBlinks, config),
    meanReopenMs: meanReopenMs(state.drowsiness.lids, nowMs, carriesBlinks, config),
    headNods: nodsWithin(state.drowsiness.head, nowMs, config),
    yawns: yawnsWithin(state.mouth, nowMs, config.drowsiness.yawnWindowMs),
    tripMs: nowMs - (state.trip.startMs ?? nowMs),
    hourOfDay: state.context.hourOfDay,
    carriesBlinks,
  };
}

/**
 * Blinks are not recorded at a frame rate that misses half of them; longer closures always are, unless the
 * vehicle stood meanwhile and what passed in motion was not even a microsleep.
 */
function carriedEvents(closure: ClosureStep, state: DriverState, config: JudgeConfig): readonly Outcome[] {
  const inMotionMs = (closure.ended?.lastedMs ?? 0) - state.parkedMs;
  if (state.parkedMs > 0 && inMotionMs < config.eyes.microsleepMs) return [];
  return state.frames.carriesBlinks ? closure.events : closure.events.filter((e) => e.kind !== 'blink');
}

/** PERCLOS: the frame before stands for the time up to this one, for a while; a nap at the kerb is none of it. */
function countHeld(state: DriverState, sight: Sight, config: JudgeConfig): DriverState['perclos'] {
  const before = state.sight;
  const rolled = rollPerclos(state.perclos, sight.atMs, config.perclos);
  if (before === null || before.closure === null) return rolled;
  if (isStanding(state.context, sight.atMs, config.speed)) return rolled;
  const heldMs = Math.min(sight.atMs - before.atMs, config.time.holdMs);
  return countEyes(rolled, heldMs, before.closure >= config.eyes.closedAt);
}

function estimateWhenDue(
  state: DriverState,
  nowMs: number,
  config: JudgeConfig,
  outcomes: Outcome[],
): DriverState {
  const lastMs = state.drowsiness.estimatedAtMs;
  if (lastMs !== null && nowMs - lastMs < config.drowsiness.everyMs) return state;
  const drowsiness = judgeDrowsiness(state.drowsiness, drowsinessInput(state, nowMs, config), nowMs, config);
  outcomes.push(...drowsiness.events);
  return { ...state, drowsiness: drowsiness.state };
}
