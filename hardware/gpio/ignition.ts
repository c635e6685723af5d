/**
 * A GPIO input that follows the ignition, or a power-hold circuit.
 *
 * In:  the line's level from gpioget, about once a second. Levels, not edges: one that was missed would make the
 *      ignition wrong for the rest of the drive.
 * Out: a call for each reading.
 */
import type { IgnitionConfig } from '../../config/schema.ts';
import { readInput } from './input.ts';
import type { RetryWaits } from './keep-trying.ts';
import { levelsCommand } from './tools.ts';

export interface IgnitionOptions {
  readonly onLevel: (on: boolean) => void;
  /** `null` when all is well (again). */
  readonly onHealth: (fault: string | null) => void;
  readonly signal: AbortSignal;
  readonly waits?: RetryWaits;
}

/** Readings may come late on a loaded machine; so many missed ones in a row are silence. */
const MISSED = 5;
/** A tool needs a while to start, however often it shall read [ms]. */
const START_MS = 4000;

/** Watches the line until the signal; one that cannot be had is tried for ever. */
export function watchIgnition(config: IgnitionConfig, options: IgnitionOptions): Promise<void> {
  return readInput(
    config,
    {
      tool: 'gpioget',
      command: (syntax) => levelsCommand(syntax, config, config.everyMs),
      onLine(level) {
        if (level === '0' || level === '1') options.onLevel(level === '1');
      },
      onStart: () => undefined,
      onHealth: options.onHealth,
      silentAfterMs: START_MS + MISSED * config.everyMs,
      waits: options.waits,
    },
    options.signal,
  );
}
