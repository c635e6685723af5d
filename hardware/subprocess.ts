/**
 * A program that writes media to its standard output, started and ended cleanly.
 *
 * In:  program and arguments.
 * Out: standard output, an optional side channel (descriptor 3), how it ended, the end of what it
 *      complained about on standard error.
 *
 * The program gets a process group of its own, so that a shell's children end with it. Ending is SIGTERM,
 * then SIGKILL after a grace; it is over when the process is reaped and our descriptors are closed.
 */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Time between SIGTERM and SIGKILL [ms]; ffmpeg closes a V4L2 device in a few tens of them. */
const GRACE_MS = 2000;
/** The rest of standard error is waited for so long after the end [ms]. */
const LAST_WORDS_MS = 200;
/** How much of standard error is kept, at its beginning and at its end [characters]. */
const KEPT_CHARACTERS = 2000;

/** How a program ended. */
export type Exit =
  | { readonly kind: 'not-started'; readonly code: string }
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string };

/** First and last line of standard error, without ffmpeg's `[part @ address]`; empty if nothing was said. */
export interface Complaints {
  readonly first: string;
  readonly last: string;
}

/** A started program. Whoever starts one must call `end`, whatever happens; more than once is harmless. */
export interface Subprocess {
  readonly pid: number | undefined;
  readonly stdout: Readable;
  /** What the program writes to descriptor 3, if that was asked for. */
  readonly side: Readable | null;
  complaints(): Complaints;
  /**
   * Waits for the end: `waitMs` for the program to go by itself, then SIGTERM, then SIGKILL. Settles when
   * it is reaped, its group gone and our descriptors are closed. Never rejects.
   */
  end(waitMs: number): Promise<Exit>;
}

/** Starts a program. Never throws: a program that cannot be started is an `Exit` of `end`. */
export function startSubprocess(argv: readonly string[], withSide = false): Subprocess {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe', withSide ? 'pipe' : 'ignore'],
    detached: true,
  });
  const { stdout, stderr } = child as { stdout: Readable; stderr: Readable };
  const side = withSide ? (child.stdio[3] as Readable) : null;
  const streams = side === null ? [stdout, stderr] : [stdout, stderr, side];
  // A reset of a descriptor is the end of the stream; how the program ended is told by its exit.
  for (const stream of streams) stream.on('error', () => undefined);
  const said = keepEnds(stderr);
  const exit = new Promise<Exit>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'not-started', code: error.code ?? error.message }),
    );
    child.once('exit', (code, signal) =>
      resolve(code === null ? { kind: 'killed', signal: signal ?? 'unknown' } : { kind: 'exited', code }),
    );
  });
  let over = false;
  return {
    pid: child.pid,
    stdout,
    side,
    complaints: said,
    end: async (waitMs) => {
      if (over) return exit;
      if (child.pid !== undefined) await endGroup(child.pid, exit, waitMs);
      over = true;
      await settlesWithin(closed(stderr), LAST_WORDS_MS); // it says why
      for (const stream of streams) stream.destroy();
      await Promise.all(streams.map(closed));
      return exit;
    },
  };
}

async function endGroup(pid: number, exit: Promise<Exit>, waitMs: number): Promise<void> {
  if (!(await settlesWithin(exit, waitMs))) {
    signalGroup(pid, 'SIGTERM');
    if (!(await settlesWithin(exit, GRACE_MS))) signalGroup(pid, 'SIGKILL');
  }
  await exit;
  signalGroup(pid, 'SIGKILL'); // what the program itself left behind in its group
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already: that is what we wanted.
  }
}

async function settlesWithin(event: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const settled = await Promise.race([event.then(() => true), late]);
  clearTimeout(timer);
  return settled;
}

function closed(stream: Readable): Promise<void> {
  return stream.closed ? Promise.resolve() : new Promise((resolve) => stream.once('close', () => resolve()));
}

/** Reads a text stream for ever and keeps its beginning and its end. */
function keepEnds(stream: Readable): Subprocess['complaints'] {
  let head = '';
  let tail = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    if (head.length < KEPT_CHARACTERS) head += text.slice(0, KEPT_CHARACTERS - head.length);
    tail = (tail + text).slice(-KEPT_CHARACTERS);
  });
  return () => ({ first: lines(head).at(0) ?? '', last: lines(tail).at(-1) ?? '' });
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^(\[[^\]]*\] *)+/, '').trim())
    .filter((line) => line !== '');
}
