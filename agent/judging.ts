/**
 * Holds the judge's state between observations and gives it its ticks. The judge itself is pure; this is
 * the edge where its state lives.
 *
 * In:  observations as they come, and the passing of time.
 * Out: outcomes, in order.
 */
import type { JudgeConfig } from '../config/schema.ts';
import { measures, step, type DriverState } from './judge/index.ts';
import type { Measures, Outcome } from './judge/outcome.ts';
import type { Observation } from './perceive/observation.ts';

export interface Judging {
  /** Ticks up to the observation's time, then the observation itself. */
  observe(seen: Observation): void;
  /** Time has come to `atMs` with nothing to see: ticks up to it. */
  advanceTo(atMs: number): void;
  measures(): Measures;
  /** Plain JSON, to be saved. */
  state(): DriverState;
}

/**
 * @param start the judge's first or restored state
 * @param onOutcome called with every outcome, within `observe` or `advanceTo`
 */
export function openJudging(
  start: DriverState,
  config: JudgeConfig,
  onOutcome: (outcome: Outcome) => void,
): Judging {
  let state = start;
  let lastTickMs: number | null = null;

  const take = (seen: Observation): void => {
    const judgement = step(state, seen, config);
    state = judgement.state;
    judgement.outcomes.forEach(onOutcome);
  };
  /** Ticks lie on a fixed grid, so a replay ticks at the same times whatever its speed. */
  const advanceTo = (atMs: number): void => {
    const grid = config.tickMs;
    lastTickMs ??= Math.ceil(atMs / grid) * grid - grid;
    while (lastTickMs + grid <= atMs) {
      lastTickMs += grid;
      take({ kind: 'tick', atMs: lastTickMs });
    }
  };
  return {
    observe(seen) {
      advanceTo(seen.atMs);
      take(seen);
    },
    advanceTo,
    measures: () => measures(state, config),
    state: () => state,
  };
}
