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
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
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

/** Lines of standard error, without ffmpeg's `[part @ address]`; empty if nothing was said. */
export interface Complaints {
  readonly first: string;
  readonly last: string;
  /** The last line that names an error, for programs that go on talking after it; else the last. */
  readonly error: string;
}

/** A started program. Whoever starts one must call `end`, whatever happens; more than once is harmless. */
export interface Subprocess {
  readonly pid: number | undefined;
  /** The data: standard output, or descriptor 3 of a talkative program. */
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
  const child = spawnGroup(argv, withSide);
  const { stdout, stderr } = child as { stdout: Readable; stderr: Readable };
  const side = withSide ? (child.stdio[3] as Readable) : null;
  return own(child, { data: stdout, side, words: [stderr], group: true });
}

/** The same for a program that talks on its standard output: its data comes on descriptor 3. */
export function startTalkative(argv: readonly string[]): Subprocess {
  const child = spawnGroup(argv, true);
  const { stdout, stderr } = child as { stdout: Readable; stderr: Readable };
  return own(child, { data: child.stdio[3] as Readable, side: null, words: [stdout, stderr], group: true });
}

/** Takes over a program that a library started, in the group of ours; its standard input is closed. */
export function adoptSubprocess(child: ChildProcessWithoutNullStreams): Subprocess {
  child.stdin.on('error', () => undefined);
  child.stdin.destroy();
  return own(child, { data: child.stdout, side: null, words: [child.stderr], group: false });
}

function spawnGroup(argv: readonly string[], third: boolean): ChildProcess {
  const [program = '', ...args] = argv;
  return spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe', third ? 'pipe' : 'ignore'],
    detached: true,
  });
}

interface Channels {
  readonly data: Readable;
  readonly side: Readable | null;
  /** Where it complains; read for ever. */
  readonly words: readonly Readable[];
  /** It leads a process group, which ends with it. */
  readonly group: boolean;
}

function own(child: ChildProcess, { data, side, words, group }: Channels): Subprocess {
  const streams = [data, ...words, ...(side === null ? [] : [side])];
  // A reset of a descriptor is the end of the stream; how the program ended is told by its exit.
  for (const stream of streams) stream.on('error', () => undefined);
  const said = keepEnds(words);
  const exit = new Promise<Exit>((resolve) => {
    // on, not once: a failed signal is an error event too, and must not end us.
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'not-started', code: error.code ?? error.message }),
    );
    child.once('exit', (code, signal) =>
      resolve(code === null ? { kind: 'killed', signal: signal ?? 'unknown' } : { kind: 'exited', code }),
    );
  });
  let over = false;
  return {
    pid: child.pid,
    stdout: data,
    side,
    complaints: said,
    end: async (waitMs) => {
      if (over) return exit;
      if (child.pid !== undefined) await endGroup(group ? -child.pid : child.pid, exit, waitMs);
      over = true;
      await settlesWithin(Promise.all(words.map(closed)), LAST_WORDS_MS); // it says why
      for (const stream of streams) stream.destroy();
      await Promise.all(streams.map(closed));
      return exit;
    },
  };
}

/** @param target a process, or minus the leader of a group */
async function endGroup(target: number, exit: Promise<Exit>, waitMs: number): Promise<void> {
  if (!(await settlesWithin(exit, waitMs))) {
    send(target, 'SIGTERM');
    if (!(await settlesWithin(exit, GRACE_MS))) send(target, 'SIGKILL');
  }
  await exit;
  if (target < 0) send(target, 'SIGKILL'); // what the program itself left behind in its group
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // Gone already: that is what we wanted.
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

/** Reads text streams for ever and keeps their beginning and their end. */
function keepEnds(streams: readonly Readable[]): Subprocess['complaints'] {
  let head = '';
  let tail = '';
  for (const stream of streams) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      if (head.length < KEPT_CHARACTERS) head += text.slice(0, KEPT_CHARACTERS - head.length);
      tail = (tail + text).slice(-KEPT_CHARACTERS);
    });
  }
  return () => {
    const [begun, ended] = [lines(head), lines(tail)];
    const last = ended.at(-1) ?? '';
    return { first: begun.at(0) ?? '', last, error: ended.findLast((line) => ERROR.test(line)) ?? last };
  };
}

/** Escape sequences of a terminal: fswebcam colours its words for a pipe too. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const ERROR = /error|fail|cannot|could not|no such|busy|denied|refused|unable|no cameras/i;

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) =>
      line
        .replaceAll(COLOURS, '')
        .replace(/^(\[[^\]]*\] *)+/, '')
        .trim(),
    )
    .filter((line) => line !== '');
}
