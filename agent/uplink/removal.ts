/**
 * Acknowledged rows on their way out of the store, in batches: each deletion is a write to a card that
 * wears. Until it is carried out a row counts as acknowledged all the same; if the role dies before, the
 * row is sent again, and the consumer removes the duplicate.
 */
import type { Store } from '../store/store.ts';

export interface Removal {
  /** This one is acknowledged. */
  add(seq: number): void;
  /** All up to this one are. */
  upTo(seq: number): void;
  has(seq: number): boolean;
  /** Deletes what has gathered, if the last batch was long enough ago or `now` is set. May throw `StoreError`. */
  flush(now?: boolean): void;
}

/** @param everyMs least distance of two batches @param nowMs monotonic [ms] */
export function createRemoval(
  store: Pick<Store, 'epoch' | 'remove' | 'removeUpTo'>,
  everyMs: number,
  nowMs: () => number,
): Removal {
  const seqs = new Set<number>();
  let mark = 0;
  let removedUpTo = 0;
  let lastAtMs = -Infinity;

  return {
    add: (seq) => void seqs.add(seq),
    upTo: (seq) => void (mark = Math.max(mark, seq)),
    has: (seq) => seq <= mark || seqs.has(seq),
    flush(now = false) {
      if (seqs.size === 0 && mark === removedUpTo) return;
      if (!now && nowMs() - lastAtMs < everyMs) return;
      lastAtMs = nowMs();
      if (seqs.size > 0) store.remove([...seqs]);
      seqs.clear();
      if (mark > removedUpTo) store.removeUpTo(store.epoch, mark);
      removedUpTo = mark;
    },
  };
}
