/**
 * Evidence as it is told: what a behaviour measured itself, completed by the threshold and where it is set,
 * how close it was, what was not seen and what was known of the driver. Done once, where the judge speaks.
 *
 * In: outcomes, the state before and after the observation that led to them. Out: the same with evidence.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import { atEachMoment, learned, notSeen } from './evidence-moment.ts';
import { againstThreshold } from './evidence-threshold.ts';
import type { AlertOutcome, EventOutcome, Evidence, Outcome } from './outcome.ts';
import type { DriverState } from './state.ts';

/** The outcomes with complete evidence; the end of a trip is explained by the state before it. */
export function withEvidence(
  outcomes: readonly Outcome[],
  before: DriverState,
  after: DriverState,
  config: JudgeConfig,
): readonly Outcome[] {
  if (outcomes.length === 0) return outcomes;
  const state = after.trip.active ? after : before;
  return outcomes.map((outcome) =>
    outcome.type === 'trip' ? outcome : { ...outcome, evidence: complete(outcome, state, config) },
  );
}

/** What the behaviour says itself comes first and is never overruled. */
function complete(
  { kind, evidence }: AlertOutcome | EventOutcome,
  state: DriverState,
  config: JudgeConfig,
): Evidence {
  return {
    ...evidence,
    ...againstThreshold(kind, evidence, state, config),
    ...atEachMoment(kind, evidence, state, config),
    ...notSeen(state),
    ...learned(kind, state, config),
    ...evidence,
  };
}
