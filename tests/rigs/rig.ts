/**
 * What a rig is: a promise shown on real processes, in parts. A part says what it counted and what was
 * wrong; one that throws, or could not run, has failed.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface RigOptions {
  /** More rounds, for a run by hand. */
  readonly full: boolean;
  /** Two runs with one seed inject the same faults, as far as the machine's own timing allows. */
  readonly seed: number;
  /** A line for whoever looks on. */
  readonly say: (line: string) => void;
}

export interface PartResult {
  /** Keys carry their unit. */
  readonly counts: Readonly<Record<string, number | string>>;
  /** One sentence each; none = the promise was kept. */
  readonly faults: readonly string[];
}

export interface Part {
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly shows: string;
  run(options: RigOptions): Promise<PartResult>;
}

export interface Rig {
  readonly summary: string;
  readonly parts: readonly Part[];
}

const LOOK_EVERY_MS = 20;

/**
 * Waits for a condition.
 * @param what completes "... did not happen within N s"
 * @throws Error with that sentence
 */
export async function until(what: string, condition: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${withinMs / 1000} s`);
    await sleep(LOOK_EVERY_MS);
  }
}

/**
 * Waits for work to be done, as `until` does for a condition.
 * @throws Error when it takes longer; what the work itself throws
 */
export async function within<T>(what: string, work: Promise<T>, limitMs: number): Promise<T> {
  const late = sleep(limitMs, undefined, { ref: false }).then(() => {
    throw new Error(`${what} did not happen within ${limitMs / 1000} s`);
  });
  return Promise.race([work, late]);
}
