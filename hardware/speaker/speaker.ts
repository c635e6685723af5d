/**
 * What makes an alert heard: the contract of every speaker.
 *
 * - `sound` begins at once and never waits for the end of the sound; it never throws.
 * - A speaker that fails says so through `onHealth` and is tried again at the next alert.
 * - `close` stops what sounds.
 */
import type { AlertKind, Severity } from '../../agent/judge/outcome.ts';

export interface Cue {
  readonly kind: AlertKind;
  readonly severity: Severity;
}

export interface Speaker {
  sound(cue: Cue): void;
  close(): void;
}

/** `null` when all is well again. */
export type SpeakerHealth = (fault: string | null) => void;
