/**
 * What one inference costs, several networks taking turns so that a busy moment of the machine does not fall on
 * one of them alone. Milliseconds, on the calling thread; the least is the reliable number on a shared machine.
 */
import type { Network, Tensors } from '../engines/engine.ts';

/** Milliseconds of one inference. */
export interface Cost {
  readonly leastMs: number;
  readonly medianMs: number;
  /** Processor time, mean; more than the median when threads of the runtime help or the clock stood still. */
  readonly cpuMs: number;
}

const ROUNDS = 12;
const RUNS_PER_ROUND = 50;
export const RUNS = ROUNDS * RUNS_PER_ROUND;

/** @param feeds the same for all; each input in turn */
export async function takeTurns(networks: readonly Network[], feeds: readonly Tensors[]): Promise<Cost[]> {
  const taken = networks.map(() => ({ tookMs: [] as number[], cpuMs: 0 }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, network] of networks.entries()) {
      const cpuBefore = process.cpuUsage();
      for (let run = 0; run < RUNS_PER_ROUND; run++) {
        const startedMs = performance.now();
        await network.run(feeds[run % feeds.length]!);
        taken[i]!.tookMs.push(performance.now() - startedMs);
      }
      const { user, system } = process.cpuUsage(cpuBefore);
      taken[i]!.cpuMs += (user + system) / 1000 / RUNS;
    }
  }
  return taken.map(({ tookMs, cpuMs }) => {
    const sorted = tookMs.toSorted((a, b) => a - b);
    return { leastMs: sorted[0]!, medianMs: sorted[sorted.length >> 1]!, cpuMs };
  });
}
