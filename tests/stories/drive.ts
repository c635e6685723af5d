/**
 * A drive at signal level: what perception would say of a driver who does this and that, with noise,
 * jitter and dropped frames, and ticks in between. Pure and seeded.
 *
 * In: acts with times in seconds. Out: observations in order of time.
 */
import type {
  EyeUnseenReason,
  FaceSeen,
  NoFace,
  Observation,
  Tick,
} from '../../agent/perceive/observation.ts';
import { seededRandom } from './random.ts';
import type { Random } from './random.ts';

/** What the driver or the camera does from `fromS` to `toS`; of two at once the later in the list wins. */
export type Act = { readonly fromS: number; readonly toS: number } & (
  | { readonly does: 'close-eyes'; readonly closure?: number }
  | { readonly does: 'look'; readonly yawDeg?: number; readonly pitchDeg?: number }
  | { readonly does: 'gaze'; readonly yawDeg?: number; readonly pitchDeg?: number }
  | { readonly does: 'open-mouth'; readonly mar: number; readonly everyMs?: number; readonly forMs?: number }
  | { readonly does: 'hide-eyes'; readonly reason: EyeUnseenReason; readonly ear?: number }
  | { readonly does: 'uncertain-pose' }
  | { readonly does: 'leave' }
  | { readonly does: 'cover' }
  | { readonly does: 'freeze' }
  | { readonly does: 'silence' }
  | { readonly does: 'no-blinks' }
);

export interface DriveOptions {
  readonly seconds: number;
  readonly acts?: readonly Act[];
  readonly seed?: number;
  readonly fps?: number;
  /** Frames come up to so much early or late. */
  readonly jitterMs?: number;
  /** Share of frames that are lost, three in a row at most: longer gaps are stories of their own. */
  readonly drops?: number;
  /** Time of the first observation. */
  readonly startMs?: number;
  /** Where the head rests in the camera's eyes. */
  readonly neutral?: { readonly yawDeg: number; readonly pitchDeg: number };
  readonly openEar?: number;
  readonly earNoise?: number;
  readonly poseNoiseDeg?: number;
  readonly blinkEveryS?: number;
  readonly blinkMs?: number;
  /** `unended`: the story stops within the trip; `none`: there is no trip. */
  readonly trip?: 'whole' | 'unended' | 'none';
}

const DEFAULTS = {
  acts: [],
  seed: 1,
  fps: 30,
  jitterMs: 0,
  drops: 0,
  startMs: 0,
  neutral: { yawDeg: 0, pitchDeg: 0 },
  openEar: 0.32,
  earNoise: 0.015,
  poseNoiseDeg: 1,
  blinkEveryS: 4,
  blinkMs: 150,
  trip: 'whole',
} as const satisfies Partial<DriveOptions>;
const TICK_MS = 50;
const MOST_DROPS_IN_A_ROW = 3;
const CLOSED_SHARE = 0.22;

type Drive = Required<DriveOptions>;

/** The observations of a whole drive. */
export function drive(options: DriveOptions): Observation[] {
  const whole: Drive = { ...DEFAULTS, ...options };
  const random = seededRandom(whole.seed);
  const blinks = blinkTimes(whole, seededRandom(whole.seed + 7919));
  const frames = frameTimes(whole, random).flatMap((atMs) => frameAt(atMs, whole, blinks, random));
  const endMs = whole.startMs + whole.seconds * 1000;
  const timed = [...frames, ...ticks(whole.startMs, endMs)].sort(byTime);
  const started: Observation = { kind: 'trip', atMs: whole.startMs, phase: 'start', cause: 'replay' };
  const ended: Observation = { kind: 'trip', atMs: endMs, phase: 'end', cause: 'replay' };
  if (whole.trip === 'none') return timed;
  return whole.trip === 'unended' ? [started, ...timed] : [started, ...timed, ended];
}

/** Start times of the blinks of a drive, ms. */
export function blinksOf(options: DriveOptions): number[] {
  const whole: Drive = { ...DEFAULTS, ...options };
  return blinkTimes(whole, seededRandom(whole.seed + 7919));
}

/** Puts observations of different sources in order; equal times keep the order given. */
export function inOrder(...parts: readonly (readonly Observation[])[]): Observation[] {
  return parts.flat().sort(byTime);
}

/** Time of the first frame at or after `fromS`, ms. */
export function firstFrameMs(seen: readonly Observation[], fromS: number, startMs = 0): number {
  const frame = seen.find((o) => isFrame(o) && o.atMs >= startMs + fromS * 1000);
  if (!frame) throw new Error(`no frame after ${fromS} s`);
  return frame.atMs;
}

export function isFrame(seen: Observation): seen is FaceSeen | NoFace {
  return seen.kind === 'face-seen' || seen.kind === 'no-face';
}

