/** The judge's public face: pure functions and plain data. */
export { step } from './step.ts';
export type { Judgement } from './step.ts';
export { continueState, initialState, STATE_VERSION } from './state.ts';
export type { DriverState } from './state.ts';
export { measures } from './measures.ts';
export { ALERT_KINDS, EVENT_KINDS } from './outcome.ts';
export type {
  AlertKind,
  AlertOutcome,
  AttentionLevel,
  EventKind,
  EventOutcome,
  Evidence,
  Measures,
  Outcome,
  Severity,
  TripOutcome,
} from './outcome.ts';
