/**
 * Outcomes of one file as lines of a replay. An event is a line when it has ended; an alert is one line
 * when it is cleared, with its last kind (a microsleep that became sleep is sleep), its highest severity
 * and all its phases. Seconds of the file, to the millisecond. No ids, no wall times: two replays of a
 * file write the same bytes.
 */
import type {
  AlertKind,
  AlertOutcome,
  AttentionLevel,
  EventKind,
  Evidence,
  Outcome,
  Severity,
} from '../judge/outcome.ts';

export interface EventLine {
  readonly type: 'event';
  readonly file: string;
  readonly kind: EventKind;
  readonly startS: number;
  readonly endS: number;
  readonly evidence: Evidence;
}

export interface AlertPhase {
  readonly phase: AlertOutcome['phase'];
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly level: AttentionLevel;
  readonly atS: number;
}

export interface AlertLine {
  readonly type: 'alert';
  readonly file: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly level: AttentionLevel;
  readonly startS: number;
  readonly endS: number;
  /** When it was first said. */
  readonly alertedAtS: number;
  readonly cleared: string | null;
  /** Of the last phase that was not the clearing. */
  readonly evidence: Evidence;
  readonly phases: readonly AlertPhase[];
}

export type FoundLine = EventLine | AlertLine;

/** Collects the outcomes of one file. */
export interface LineCollector {
  /** @returns the line that this outcome completes, if any */
  take(outcome: Outcome): FoundLine | null;
  /** Alerts that nobody cleared, at the end of the file. */
  rest(endMs: number): AlertLine[];
}

export const seconds = (ms: number): number => Math.round(ms) / 1000;

/** @param file name that every line carries */
export function collectLines(file: string): LineCollector {
  const open = new Map<string, AlertOutcome[]>();
  return {
    take(outcome) {
      if (outcome.type === 'trip') return null; // a replay is one trip
      if (outcome.type === 'event') {
        const { kind, startMs, endMs, evidence } = outcome;
        return { type: 'event', file, kind, startS: seconds(startMs), endS: seconds(endMs), evidence };
      }
      const phases = [...(open.get(outcome.alertKey) ?? []), outcome];
      open.set(outcome.alertKey, phases);
      if (outcome.phase !== 'cleared') return null;
      open.delete(outcome.alertKey);
      return alertLine(file, phases, outcome.atMs);
    },
    rest: (endMs) => [...open.values()].map((phases) => alertLine(file, phases, endMs)),
  };
}

function alertLine(file: string, phases: readonly AlertOutcome[], endMs: number): AlertLine {
  const [first] = phases;
  const said = phases.findLast((phase) => phase.phase !== 'cleared') ?? first;
  if (first === undefined || said === undefined)
    throw new Error('an alert without a phase cannot be written');
  return {
    type: 'alert',
    file,
    kind: said.kind,
    severity: highest(phases.map((phase) => phase.severity)),
    level: highest(phases.map((phase) => phase.level)),
    startS: seconds(first.startMs),
    endS: seconds(endMs),
    alertedAtS: seconds(first.atMs),
    cleared: phases.at(-1)?.cleared ?? null,
    evidence: said.evidence,
    phases: phases.map(({ phase, kind, severity, level, atMs }) => ({
      phase,
      kind,
      severity,
      level,
      atS: seconds(atMs),
    })),
  };
}

const highest = <N extends number>(values: readonly N[]): N => values.reduce((a, b) => (b > a ? b : a));
