/**
 * Drives of a calibrated driver told as attention levels: 120 s at three frame rates with jitter and dropped
 * frames, for a driver on the left and, mirrored, on the right.
 */
import { continueState, initialState, step } from '../../agent/judge/index.ts';
import type { DriverState, Outcome } from '../../agent/judge/index.ts';
import type { Observation } from '../../agent/perceive/observation.ts';
import type { JudgeConfig } from '../../config/schema.ts';
import { drive, inOrder } from './drive.ts';
import type { Act, DriveOptions } from './drive.ts';
import { judgeConfig, play } from './play.ts';

export interface Setting {
  readonly side: 'left' | 'right';
  readonly fps: number;
  readonly jitterMs: number;
  readonly drops: number;
}

/** Rates and sides at which every story holds. */
export const SETTINGS: readonly Setting[] = (['left', 'right'] as const).flatMap((side) => [
  { side, fps: 30, jitterMs: 8, drops: 0.2 },
  { side, fps: 15, jitterMs: 15, drops: 0.2 },
  { side, fps: 10, jitterMs: 25, drops: 0.2 },
]);

/** Stories begin here: the driver has been watched for more than a minute, and is attentive. */
const FROM_S = 80;
const STORY_S = 120;

export interface Story {
  readonly acts: readonly Act[];
  /** What others say meanwhile; times from the start of the story [ms]. */
  readonly told?: readonly Observation[];
  readonly trip?: DriveOptions['trip'];
}

export interface Told {
  /** Attention level at that second of the story. */
  readonly levelAt: (second: number) => number;
  readonly states: readonly DriverState[];
  readonly outcomes: readonly Outcome[];
}

/** Tells a story; its times are seconds from its start. */
export function tell(story: Story, setting: Setting): Told {
  const config: JudgeConfig = {
    ...judgeConfig,
    distraction: { ...judgeConfig.distraction, driverSide: setting.side },
  };
  const { fps, jitterMs, drops, side } = setting;
  const startMs = FROM_S * 1000;
  const acts = side === 'left' ? story.acts : story.acts.map(mirrored);
  const seen = drive({
    seconds: STORY_S,
    startMs,
    acts,
    fps,
    jitterMs,
    drops,
    trip: story.trip ?? 'unended',
  });
  const told = (story.told ?? []).map((o) => ({ ...o, atMs: o.atMs + startMs }));
  let state = calibrated();
  const states: DriverState[] = [];
  const outcomes: Outcome[] = [];
  for (const observation of inOrder(seen, told)) {
    const judged = step(state, observation, config);
    state = judged.state;
    states.push(state);
    outcomes.push(...judged.outcomes);
  }
  const levelAt = (second: number) =>
    states.findLast((s) => s.atMs !== null && s.atMs <= startMs + second * 1000)?.level ?? 0;
  return { levelAt, states, outcomes };
}

/** Off the road, where no mirror is. */
export const lookAway = (fromS: number, toS: number): Act => ({
  fromS,
  toS,
  does: 'look',
  yawDeg: -28,
  pitchDeg: -6,
});
/** An acknowledgement at that time of the story. */
export const touch = (atS: number, origin: 'button' | 'command' | 'page' = 'button'): Observation => ({
  kind: 'ack',
  atMs: atS * 1000,
  origin,
});
export const tripEnd = (atS: number): Observation => ({
  kind: 'trip',
  atMs: atS * 1000,
  phase: 'end',
  cause: 'command',
});

/** That speed, told every second from `fromS` to `toS`. */
export const speed = (speedKmh: number, fromS: number, toS: number): Observation[] =>
  Array.from({ length: Math.ceil(toS - fromS) }, (_, index) => ({
    kind: 'context',
    atMs: (fromS + index) * 1000,
    speedKmh,
    ignitionOn: null,
    hourOfDay: null,
  }));

let known: DriverState | null = null;

/** A driver who was learned on a trip before. */
function calibrated(): DriverState {
  known ??= continueState(
    play(drive({ seconds: FROM_S, fps: 15 }), judgeConfig, initialState('before')).state,
    'story',
  );
  return known;
}

function mirrored(act: Act): Act {
  return act.does === 'look' || act.does === 'gaze' ? { ...act, yawDeg: -(act.yawDeg ?? 0) } : act;
}
