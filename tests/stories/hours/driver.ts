/**
 * A driver, a camera and a light, drawn at random around what the real clips measure like.
 * In: randomness. Out: the constants of one drive; EAR and MAR as ratios, angles in degrees, times in ms.
 */
import type { Random } from '../random.ts';
import { clipStatistics } from './statistics.ts';
import type { ClipStatistics } from './statistics.ts';

export interface Driver {
  readonly glasses: boolean;
  readonly night: boolean;
  readonly badMounting: boolean;
  readonly side: 'left' | 'right';
  /** Where the head rests in the camera's eyes. */
  readonly restYawDeg: number;
  readonly restPitchDeg: number;
  /** Slow movement of a head at rest, standard deviation. */
  readonly yawSwayDeg: number;
  readonly pitchSwayDeg: number;
  readonly poseNoiseDeg: number;
  readonly gazeSwayDeg: number;
  readonly gazeNoiseDeg: number;
  readonly openEar: number;
  readonly earSway: number;
  readonly earNoise: number;
  /** EAR of shut lids / open-eye EAR. */
  readonly shutShare: number;
  readonly eyeConfidence: number;
  readonly blinksPerMinute: number;
  readonly blinkMs: number;
  /** Share of the time in which reflections hide the eyes, and how long each lasts in the mean. */
  readonly reflectionShare: number;
  readonly reflectionMs: number;
  readonly quietMar: number;
  readonly marNoise: number;
}

/** Shares of drives (choice: each common enough to weigh in the figures). */
const GLASSES = 0.25;
const NIGHT = 0.25;
const BAD_MOUNTING = 0.12;
/** Noise of a dark picture against that of the clips, all by day (choice). */
const NIGHT_NOISE = 1.7;
/** Blinks that dip to .15-.25 of the open-eye EAR (measured, `judge.eyes.closedEarRatio`). */
const SHUT_SHARE = [0.15, 0.25] as const;
/** Blinks of 33 ms in the glasses clip are noise of its eyes; blinks start here (Caffier 2003: 100-400). */
const SHORTEST_BLINK_MS = 110;

/** Draws a driver; the same randomness gives the same one. */
export function drawDriver(random: Random): Driver {
  const glasses = random.next() < GLASSES;
  const kind = clipStatistics.filter((clip) => clip.eyesUnseenShare > 0.2 === glasses);
  const clip = kind[Math.floor(random.next() * kind.length)]!;
  const night = random.next() < NIGHT;
  const badMounting = random.next() < BAD_MOUNTING;
  const noise = night ? NIGHT_NOISE : 1;
  return {
    glasses,
    night,
    badMounting,
    side: random.next() < 0.5 ? 'left' : 'right',
    ...rest(clip, badMounting, random),
    yawSwayDeg: clip.yaw.sd * between(random, 0.5, 1),
    pitchSwayDeg: Math.min(clip.pitch.sd, widestRestPitchDeg) * between(random, 0.5, 1),
    poseNoiseDeg: Math.max(clip.yaw.noise, clip.pitch.noise) * noise,
    gazeSwayDeg: Math.min(clip.gazeYaw.sd, widestGazeDeg) * between(random, 0.5, 1),
    gazeNoiseDeg: clip.gazeYaw.noise * noise,
    openEar: clamp(clip.openEar + 0.02 * random.normal(), 0.22, 0.38),
    earSway: Math.sqrt(Math.max(0, clip.openEarSd ** 2 - clip.earNoise ** 2)) * between(random, 0.5, 1),
    earNoise: clip.earNoise * noise,
    shutShare: between(random, ...SHUT_SHARE),
    eyeConfidence: night ? 0.6 : 0.9,
    blinksPerMinute: between(random, fewestBlinks, mostBlinks),
    blinkMs: Math.max(SHORTEST_BLINK_MS, (clip.medianClosureMs ?? 150) + 25 * random.normal()),
    reflectionShare: glasses ? between(random, 0.02, clip.eyesUnseenShare) : 0,
    reflectionMs: clip.eyesUnseenRunMs ?? 0,
    quietMar: clip.quietMar,
    marNoise: clip.marNoise * noise,
  };
}

const clear = clipStatistics.filter((clip) => clip.eyesUnseenShare <= 0.2);
const fewestBlinks = Math.min(...clear.map((clip) => clip.closuresPerMinute));
const mostBlinks = Math.max(...clear.map((clip) => clip.closuresPerMinute));
/** The clip with glasses yawns and is at the edge of profile: its pitch and gaze are not those of rest. */
const widestRestPitchDeg = Math.max(...clear.map((clip) => clip.pitch.sd));
const widestGazeDeg = Math.max(...clear.map((clip) => clip.gazeYaw.sd));

function rest(clip: ClipStatistics, badMounting: boolean, random: Random) {
  if (badMounting) {
    const restYawDeg = (random.next() < 0.5 ? -1 : 1) * between(random, 25, 38);
    return { restYawDeg, restPitchDeg: between(random, -22, 15) };
  }
  return {
    restYawDeg: clamp(clip.yaw.median + 4 * random.normal(), -35, 35),
    restPitchDeg: clip.pitch.median + 4 * random.normal(),
  };
}

/** Uniform between two bounds. */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.next();
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
