/** Plays observations through the judge and asks what it said. */
import { initialState, step } from '../../agent/judge/index.ts';
import type { AlertOutcome, DriverState, EventOutcome, Outcome } from '../../agent/judge/index.ts';
import type { Observation } from '../../agent/perceive/observation.ts';
import { configSchema } from '../../config/schema.ts';
import type { JudgeConfig } from '../../config/schema.ts';

/** The defaults of the product. */
export const judgeConfig: JudgeConfig = configSchema.parse({}).judge;

export interface Played {
  readonly state: DriverState;
  readonly outcomes: readonly Outcome[];
}

export function play(
  seen: readonly Observation[],
  config: JudgeConfig = judgeConfig,
  from: DriverState = initialState('story'),
): Played {
  let state = from;
  const outcomes: Outcome[] = [];
  for (const observation of seen) {
    const judged = step(state, observation, config);
    state = judged.state;
    outcomes.push(...judged.outcomes);
  }
  return { state, outcomes };
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
