/**
 * All that the judge remembers: plain JSON, bounded, the same after a round trip through text at any moment.
 */
import { noAlerts } from './alerts.ts';
import type { AlertsState } from './alerts.ts';
import { attentive } from './attention.ts';
import type { AttentionState } from './attention.ts';
import { noBlinks } from './blinks.ts';
import type { BlinkState } from './blinks.ts';
import { noClosure } from './closures.ts';
import type { ClosureState } from './closures.ts';
import { noLook } from './distraction.ts';
import type { LookState } from './distraction.ts';
import type { KnownDriver } from './driver-change.ts';
import { notDrowsy } from './drowsiness.ts';
import type { DrowsinessState } from './drowsiness.ts';
import { untaughtEyes } from './eyes.ts';
import type { EyesState } from './eyes.ts';
import { noFrames } from './frame-rate.ts';
import type { FrameRate } from './frame-rate.ts';
import { notLockedOut } from './lockout.ts';
import type { LockoutState } from './lockout.ts';
import { unlearnedNeutral } from './neutral-pose.ts';
import type { NeutralState } from './neutral-pose.ts';
import { noNotices } from './notices.ts';
import type { NoticesState } from './notices.ts';
import type { AttentionLevel } from './outcome.ts';
import { emptyPerclos } from './perclos.ts';
import type { PerclosState } from './perclos.ts';
import { noGlances } from './repeated-glances.ts';
import type { GlancesState } from './repeated-glances.ts';
import type { Sight } from './sight.ts';
import { slowClockAtRest } from './slow-clock.ts';
import type { SlowClock } from './slow-clock.ts';
import { calm } from './stress.ts';
import type { StressState } from './stress.ts';
import { noTrip, unknownContext } from './surroundings.ts';
import type { ContextState, TripState, VoiceState } from './surroundings.ts';
import { nobodyPresent } from './trip-rules.ts';
import type { TripWatch } from './trip-rules.ts';
import { responsive } from './unresponsive.ts';
import type { UnresponsiveState } from './unresponsive.ts';
import { shutMouth } from './yawn.ts';
import type { MouthState } from './yawn.ts';

/** Layout of a saved state; another one is not restored. */
export const STATE_VERSION = 7;

export interface DriverState {
  readonly version: typeof STATE_VERSION;
  /** Name of this run; makes alert keys unique for ever. */
  readonly runKey: string;
  /** The clock: latest time of any observation, ms. */
  readonly atMs: number | null;

  // Around the driver.
  readonly trip: TripState;
  readonly tripWatch: TripWatch;
  readonly context: ContextState;
  readonly voice: VoiceState | null;

  // What is known of this camera and this driver; outlives a trip.
  readonly frames: FrameRate;
  readonly eyes: EyesState;
  readonly neutral: NeutralState;
  /** Somebody who came back after an absence, until it is known whether it is another driver. */
  readonly newcomer: KnownDriver | null;
  /** When anything of these was last learned. */
  readonly learnedAtMs: number | null;
  /** The newest frame, which holds until the next. */
  readonly sight: Sight | null;

  // Behaviours of this trip.
  readonly closure: ClosureState;
  /** How much of the present closure passed while the vehicle stood, ms. */
  readonly parkedMs: number;
  readonly blinks: BlinkState;
  readonly perclos: PerclosState;
  readonly mouth: MouthState;
  readonly drowsiness: DrowsinessState;
  readonly look: LookState;
  readonly glances: GlancesState;
  readonly attention: AttentionState;
  readonly unresponsive: UnresponsiveState;
  readonly lockout: LockoutState;
  readonly slowClock: SlowClock;
  readonly notices: NoticesState;
  readonly stress: StressState;

  // What was told.
  readonly level: AttentionLevel;
  readonly alerts: AlertsState;
}

/** Behaviours at the start of a trip. */
export const freshBehaviours = {
  closure: noClosure,
  parkedMs: 0,
  blinks: noBlinks,
  perclos: emptyPerclos,
  mouth: shutMouth,
  drowsiness: notDrowsy,
  look: noLook,
  glances: noGlances,
  attention: attentive,
  unresponsive: responsive,
  lockout: notLockedOut,
  slowClock: slowClockAtRest,
  notices: noNotices,
  stress: calm,
} as const satisfies Partial<DriverState>;

/** A judge that has seen nothing; `runKey` must differ from every other run of the device. */
export function initialState(runKey: string): DriverState {
  return {
    version: STATE_VERSION,
    runKey,
    atMs: null,
    trip: noTrip,
    tripWatch: nobodyPresent,
    context: unknownContext,
    voice: null,
    frames: noFrames,
    eyes: untaughtEyes,
    neutral: unlearnedNeutral,
    newcomer: null,
    learnedAtMs: null,
    sight: null,
    ...freshBehaviours,
    level: 0,
    alerts: noAlerts,
  };
}

/**
 * A saved state as the beginning of another run: behaviours and levels go on, alerts are raised anew under
 * the new key (whoever stored the old ones closes them with `restart`).
 */
export function continueState(saved: DriverState, runKey: string): DriverState {
  return { ...saved, runKey, alerts: noAlerts };
}
