/**
 * What a driver or the light does to the picture for a while: head, eyes, lids, mouth, sight. Effects of
 * several behaviours add up (angles), or the strongest wins (lids). Times in ms, angles in degrees.
 */
import type { EyeUnseenReason } from '../../../agent/perceive/observation.ts';

/** A mouth that opens and shuts between two aspect ratios. */
export interface Mouth {
  readonly low: number;
  readonly high: number;
  /** One opening and shutting; 0 = held at `high`. */
  readonly periodMs: number;
}

/** From the resting pose: yaw positive to the driver's left, pitch positive up. */
export interface Effect {
  readonly fromMs: number;
  readonly toMs: number;
  readonly yawDeg?: number;
  readonly pitchDeg?: number;
  readonly gazeYawDeg?: number;
  readonly gazePitchDeg?: number;
  /** 0 open - 1 shut. */
  readonly closure?: number;
  /** Lids half shut, as the closure that is measured of them: 0 open - 1 at `judge.eyes.closedEarRatio`. */
  readonly squint?: number;
  /** Only one eye is concerned by `closure` and `unseen`. */
  readonly oneEye?: boolean;
  readonly mouth?: Mouth;
  readonly unseen?: EyeUnseenReason;
  /** Share of frames in which the face is not found. */
  readonly lost?: number;
  /** Shaking of the whole head or camera, standard deviation. */
  readonly shakeDeg?: number;
  /** Time in which angles and lids come and go. */
  readonly rampMs?: number;
}

/** All effects of one moment together. */
export interface Moment {
  yawDeg: number;
  pitchDeg: number;
  gazeYawDeg: number;
  gazePitchDeg: number;
  leftClosure: number;
  rightClosure: number;
  squint: number;
  mar: number | null;
  leftUnseen: EyeUnseenReason | null;
  rightUnseen: EyeUnseenReason | null;
  lost: number;
  shakeDeg: number;
}

/** A head turns in about 200 ms (choice); lids of a blink fall and rise faster and say so. */
const TURN_MS = 200;

/** What holds at `atMs` of the effects given (those that are not active count for nothing). */
export function momentOf(effects: readonly Effect[], atMs: number): Moment {
  const moment: Moment = {
    yawDeg: 0,
    pitchDeg: 0,
    gazeYawDeg: 0,
    gazePitchDeg: 0,
    leftClosure: 0,
    rightClosure: 0,
    squint: 0,
    mar: null,
    leftUnseen: null,
    rightUnseen: null,
    lost: 0,
    shakeDeg: 0,
  };
  for (const effect of effects) {
    if (atMs >= effect.fromMs && atMs < effect.toMs) add(moment, effect, atMs);
  }
  return moment;
}

function add(moment: Moment, effect: Effect, atMs: number): void {
  const share = envelope(effect, atMs);
  moment.yawDeg += (effect.yawDeg ?? 0) * share;
  moment.pitchDeg += (effect.pitchDeg ?? 0) * share;
  moment.gazeYawDeg += (effect.gazeYawDeg ?? 0) * share;
  moment.gazePitchDeg += (effect.gazePitchDeg ?? 0) * share;
  moment.lost = Math.max(moment.lost, effect.lost ?? 0);
  moment.shakeDeg = Math.max(moment.shakeDeg, effect.shakeDeg ?? 0);
  if (effect.mouth) moment.mar = marAt(effect.mouth, atMs - effect.fromMs);
  const closure = (effect.closure ?? 0) * share;
  moment.leftClosure = Math.max(moment.leftClosure, closure);
  moment.squint = Math.max(moment.squint, (effect.squint ?? 0) * share);
  if (effect.unseen) moment.leftUnseen = effect.unseen;
  if (effect.oneEye === true) return;
  moment.rightClosure = Math.max(moment.rightClosure, closure);
  if (effect.unseen) moment.rightUnseen = effect.unseen;
}

/** 0-1: comes and goes within the ramp. */
function envelope(effect: Effect, atMs: number): number {
  const rampMs = effect.rampMs ?? TURN_MS;
  return Math.min(1, (atMs - effect.fromMs) / rampMs, (effect.toMs - atMs) / rampMs);
}

function marAt(mouth: Mouth, sinceMs: number): number {
  if (mouth.periodMs === 0) return mouth.high;
  const open = (1 - Math.cos((2 * Math.PI * sinceMs) / mouth.periodMs)) / 2;
  return mouth.low + (mouth.high - mouth.low) * open;
}
