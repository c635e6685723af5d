/**
 * What a verb of the command line is, and how it speaks: results on standard output, words for people on
 * standard error when JSON goes to standard output. Exit 0 fine, 1 fault or miss, 2 wrong usage or config.
 */
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { parseArgs, type ParseArgsConfig } from 'node:util';

export interface Command {
  /** One line for the list of verbs. */
  readonly summary: string;
  /** How to call it, one line each. */
  readonly usage: readonly string[];
  /** Carries it out; resolves to the exit status. */
  run(argv: readonly string[]): Promise<number>;
}

/** Wrong arguments: exit status 2, the sentence and how to call it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Arguments by node:util's parser.
 * @throws UsageError in words for an unknown or incomplete option
 */
export function readArguments<T extends Options>(argv: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const text = (error as Error).message.split('. ')[0] ?? '';
    throw new UsageError(text.charAt(0).toLowerCase() + text.slice(1));
  }
}

/**
 * A number given as an option.
 * @throws UsageError naming the option and its bounds
 */
export function numberOption(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !(value >= min && value <= max)) {
    throw new UsageError(`--${name}: found "${text}", wanted a number from ${min} to ${max}`);
  }
  return value;
}

/** Lines into a file, or to standard output for `-`. */
export interface LineSink {
  /** @throws Error naming the file once a line before could not be written */
  line(text: string): void;
  /** @throws Error naming the file when not all could be written */
  close(): Promise<void>;
}

/** @throws Error naming the file when it cannot be written */
export async function openLines(file: string): Promise<LineSink> {
  if (file === '-') return linesInto(process.stdout, 'standard output');
  const stream = createWriteStream(file);
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', (cause) => reject(unwritable(file, cause)));
  });
  return linesInto(stream, file);
}

function linesInto(stream: Writable, name: string): LineSink {
  let fault: Error | null = null;
  stream.on('error', (cause) => (fault ??= unwritable(name, cause)));
  const flushed = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (cause?: Error | null): void => {
        if (cause instanceof Error) fault ??= unwritable(name, cause);
        resolve();
      };
      // Standard output stays open for others.
      if (stream === process.stdout) stream.write('', done);
      else stream.end(done);
    });
  return {
    line(text) {
      if (fault !== null) throw fault;
      stream.write(`${text}\n`);
    },
    async close() {
      await flushed();
      if (fault !== null) throw fault;
    },
  };
}

const UNWRITABLE: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'what should be its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not write it',
  EPERM: 'this user may not write it',
  EROFS: 'its disk is read-only',
  ENOSPC: 'the disk is full',
  EPIPE: 'its reader has gone',
};

function unwritable(name: string, cause: NodeJS.ErrnoException): Error {
  return new Error(`${name} cannot be written: ${UNWRITABLE[cause.code ?? ''] ?? cause.message}`, { cause });
}
