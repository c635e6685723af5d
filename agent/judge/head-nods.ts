/**
 * Head nods: the head falls forward with the eyes shut and comes up again. No validated rate was found, so
 * they are supporting evidence only; a head that goes down with open eyes, or with lids that cannot be read,
 * looks at something and is no nod.
 *
 * In: head pitch (degrees, up positive, `null` = uncertain) and closure per frame. Out: the nods of the window.
 */
import type { JudgeConfig } from '../../config/schema.ts';

/** The resting pitch follows with this time constant, ms: slower than a nod, faster than a new way to sit. */
const REST_FOLLOWS_MS = 3000;
/** A nod has begun when so much of its least depth is passed, and is over when the head is back within it. */
const UNDER_WAY_SHARE = 0.4;

/** A head on its way down. */
interface Fall {
  readonly startMs: number;
  /** Eyes seen shut since it began, and right before. */
  readonly shutMs: number;
  /** When it was deep enough; `null` = not yet. */
  readonly deepAtMs: number | null;
}

export interface NodState {
  readonly restDeg: number | null;
  readonly lastMs: number | null;
  /** The eyes have been seen shut for so long without a break, ms. */
  readonly shutMs: number;
  /** The pose has been followed from the resting pitch on: a fall that was not seen to begin is none. */
  readonly followed: boolean;
  readonly fall: Fall | null;
  /** Ends of the nods of the window, oldest first. */
  readonly nods: readonly number[];
}

export const noNods: NodState = {
  restDeg: null,
  lastMs: null,
  shutMs: 0,
  followed: false,
  fall: null,
  nods: [],
};

/** Takes one frame. */
export function observeNods(
  state: NodState,
  seen: { readonly pitchDeg: number | null; readonly closure: number | null; readonly atMs: number },
  config: JudgeConfig,
): NodState {
  const { pitchDeg, closure, atMs } = seen;
  const sinceMs = atMs - (state.lastMs ?? atMs);
  const followed = sinceMs <= config.time.holdMs;
  const isShut = closure !== null && closure >= config.eyes.closedAt;
  const shutMs = isShut && followed ? state.shutMs + sinceMs : 0;
  const base = { ...state, lastMs: atMs, shutMs };
  if (pitchDeg === null || !followed) return { ...base, followed: false, fall: null };
  if (state.restDeg === null) return { ...base, restDeg: pitchDeg };
  const depthDeg = state.restDeg - pitchDeg;
  const isDown = depthDeg >= UNDER_WAY_SHARE * config.drowsiness.nodDeg;
  const fall =
    isDown && state.followed ? fallOn(state.fall, depthDeg, atMs, isShut, sinceMs, shutMs, config) : null;
  const falling = fall !== null && atMs - fall.startMs <= config.drowsiness.nodLongestMs;
  if (falling) return { ...base, fall };
  const share = Math.min(1, sinceMs / REST_FOLLOWS_MS);
  const restDeg = state.restDeg + share * (pitchDeg - state.restDeg);
  // A head that stays down is no nod any more, and its next fall begins from a rest that was seen.
  if (isDown) return { ...base, restDeg, followed: false, fall: null };
  return { ...base, restDeg, followed: true, fall: null, nods: withNod(state, atMs, config) };
}

/** Nods that ended within the window before `nowMs`. */
export function nodsWithin(state: NodState, nowMs: number, config: JudgeConfig): number {
  return state.nods.filter((endMs) => endMs >= nowMs - config.drowsiness.nodWindowMs).length;
}

function fallOn(
  fall: Fall | null,
  depthDeg: number,
  atMs: number,
  isShut: boolean,
  sinceMs: number,
  shutBeforeMs: number,
  config: JudgeConfig,
): Fall {
  const deep = depthDeg >= config.drowsiness.nodDeg;
  if (fall === null) return { startMs: atMs, shutMs: shutBeforeMs, deepAtMs: deep ? atMs : null };
  const shutMs = fall.shutMs + (isShut ? sinceMs : 0);
  return { ...fall, shutMs, deepAtMs: fall.deepAtMs ?? (deep ? atMs : null) };
}

/** The head is up again: was it a nod? */
function withNod({ fall, nods }: NodState, atMs: number, config: JudgeConfig): readonly number[] {
  if (fall?.deepAtMs == null) return nods;
  const { nodFallMs, nodLongestMs, nodShutMs, nodWindowMs } = config.drowsiness;
  const fast = fall.deepAtMs - fall.startMs <= nodFallMs && atMs - fall.startMs <= nodLongestMs;
  if (!fast || fall.shutMs < nodShutMs) return nods;
  return [...nods.filter((endMs) => endMs >= atMs - nodWindowMs), atMs];
}