/** A plain frame of an attentive driver, for single observations in tests. */
export function attentiveFrame(atMs: number, changes: Partial<FaceSeen> = {}): FaceSeen {
  return {
    kind: 'face-seen',
    atMs,
    box: { x: 0.35, y: 0.25, width: 0.3, height: 0.45 },
    confidence: 0.98,
    leftEye: { ear: 0.32, confidence: 0.9, unseen: null },
    rightEye: { ear: 0.32, confidence: 0.9, unseen: null },
    mouth: { mar: 0.15, confidence: 0.9 },
    pose: { yawDeg: 0, pitchDeg: 0, rollDeg: 0, confidence: 0.9 },
    gaze: null,
    quality: clearPicture,
    ...changes,
  };
}

export const clearPicture = {
  brightness: 0.45,
  contrast: 0.2,
  sharpness: 50,
  dark: false,
  blurred: false,
  covered: false,
  frozen: false,
} as const;

function byTime(a: Observation, b: Observation): number {
  return a.atMs - b.atMs;
}

function frameTimes(whole: Drive, random: Random): number[] {
  const times: number[] = [];
  const count = Math.floor(whole.seconds * whole.fps);
  let inARow = 0;
  for (let index = 0; index < count; index++) {
    const shift = (random.next() * 2 - 1) * whole.jitterMs;
    const dropped = random.next() < whole.drops && inARow < MOST_DROPS_IN_A_ROW;
    inARow = dropped ? inARow + 1 : 0;
    const atMs = Math.round(whole.startMs + (index * 1000) / whole.fps + shift);
    if (!dropped && atMs > (times.at(-1) ?? whole.startMs - 1)) times.push(atMs);
  }
  return times;
}

function ticks(startMs: number, endMs: number): Tick[] {
  const all: Tick[] = [];
  for (let atMs = startMs; atMs <= endMs; atMs += TICK_MS) all.push({ kind: 'tick', atMs });
  return all;
}

function blinkTimes(whole: Drive, random: Random): number[] {
  const times: number[] = [];
  let atS = 0.5 + random.next() * whole.blinkEveryS;
  while (atS < whole.seconds) {
    times.push(whole.startMs + atS * 1000);
    atS += whole.blinkEveryS * (0.5 + random.next());
  }
  return times;
}

function frameAt(
  atMs: number,
  whole: Drive,
  blinks: readonly number[],
  random: Random,
): (FaceSeen | NoFace)[] {
  const atS = (atMs - whole.startMs) / 1000;
  const acts = whole.acts.filter((act) => atS >= act.fromS && atS < act.toS);
  const doing = <D extends Act['does']>(does: D) =>
    acts.findLast((act): act is Extract<Act, { does: D }> => act.does === does);
  // Drawn in every frame, so that an act does not change the noise of the frames after it.
  const noise = {
    left: random.normal(),
    right: random.normal(),
    yaw: random.normal(),
    pitch: random.normal(),
  };
  if (doing('silence')) return [];
  const covered = doing('cover') !== undefined;
  const frozen = doing('freeze') !== undefined;
  const quality = { ...clearPicture, covered, frozen };
  if (covered || doing('leave')) return [{ kind: 'no-face', atMs, quality }];
  const closing = doing('close-eyes');
  const blinking = !doing('no-blinks') && blinks.some((at) => atMs >= at && atMs < at + whole.blinkMs);
  const closure = closing ? (closing.closure ?? 1) : blinking ? 1 : 0;
  const hidden = doing('hide-eyes');
  const earWith = (n: number) =>
    Math.max(0.01, (hidden?.ear ?? lidEar(whole.openEar, closure)) + n * whole.earNoise);
  const eye = (n: number) => ({
    ear: earWith(n),
    confidence: hidden ? 0.2 : 0.9,
    unseen: hidden?.reason ?? null,
  });
  const look = doing('look');
  const gaze = doing('gaze');
  return [
    attentiveFrame(atMs, {
      leftEye: eye(noise.left),
      rightEye: eye(noise.right),
      mouth: { mar: marAt(doing('open-mouth'), atS), confidence: 0.9 },
      pose: {
        yawDeg: whole.neutral.yawDeg + (look?.yawDeg ?? 0) + noise.yaw * whole.poseNoiseDeg,
        pitchDeg: whole.neutral.pitchDeg + (look?.pitchDeg ?? 0) + noise.pitch * whole.poseNoiseDeg,
        rollDeg: 0,
        confidence: doing('uncertain-pose') ? 0.2 : 0.9,
      },
      gaze: gaze ? { yawDeg: gaze.yawDeg ?? 0, pitchDeg: gaze.pitchDeg ?? 0, confidence: 0.8 } : null,
      quality,
    }),
  ];
}

function lidEar(openEar: number, closure: number): number {
  return openEar * (1 - closure * (1 - CLOSED_SHARE));
}

/** Open all the while, or for `forMs` in every `everyMs` (talking, laughing). */
function marAt(mouth: Extract<Act, { does: 'open-mouth' }> | undefined, atS: number): number {
  if (!mouth) return 0.15;
  if (mouth.everyMs === undefined || mouth.forMs === undefined) return mouth.mar;
  return ((atS - mouth.fromS) * 1000) % mouth.everyMs < mouth.forMs ? mouth.mar : 0.2;
}
