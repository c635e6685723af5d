/**
 * A tool that tells of an input line, line by line, for ever: the common part of button and ignition.
 * In: its command. Out: each line that it prints; health.
 */
import { createInterface } from 'node:readline';
import { startGuarded } from './guarded.ts';
import { keepRunning, type RetryWaits } from './keep-trying.ts';
import { endingInWords, findSyntax, type InputLine, type Syntax } from './tools.ts';

export interface InputOptions {
  readonly tool: 'gpiomon' | 'gpioget';
  readonly command: (syntax: Syntax) => string;
  readonly onLine: (text: string) => void;
  /** A run has begun: what was known before is not known any more. */
  readonly onStart: () => void;
  /** `null` when all is well (again). */
  readonly onHealth: (fault: string | null) => void;
  /** Something is printed at least so often [ms]; `null` = only when something happens. */
  readonly silentAfterMs: number | null;
  readonly waits?: RetryWaits | undefined;
}

/** A tool that cannot have its line ends at once; one that runs for so long has it [ms]. */
const HELD_MS = 500;
const END_MS = 1000;

/** Reads until the signal; a tool that ends, fails or falls silent is started again for ever. */
export function readInput(line: InputLine, options: InputOptions, signal: AbortSignal): Promise<void> {
  return keepRunning(
    () => runOnce(line, options, signal),
    (fault) => options.onHealth(fault),
    signal,
    options.waits,
  );
}

async function runOnce(line: InputLine, options: InputOptions, signal: AbortSignal): Promise<void> {
  const { tool, silentAfterMs } = options;
  const isOver = (): boolean => signal.aborted;
  const syntax = await findSyntax();
  if (isOver()) return;
  options.onStart();
  const program = startGuarded(options.command(syntax));
  const stop = (): void => void program.end(END_MS);
  signal.addEventListener('abort', stop);
  const heard = { silent: false };
  const fallSilent = (): void => {
    heard.silent = true;
    stop();
  };
  let silence = silentAfterMs === null ? undefined : setTimeout(fallSilent, silentAfterMs);
  const held = silentAfterMs === null ? setTimeout(() => options.onHealth(null), HELD_MS) : undefined;
  createInterface({ input: program.stdout }).on('line', (text) => {
    if (heard.silent || isOver()) return;
    options.onHealth(null);
    options.onLine(text.trim());
    if (silentAfterMs === null) return;
    clearTimeout(silence);
    silence = setTimeout(fallSilent, silentAfterMs);
  });
  const ending = await program.over;
  signal.removeEventListener('abort', stop);
  clearTimeout(silence);
  clearTimeout(held);
  if (isOver()) return;
  throw new Error(
    heard.silent
      ? `${tool} on line ${line.line} of ${line.chip} told nothing for ${(silentAfterMs ?? 0) / 1000} s`
      : endingInWords(tool, line, ending),
  );
}
