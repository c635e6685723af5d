/** What the verbs of the roles share: configuration, log, and the signal they end by. */
import type { Logger } from 'pino';
import { loadConfig, type ResolvedConfig } from '../../config/load.ts';
import { openLog } from '../log.ts';
import { untilTold } from '../supervise.ts';
import { readArguments, UsageError, type Command } from './command.ts';

export interface RoleStart {
  readonly config: ResolvedConfig;
  readonly log: Logger;
  /** Aborts on SIGTERM, SIGINT and when the supervisor is gone. */
  readonly signal: AbortSignal;
}

type Values = Readonly<Record<string, string | undefined>>;

/**
 * A verb that runs one role until it is told to stop or has nothing left to do.
 * @param more further options of the role, by name: what stands for the value in its usage
 */
export function roleCommand(
  role: string,
  summary: string,
  run: (start: RoleStart, values: Values) => Promise<void>,
  more: Readonly<Record<string, string>> = {},
): Command {
  const names = ['config', ...Object.keys(more)];
  const shown = Object.entries({ config: 'FILE', ...more }).map(([name, value]) => `[--${name} ${value}]`);
  return {
    summary,
    usage: [`${role} ${shown.join(' ')}`],
    async run(argv) {
      const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
      const { values, positionals } = readArguments(argv, options);
      if (positionals.length > 0) throw new UsageError(`${role} takes no ${positionals[0] ?? ''}`);
      const { config } = loadConfig({ file: values['config'] });
      await run({ config, log: openLog(role, config.logLevel), signal: untilTold() }, values);
      return 0;
    },
  };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
