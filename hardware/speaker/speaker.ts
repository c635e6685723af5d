/**
 * What makes an alert heard (or felt, or seen: a line that drives a lamp): the contract of every output.
 *
 * - `sound` ends what sounds and begins the new cue at once; whose turn it is decides `agent/warn/`.
 *   The promise resolves when the cue is over: ended by itself, by a newer one, by a fault. It never rejects
 *   and never hangs: an output that hangs is ended.
 * - An output that fails says so through `onHealth` and is tried again at the next cue, for ever.
 * - `close` stops what sounds and resolves when the device is let go.
 */
import type { AlertKind, Severity } from '../../agent/judge/outcome.ts';

export interface Cue {
  readonly kind: AlertKind;
  readonly severity: Severity;
}

export interface Speaker {
  sound(cue: Cue): Promise<void>;
  close(): Promise<void>;
}

/** `null` when all is well again. */
export type SpeakerHealth = (fault: string | null) => void;

/** Several outputs as one: a cue is over when it is over everywhere. */
export const together = (outputs: readonly Speaker[]): Speaker => ({
  async sound(cue) {
    await Promise.all(outputs.map((output) => output.sound(cue)));
  },
  async close() {
    await Promise.all(outputs.map((output) => output.close()));
  },
});
