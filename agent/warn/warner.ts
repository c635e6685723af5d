/**
 * From an alert to its sound, by its deadline.
 *
 * The commit has begun; the sound waits for it a moment and then goes out anyway, so that a stalled card
 * cannot silence a microsleep alarm. Whoever stores is told when that happened.
 */
import type { AlertOutcome, Severity } from '../judge/outcome.ts';
import type { Speaker } from '../../hardware/speaker/index.ts';

export interface Warner {
  /**
   * Sounds a raised alert, or one that became more severe; other phases are silent.
   * @param committed settles when the alert is on the disk (a rejection counts as "not")
   * @param onSoundedFirst called when the sound went out before that
   * @returns when the sound has begun
   */
  warn(alert: AlertOutcome, committed: Promise<unknown>, onSoundedFirst: () => void): Promise<void>;
}

/** @param waitMs longest wait for the commit */
export function openWarner(speaker: Speaker, waitMs: number): Warner {
  const heardAt = new Map<string, Severity>();

  const isNews = (alert: AlertOutcome): boolean => {
    const before = heardAt.get(alert.alertKey) ?? 0;
    if (alert.phase === 'cleared') heardAt.delete(alert.alertKey);
    else heardAt.set(alert.alertKey, alert.severity);
    return alert.phase !== 'cleared' && alert.severity > before;
  };
  return {
    async warn(alert, committed, onSoundedFirst) {
      if (!isNews(alert)) return;
      const safe = await settledWithin(committed, waitMs);
      if (!safe) onSoundedFirst();
      speaker.sound({ kind: alert.kind, severity: alert.severity });
    },
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
