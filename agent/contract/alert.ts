/**
 * From an outcome of the judge to a draft, and from a stored draft to the message that is published.
 * Pure: ids and wall times are given in.
 */
import type { AlertDraft, AlertKind, GapDraft, OutboxDraft, OutboxMessage } from './alert-message.ts';
import { position, speedKmh } from './fields.ts';
import type { AttentionLevel, ClockState, Position, Severity } from './fields.ts';
import { alertIdOf } from './ids.ts';
import { SCHEMA_VERSION } from './topics.ts';

/** What an alert says, in the judge's words (structural: the contract imports from nobody). */
export interface AlertLike {
  readonly alertKey: string;
  readonly phase: 'raised' | 'updated' | 'cleared';
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly level: AttentionLevel;
  /** Monotonic [ms]. */
  readonly startMs: number;
  /** Monotonic [ms]. */
  readonly atMs: number;
  readonly cleared?: 'ended' | 'trip-end' | 'restart' | 'acknowledged';
  readonly evidence: Readonly<Record<string, number | string | boolean | null>>;
}

/** Who speaks, and when: known where the message is made. */
export interface MessageContext {
  /** A new UUIDv7 for each message (`newMessageId()`). */
  readonly messageId: string;
  readonly deviceId: string;
  readonly bootId: string;
  readonly tripId: string | null;
  /** UTC, ISO 8601 with `Z`. */
  readonly wallTime: string;
  readonly clock: ClockState;
  readonly softwareVersion: string;
}

/** What else an alert tells. */
export interface AlertContext extends MessageContext {
  readonly modelVersions: Readonly<Record<string, string>>;
  readonly speedKmh: number | null;
  readonly position: Position | null;
  /** Asked for to try the line; left out = a real one. */
  readonly test?: boolean;
}

const headingOf = (about: MessageContext) =>
  ({
    schemaVersion: SCHEMA_VERSION,
    messageId: about.messageId,
    deviceId: about.deviceId,
    bootId: about.bootId,
    tripId: about.tripId,
    wallTime: about.wallTime,
    clock: about.clock,
    softwareVersion: about.softwareVersion,
  }) as const;

/** Longest word of evidence the schema allows. */
const EVIDENCE_CHARACTERS = 256;

type Fact = AlertLike['evidence'][string];

/** An alert must not be refused for its decoration: what is no number becomes unknown. */
function presentable(fact: Fact): Fact {
  if (typeof fact === 'number') return Number.isFinite(fact) ? fact : null;
  return typeof fact === 'string' ? fact.slice(0, EVIDENCE_CHARACTERS) : fact;
}

/** The draft of an alert, ready for the store. */
export function makeAlert(outcome: AlertLike, about: AlertContext): AlertDraft {
  return {
    ...headingOf(about),
    alertId: alertIdOf(about.deviceId, outcome.alertKey),
    kind: outcome.kind,
    phase: outcome.phase,
    ...(outcome.cleared === undefined ? {} : { cleared: outcome.cleared }),
    severity: outcome.severity,
    level: outcome.level,
    startedAtMs: outcome.startMs,
    capturedAtMs: outcome.atMs,
    evidence: Object.fromEntries(
      Object.entries(outcome.evidence).map(([name, fact]) => [name, presentable(fact)]),
    ),
    modelVersions: { ...about.modelVersions },
    speedKmh: speedKmh.safeParse(about.speedKmh).data ?? null,
    position: position.safeParse(about.position).data ?? null,
    test: about.test ?? false,
  };
}

/**
 * The draft that clears an alert left open by a run that is gone, in the words of its last phase.
 * @param left the last draft of that alert
 * @param atMs monotonic time now; of another boot than `left` it does not compare with its times,
 *   so `startedAtMs` is then not later than it
 */
export function clearAfterRestart(left: AlertDraft, atMs: number, about: MessageContext): AlertDraft {
  const sameBoot = left.bootId === about.bootId;
  return {
    ...left,
    ...headingOf(about),
    tripId: left.tripId,
    phase: 'cleared',
    cleared: 'restart',
    startedAtMs: sameBoot ? left.startedAtMs : Math.min(left.startedAtMs, atMs),
    capturedAtMs: atMs,
  };
}

/** A record of messages that will never come. Ranges are given merged and in order. */
export function makeGap(
  gap: Pick<GapDraft, 'reason' | 'dropped' | 'ranges'>,
  about: MessageContext,
): GapDraft {
  return { ...headingOf(about), kind: 'gap', ...gap };
}

/** What the store knows of a committed row. */
export interface Committed {
  readonly epoch: string;
  readonly seq: number;
  readonly soundedBeforeCommit: boolean;
}

/** The message that is published for a committed draft. */
export function toMessage(draft: OutboxDraft, row: Committed, historical = false): OutboxMessage {
  const { epoch, seq, soundedBeforeCommit } = row;
  if (draft.kind === 'gap') return { ...draft, epoch, seq, historical };
  return { ...draft, epoch, seq, soundedBeforeCommit, historical };
}
