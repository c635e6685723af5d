/**
 * From an alert to its sound, by its deadline, and again while its cause lasts.
 *
 * The commit has begun; the sound waits for it a moment and then goes out anyway, so that a stalled card
 * cannot silence a microsleep alarm. Whoever stores is told when that happened.
 */
import type { WarnConfig } from '../../config/schema.ts';
import { monotonicMs } from '../../hardware/monotonic.ts';
import type { Speaker } from '../../hardware/speaker/index.ts';
import type { AlertOutcome } from '../judge/outcome.ts';
import { openTurns } from './turns.ts';

export interface Warner {
  /**
   * Sounds a raised alert, or one that became more severe, and repeats it until it is cleared (`turns.ts`).
   * @param committed settles when the alert is on the disk (a rejection counts as "not")
   * @param onSoundedFirst called when the sound goes out before that
   * @returns when the sound has begun, or stands in line behind a graver one
   */
  warn(alert: AlertOutcome, committed: Promise<unknown>, onSoundedFirst: () => void): Promise<void>;
  /** Nothing is repeated any more; what sounds is the speaker's. */
  close(): void;
}

export function openWarner(
  speaker: Speaker,
  { commitWaitMs, repeat }: Pick<WarnConfig, 'commitWaitMs' | 'repeat'>,
): Warner {
  const turns = openTurns(speaker, repeat, monotonicMs);
  return {
    async warn(alert, committed, onSoundedFirst) {
      if (!turns.take(alert)) return;
      const safe = await settledWithin(committed, commitWaitMs);
      if (!safe) onSoundedFirst();
      turns.speak(alert.alertKey);
    },
    close: () => turns.close(),
  };
}

/** True when `work` resolved within `waitMs`. */
function settledWithin(work: Promise<unknown>, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), waitMs);
    const settle = (safe: boolean) => () => {
      clearTimeout(timer);
      resolve(safe);
    };
    work.then(settle(true), settle(false));
  });
}
