/**
 * Whose turn it is to sound: alerts come, last and go; one of them is heard at a time.
 *
 * In:  alerts in all their phases, and the word that one's news may be heard.
 * Out: cues for the speaker.
 *
 * - A graver alert interrupts a lesser one; a lesser one waits until the graver cue is over.
 * - A warning is repeated while its cause lasts. What asks for an act at once (eyes closed, looking away) holds
 *   lesser ones back as long as it lasts; what lasts for minutes (drowsiness) is repeated seldom and holds nobody.
 * - Notices sound once, lockout too: it stands until the end of the trip.
 * - What is cleared while it stands in line is not heard; what is cleared in the moment that its commit takes is.
 */
import type { WarnConfig } from '../../config/schema.ts';
import type { Cue, Speaker } from '../../hardware/speaker/index.ts';
import type { AlertKind, AlertOutcome, Severity } from '../judge/outcome.ts';

/** Kinds that may last for minutes without anything that the driver could do at once. */
const LASTING: ReadonlySet<AlertKind> = new Set([
  'drowsiness',
  'stress',
  'eyes-not-seen',
  'face-lost',
  'camera-blocked',
]);

interface Active {
  cue: Cue;
  /** Its present severity has been heard. */
  heard: boolean;
  /** Cleared before it was heard. */
  over: boolean;
  /** When its turn comes, on the clock given; `null` = it has nothing to say (yet). */
  dueMs: number | null;
}

export interface Turns {
  /** Takes an alert's phase; true when it has something new to be heard. */
  take(alert: AlertOutcome): boolean;
  /** The news may be heard now. */
  speak(alertKey: string): void;
  close(): void;
}

/** @param nowMs a clock that goes on evenly [ms] */
export function openTurns(speaker: Speaker, repeat: WarnConfig['repeat'], nowMs: () => number): Turns {
  const active = new Map<string, Active>();
  let sounding: Severity | null = null;
  let cues = 0;
  let timer: NodeJS.Timeout | undefined;

  const next = (): void => {
    const waiting = [...active.values()].filter(
      ({ cue, dueMs }) => dueMs !== null && !heldBack(cue, active.values()),
    );
    const due = waiting.filter(({ dueMs }) => (dueMs ?? 0) <= nowMs()).sort(first)[0];
    if (due !== undefined && mayBegin(due)) begin(due);
    clearTimeout(timer);
    const later = waiting.map(({ dueMs }) => (dueMs ?? 0) - nowMs()).filter((ms) => ms > 0);
    if (later.length > 0) timer = setTimeout(next, Math.max(1, Math.min(...later)));
  };
  /** Otherwise the end of what sounds brings the next turn. */
  const mayBegin = ({ cue, heard }: Active): boolean =>
    sounding === null || cue.severity > sounding || (cue.severity === sounding && !heard);

  const begin = (due: Active): void => {
    const mine = ++cues;
    const againMs = repeatMs(due.cue, repeat);
    due.heard = true;
    due.dueMs = againMs === null ? null : nowMs() + againMs;
    sounding = due.cue.severity;
    void speaker.sound(due.cue).then(() => {
      if (mine !== cues) return;
      sounding = null;
      next();
    });
  };
  return {
    take({ phase, alertKey, kind, severity }) {
      const before = active.get(alertKey);
      const unsaid = before !== undefined && !before.heard && before.dueMs === null;
      if (phase === 'cleared' && unsaid) before.over = true;
      else if (phase === 'cleared') active.delete(alertKey);
      else if (before !== undefined && severity <= before.cue.severity) before.cue = { kind, severity };
      else active.set(alertKey, { cue: { kind, severity }, heard: false, over: false, dueMs: null });
      const news = phase !== 'cleared' && active.get(alertKey) !== before;
      if (!news) next();
      return news;
    },
    speak(alertKey) {
      const one = active.get(alertKey);
      if (one === undefined || one.heard) return;
      one.dueMs = nowMs();
      next();
      if (one.over) active.delete(alertKey);
    },
    close() {
      clearTimeout(timer);
      active.clear();
      cues += 1;
    },
  };
}

/** Graver first; among equals what was not heard yet, then what waits longest. */
function first(a: Active, b: Active): number {
  return (
    b.cue.severity - a.cue.severity || Number(a.heard) - Number(b.heard) || (a.dueMs ?? 0) - (b.dueMs ?? 0)
  );
}

/** From the beginning of a cue to its next [ms]; `null` = it sounds once. */
function repeatMs({ kind, severity }: Cue, repeat: WarnConfig['repeat']): number | null {
  if (severity === 1 || kind === 'lockout') return null;
  if (LASTING.has(kind)) return repeat.lastingMs;
  return severity === 3 ? repeat.criticalMs : repeat.warningMs;
}

/** A graver alert that asks for an act at once lasts. */
function heldBack(cue: Cue, active: Iterable<Active>): boolean {
  for (const { cue: other } of active)
    if (other.severity > cue.severity && !LASTING.has(other.kind) && other.kind !== 'lockout') return true;
  return false;
}
