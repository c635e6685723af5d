/** Tries again for ever, with waits that grow, until it works or is told to stop. */
import { monotonicMs, sleep } from '../monotonic.ts';

export interface RetryWaits {
  /** First and longest wait [ms]. */
  readonly minMs: number;
  readonly maxMs: number;
}

const WAITS: RetryWaits = { minMs: 1000, maxMs: 60_000 };
/** What worked for so long is a new failure, and the waits begin anew [ms]. */
const STEADY_MS = 30_000;

/**
 * @param attempt resolves when it worked, rejects with one sentence
 * @param onFault each sentence; `null` = it worked
 */
export async function keepTrying(
  attempt: () => Promise<void>,
  onFault: (fault: string | null) => void,
  signal: AbortSignal,
  waits: RetryWaits = WAITS,
): Promise<void> {
  for (let waitMs = waits.minMs; !signal.aborted; waitMs = Math.min(waits.maxMs, 2 * waitMs)) {
    try {
      await attempt();
      onFault(null);
      return;
    } catch (error) {
      onFault((error as Error).message);
    }
    await sleep(waitMs, signal);
  }
}

/**
 * The same for what shall go on for ever.
 * @param run ends only by the signal or by rejecting with one sentence; says itself when it is well
 */
export async function keepRunning(
  run: () => Promise<void>,
  onFault: (fault: string) => void,
  signal: AbortSignal,
  waits: RetryWaits = WAITS,
): Promise<void> {
  let waitMs = waits.minMs;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const beganMs = monotonicMs();
    try {
      await run();
    } catch (error) {
      if (!isOver()) onFault((error as Error).message);
    }
    if (monotonicMs() - beganMs > STEADY_MS) waitMs = waits.minMs;
    await sleep(waitMs, signal);
    waitMs = Math.min(waits.maxMs, 2 * waitMs);
  }
}
