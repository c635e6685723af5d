/** What the verbs of the roles share: configuration, log, and the signal they end by. */
import { loadConfig, type ResolvedConfig } from '../../config/load.ts';
import type { Logger } from 'pino';
import { openLog } from '../log.ts';
import { untilTold } from '../supervise.ts';
import { readArguments, UsageError, type Command } from './command.ts';

export interface RoleStart {
  readonly config: ResolvedConfig;
  readonly log: Logger;
  /** Aborts on SIGTERM, SIGINT and when the supervisor is gone. */
  readonly signal: AbortSignal;
}

/** A verb that runs one role until it is told to stop or has nothing left to do. */
export function roleCommand(role: string, summary: string, run: (start: RoleStart) => Promise<void>): Command {
  return {
    summary,
    usage: [`${role} [--config FILE]`],
    async run(argv) {
      const { values, positionals } = readArguments(argv, { config: { type: 'string' } });
      if (positionals.length > 0) throw new UsageError(`${role} takes no ${positionals[0] ?? ''}`);
      const { config } = loadConfig({ file: values.config });
      await run({ config, log: openLog(role, config.logLevel), signal: untilTold() });
      return 0;
    },
  };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
