/**
 * From the plan of a drive to what perception would say of it: frames with noise, sway and dropouts, ticks
 * and context, in order of time. Pure; the same plan gives the same trace.
 *
 * In: a plan, frames per second. Out: observations, one at a time, so that an hour takes no memory.
 */
import type {
  EyeReading,
  EyeUnseenReason,
  FaceSeen,
  NoFace,
  Observation,
} from '../../../agent/perceive/observation.ts';
import { attentiveFrame, clearPicture } from '../drive.ts';
import { seededRandom } from '../random.ts';
import type { Random } from '../random.ts';
import type { Driver } from './driver.ts';
import { momentOf } from './effects.ts';
import type { Effect, Moment } from './effects.ts';
import type { Doing, DrivePlan } from './plan.ts';

const TICK_MS = 50;
const CONTEXT_MS = 1000;
/** Time constant of the slow movements of a head at rest (choice). */
const SWAY_MS = 3000;
const DROPPED_FRAMES = 0.02;
/** Camera yaw from which the far eye is noise (measured: half the frames of a clip at 30 deg). */
const PROFILE_DEG = 30;
/** Camera yaw from which a face is rarely found (choice after profile faces). */
const LOST_DEG = 80;
const LOST_SHARE = 0.7;
/** Lids follow the eyes down: so far below the road they are often called "eyes down" (choice). */
const EYES_DOWN_DEG = 28;
const EYES_DOWN_SHARE = 0.8;
const GAZE_KNOWN_SHARE = 0.92;
/** Below this EAR the lids hide the iris: perception gives no gaze. */
const LEAST_GAZE_EAR = 0.14;

/** EAR of closed lids on the scale in which squints are measured (`judge.eyes.closedEarRatio`). */
const CLOSED_SHARE = 0.25;

/** Lids that do not blink read half shut at most (measured: .51 in the clip with glasses and the widest spread). */
const WIDEST_SWAY = 0.5;

/** The observations of a whole drive. */
export function* traceOf(plan: DrivePlan, fps: number): Generator<Observation> {
  const random = seededRandom(plan.seed ^ 0x5eed);
  const sway = newSway();
  const active = sweep(plan.effects);
  const speed = speedOf(plan);
  yield { kind: 'trip', atMs: 0, phase: 'start', cause: 'replay' };
  let frame = 0;
  for (let tickMs = 0; tickMs <= plan.lengthMs; tickMs += TICK_MS) {
    for (let atMs = frameMs(frame, fps); atMs < tickMs; atMs = frameMs(++frame, fps)) {
      swayOn(sway, 1000 / fps, plan.driver, random);
      const moment = momentOf(active(atMs), atMs);
      const dropped = random.next() < DROPPED_FRAMES;
      const seen = frameOf(atMs, plan.driver, moment, sway, random);
      if (!dropped) yield seen;
    }
    if (tickMs % CONTEXT_MS === 0) yield context(plan, tickMs, speed(tickMs));
    yield { kind: 'tick', atMs: tickMs };
  }
  yield { kind: 'trip', atMs: plan.lengthMs, phase: 'end', cause: 'replay' };
}

function frameMs(index: number, fps: number): number {
  return Math.round((index * 1000) / fps);
}

function context(plan: DrivePlan, atMs: number, speedKmh: number): Observation {
  const known = plan.speedKnown ? speedKmh : null;
  return { kind: 'context', atMs, speedKmh: known, ignitionOn: true, hourOfDay: plan.hourOfDay };
}

/** The speed at a time: that of a slow doing, with half a minute of slow driving after it, else the drive's. */
function speedOf(plan: DrivePlan): (atMs: number) => number {
  const slow = plan.doings.filter(
    (doing): doing is Doing & { speedKmh: number } => doing.speedKmh !== undefined,
  );
  let next = 0;
  return (atMs) => {
    while (next < slow.length && slow[next]!.endMs + CONTEXT_MS <= atMs) next++;
    const doing = slow[next];
    // The car is slow a little before and after: nobody turns round at full speed.
    return doing && atMs >= doing.startMs - 2 * CONTEXT_MS ? doing.speedKmh : plan.speedKmh;
  };
}

/** Effects that may be active at a time; times asked for never fall. */
function sweep(effects: readonly Effect[]): (atMs: number) => readonly Effect[] {
  let next = 0;
  let active: Effect[] = [];
  return (atMs) => {
    if (active.some((effect) => effect.toMs <= atMs)) active = active.filter((effect) => effect.toMs > atMs);
    while (next < effects.length && effects[next]!.fromMs <= atMs) active.push(effects[next++]!);
    return active;
  };
}

