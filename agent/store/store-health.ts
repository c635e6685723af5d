/** How the store does, from what begins, succeeds and fails; reports each change of state once. */
import type { StoreHealth } from './store.ts';

export interface HealthNotes {
  /** Work went to the worker. */
  begun(): void;
  /** The worker answered something that says nothing about writing. */
  answered(): void;
  /** The disk took a commit, with so many drafts. */
  committed(drafts: number): void;
  failed(fault: Error): void;
  refused(): void;
  now(): StoreHealth;
  end(): void;
}

/** What is counted elsewhere. */
export type Outside = () => Pick<StoreHealth, 'waiting'> & { readonly workerRestarts: number };

type State = Pick<StoreHealth, 'state' | 'reason'>;

const OK: State = { state: 'ok', reason: null };

/** Starts as ok; work that takes longer than `stalledAfterMs` is a stall until it ends. */
export function healthOf(
  stalledAfterMs: number,
  outside: Outside,
  onHealth: (health: StoreHealth) => void,
): HealthNotes {
  const counters = { appended: 0, errors: 0, refused: 0 };
  const stalled: State = {
    state: 'stalled',
    reason: `the disk has not answered for ${String(stalledAfterMs)} ms`,
  };
  let current = OK;
  let stall: NodeJS.Timeout | undefined;
  const now = (): StoreHealth => {
    const { waiting, workerRestarts } = outside();
    return { ...current, waiting, counters: { ...counters, workerRestarts } };
  };
  const enter = (next: State) => {
    const changed = next.state !== current.state;
    current = next;
    if (changed) onHealth(now());
  };
  const answered = () => {
    clearTimeout(stall);
    if (current === stalled) enter(OK);
  };
  return {
    begun: () => {
      clearTimeout(stall);
      stall = setTimeout(() => enter(stalled), stalledAfterMs).unref();
    },
    answered,
    committed: (drafts) => {
      answered();
      counters.appended += drafts;
      enter(OK);
    },
    failed: (fault) => {
      clearTimeout(stall);
      counters.errors += 1;
      enter({ state: 'failing', reason: fault.message });
    },
    refused: () => {
      counters.refused += 1;
    },
    now,
    end: () => clearTimeout(stall),
  };
}
