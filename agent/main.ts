#!/usr/bin/env node
/** The command line: finds the verb, runs it, turns errors into one clear sentence and an exit status. */
import { UsageError, type Command } from './cli/command.ts';
import { ConfigError } from '../config/config-error.ts';
import { VERSION } from './version.ts';

/** Each verb is loaded only when it is called: `uplink` must not load the networks, nor `watch` a network client. */
const VERBS: Readonly<Record<string, () => Promise<{ command: Command }>>> = {
  run: () => import('./cli/run.ts'),
  watch: () => import('./cli/watch.ts'),
  uplink: () => import('./cli/uplink.ts'),
  console: () => import('./cli/console.ts'),
  can: () => import('./cli/can.ts'),
  replay: () => import('./cli/replay.ts'),
  score: () => import('./cli/score.ts'),
  config: () => import('./cli/config.ts'),
  judge: () => import('./cli/judge.ts'),
  evaluate: () => import('./cli/evaluate.ts'),
  analyze: () => import('./cli/analyze.ts'),
  explain: () => import('./cli/explain.ts'),
  fleet: () => import('./cli/fleet.ts'),
};

async function main(argv: readonly string[]): Promise<number> {
  const [verb, ...rest] = argv;
  if (verb === '--version') return say(VERSION);
  if (verb === undefined || verb === 'help' || verb === '--help') return say(await overview());
  const load = VERBS[verb];
  if (load === undefined) {
    process.stderr.write(`cabinwatch: there is no "${verb}"; there are: ${Object.keys(VERBS).join(', ')}\n`);
    return 2;
  }
  const { command } = await load();
  if (rest.includes('--help')) return say(usage(command));
  try {
    return await command.run(rest);
  } catch (error) {
    return explain(verb, command, error);
  }
}

/** One clear sentence for what a person can mend; the stack only for our own mistakes. */
function explain(verb: string, command: Command, error: unknown): number {
  const name = `cabinwatch ${verb}`;
  if (error instanceof UsageError) {
    process.stderr.write(`${name}: ${error.message}\n${usage(command)}\n`);
    return 2;
  }
  if (error instanceof ConfigError) {
    const { length } = error.faults;
    const head = length > 1 ? `the configuration has ${length} faults:\n` : '';
    process.stderr.write(`${name}: ${head}${error.message}\n`);
    return 2;
  }
  const ours = error instanceof TypeError || error instanceof ReferenceError || !(error instanceof Error);
  process.stderr.write(
    `${name}: ${ours ? String(error instanceof Error ? error.stack : error) : error.message}\n`,
  );
  return 1;
}

async function overview(): Promise<string> {
  const rows = await Promise.all(
    Object.entries(VERBS).map(async ([verb, load]) => `  ${verb.padEnd(9)}${(await load()).command.summary}`),
  );
  return ['cabinwatch VERB [--help]', ...rows].join('\n');
}

/** A line that begins with a space explains the one before. */
const usage = (command: Command): string =>
  [
    command.summary,
    ...command.usage.map((line) => (line.startsWith(' ') ? `  ${line}` : `  cabinwatch ${line}`)),
  ].join('\n');

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

// Whoever reads the results may have read enough (`| head`): that is no fault.
process.stdout.on('error', () => undefined);
// An exit status is set rather than process.exit called, so that what was written is flushed.
process.exitCode = await main(process.argv.slice(2));
