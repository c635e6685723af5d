/** Plays observations through the judge and asks what it said. */
import { initialState, step } from '../../agent/judge/index.ts';
import type { AlertOutcome, DriverState, EventOutcome, TripOutcome } from '../../agent/judge/index.ts';
import type { Observation } from '../../agent/perceive/observation.ts';
import { configSchema } from '../../config/schema.ts';
import type { JudgeConfig } from '../../config/schema.ts';

/** The defaults of the product, which finds out by itself when a trip begins and ends. */
export const productConfig: JudgeConfig = configSchema.parse({}).judge;
/** The same for stories that tell their trips, or that there is none. */
export const judgeConfig: JudgeConfig = {
  ...productConfig,
  trip: { ...productConfig.trip, automatic: false },
};

/** What is said of the driver and the camera. */
export type Said = AlertOutcome | EventOutcome;

export interface Played {
  readonly state: DriverState;
  readonly outcomes: readonly Said[];
  readonly trips: readonly TripOutcome[];
}

export function play(
  seen: readonly Observation[],
  config: JudgeConfig = judgeConfig,
  from: DriverState = initialState('story'),
): Played {
  let state = from;
  const outcomes: Said[] = [];
  const trips: TripOutcome[] = [];
  for (const observation of seen) {
    const judged = step(state, observation, config);
    state = judged.state;
    for (const outcome of judged.outcomes) {
      if (outcome.type === 'trip') trips.push(outcome);
      else outcomes.push(outcome);
    }
  }
  return { state, outcomes, trips };
}

export function alertsOf(played: Played, kind?: AlertOutcome['kind']): AlertOutcome[] {
  return played.outcomes
    .filter((o) => o.type === 'alert')
    .filter((o) => kind === undefined || o.kind === kind);
}

export function raisedOf(played: Played, kind?: AlertOutcome['kind']): AlertOutcome[] {
  return alertsOf(played, kind).filter((alert) => alert.phase === 'raised');
}

export function eventsOf(played: Played, kind?: EventOutcome['kind']): EventOutcome[] {
  return played.outcomes
    .filter((o) => o.type === 'event')
    .filter((o) => kind === undefined || o.kind === kind);
}
