/**
 * Drives of a calibrated driver told as attention levels: 120 s at three frame rates with jitter and dropped
 * frames, for a driver on the left and, mirrored, on the right.
 */
import { continueState, initialState, step } from '../../agent/judge/index.ts';
import type { DriverState } from '../../agent/judge/index.ts';
import type { Observation } from '../../agent/perceive/observation.ts';
import { drive, firstFrameMs, inOrder } from './drive.ts';
import type { Act, DriveOptions } from './drive.ts';
import { judgeConfig, play } from './play.ts';
import type { Said } from './play.ts';
import { configOn, driveOn } from './settings.ts';
import type { Setting } from './settings.ts';

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
  /** When the level first rose to that, at or after a second of the story; seconds of the story. */
  readonly reachedAtS: (level: number, afterS?: number) => number | undefined;
  /** Second of the story of the first frame from that second on: what shows then counts from there. */
  readonly firstFrameS: (second: number) => number;
  readonly states: readonly DriverState[];
  readonly outcomes: readonly Said[];
}

/** Tells a story; its times are seconds from its start. */
export function tell(story: Story, setting: Setting): Told {
  const config = configOn(setting);
  const startMs = FROM_S * 1000;
  const { acts, trip = 'unended' } = story;
  const seen = driveOn(setting, { seconds: STORY_S, startMs, acts, trip });
  const told = (story.told ?? []).map((o) => ({ ...o, atMs: o.atMs + startMs }));
  let state = calibrated();
  const states: DriverState[] = [];
  const outcomes: Said[] = [];
  for (const observation of inOrder(seen, told)) {
    const judged = step(state, observation, config);
    state = judged.state;
    states.push(state);
    outcomes.push(...judged.outcomes.filter((o) => o.type !== 'trip'));
  }
  const secondOf = (atMs: number) => (atMs - startMs) / 1000;
  const isBy = (s: DriverState, second: number) => s.atMs !== null && secondOf(s.atMs) <= second;
  return {
    levelAt: (second) => states.findLast((s) => isBy(s, second))?.level ?? 0,
    reachedAtS(level, afterS = 0) {
      const reached = states.find((s) => s.atMs !== null && secondOf(s.atMs) >= afterS && s.level >= level);
      return reached?.atMs == null ? undefined : secondOf(reached.atMs);
    },
    firstFrameS: (second) => secondOf(firstFrameMs(seen, second, startMs)),
    states,
    outcomes,
  };
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

let known: DriverState | null = null;

/** A driver who was learned on a trip before. */
function calibrated(): DriverState {
  known ??= continueState(
    play(drive({ seconds: FROM_S, fps: 15 }), judgeConfig, initialState('before')).state,
    'story',
  );
  return known;
}