/** Slow movements around rest, each a first-order process with standard deviation 1. */
interface Sway {
  yaw: number;
  pitch: number;
  ear: number;
  gaze: number;
  /** Reflections in the glasses hide the eyes. */
  reflected: boolean;
}

function newSway(): Sway {
  return { yaw: 0, pitch: 0, ear: 0, gaze: 0, reflected: false };
}

function swayOn(sway: Sway, elapsedMs: number, driver: Driver, random: Random): void {
  const keep = Math.exp(-elapsedMs / SWAY_MS);
  const add = Math.sqrt(1 - keep * keep);
  sway.yaw = keep * sway.yaw + add * random.normal();
  sway.pitch = keep * sway.pitch + add * random.normal();
  sway.ear = keep * sway.ear + add * random.normal();
  sway.gaze = keep * sway.gaze + add * random.normal();
  if (!driver.glasses) return;
  const share = driver.reflectionShare;
  const meanMs = sway.reflected ? driver.reflectionMs : (driver.reflectionMs * (1 - share)) / share;
  if (random.next() < elapsedMs / meanMs) sway.reflected = !sway.reflected;
}

function frameOf(
  atMs: number,
  driver: Driver,
  moment: Moment,
  sway: Sway,
  random: Random,
): FaceSeen | NoFace {
  const noiseDeg = Math.hypot(driver.poseNoiseDeg, moment.shakeDeg);
  const yawDeg =
    driver.restYawDeg + driver.yawSwayDeg * sway.yaw + moment.yawDeg + noiseDeg * random.normal();
  const pitchDeg =
    driver.restPitchDeg + driver.pitchSwayDeg * sway.pitch + moment.pitchDeg + noiseDeg * random.normal();
  const lost = Math.max(moment.lost, Math.abs(yawDeg) > LOST_DEG ? LOST_SHARE : 0);
  if (random.next() < lost) return { kind: 'no-face', atMs, quality: clearPicture };
  const down = moment.pitchDeg + moment.gazePitchDeg < -EYES_DOWN_DEG && random.next() < EYES_DOWN_SHARE;
  const covered = sway.reflected ? 'covered' : down ? 'eyes-down' : null;
  const lowestEar = driver.openEar * (1 - WIDEST_SWAY * (1 - CLOSED_SHARE));
  const restEar = Math.max(lowestEar, driver.openEar + driver.earSway * sway.ear);
  const openEar = restEar * lidsWithGaze(moment.gazePitchDeg);
  const eye = (closure: number, unseen: EyeUnseenReason | null, far: boolean): EyeReading => {
    const lids = Math.min(1 - closure * (1 - driver.shutShare), 1 - moment.squint * (1 - CLOSED_SHARE));
    const ear = openEar * lids + driver.earNoise * random.normal();
    const why = unseen ?? covered ?? (far ? 'profile' : null);
    return { ear: Math.max(0.01, ear), confidence: why === null ? driver.eyeConfidence : 0.1, unseen: why };
  };
  const left = eye(moment.leftClosure, moment.leftUnseen, yawDeg > PROFILE_DEG);
  const right = eye(moment.rightClosure, moment.rightUnseen, yawDeg < -PROFILE_DEG);
  const eyesSeen = [left, right].some((one) => one.unseen === null && one.ear >= LEAST_GAZE_EAR);
  return attentiveFrame(atMs, {
    leftEye: left,
    rightEye: right,
    mouth: {
      mar: Math.max(0, (moment.mar ?? driver.quietMar) + driver.marNoise * random.normal()),
      confidence: 0.9,
    },
    pose: { yawDeg, pitchDeg, rollDeg: 0, confidence: 0.95 },
    gaze: eyesSeen && random.next() < GAZE_KNOWN_SHARE ? gazeOf(driver, moment, sway, random) : null,
  });
}

/** Lids go down with the eyes: a third narrower at 20 deg (choice). */
function lidsWithGaze(gazePitchDeg: number): number {
  return 1 - Math.min(0.45, Math.max(0, -gazePitchDeg) / 60);
}

function gazeOf(driver: Driver, moment: Moment, sway: Sway, random: Random) {
  return {
    yawDeg: moment.gazeYawDeg + driver.gazeSwayDeg * sway.gaze + driver.gazeNoiseDeg * random.normal(),
    pitchDeg: moment.gazePitchDeg + driver.gazeNoiseDeg * random.normal(),
    confidence: 0.8,
  };
}
