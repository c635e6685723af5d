/**
 * The real command line as a child process: two at a time, with a home of its own, killed when it hangs.
 * In: arguments. Out: exit status (`null` = it hung and was killed) and what it wrote.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';

export const ROOT = resolve(import.meta.dirname, '..', '..');
const AT_ONCE = 2;

export interface Ran {
  /** `null`: killed, it did not end by itself. */
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A child that runs. */
export interface Running {
  readonly written: { readonly out: string; readonly err: string };
  /** Resolves when the condition holds, or when the child has ended. */
  until(condition: () => boolean): Promise<void>;
  /** Told to end (SIGTERM). */
  end(): Promise<Ran>;
}

type Environment = Readonly<Record<string, string>>;

/** A folder that is removed after the tests of this file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * @param home where it keeps what no setting places elsewhere
 * @param hungMs one that runs for longer is killed; the default is ten times what any case takes when idle
 */
export function commandLine(home: string, hungMs = 50_000) {
  const run = (argv: readonly string[], environment: Environment = {}): Promise<Ran> =>
    inTurn(() => start({ home, argv, environment, hungMs }).ended);
  const during = (argv: readonly string[], work: (running: Running) => Promise<void>): Promise<Ran> =>
    inTurn(async () => {
      const running = start({ home, argv, environment: {}, hungMs });
      try {
        await work(running);
      } finally {
        await running.end();
      }
      return running.ended;
    });
  return { run, during };
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

interface Start {
  readonly home: string;
  readonly argv: readonly string[];
  readonly environment: Environment;
  readonly hungMs: number;
}

function start({ home, argv, environment, hungMs }: Start): Running & { readonly ended: Promise<Ran> } {
  const child = spawn(process.execPath, [join(ROOT, 'agent/main.ts'), ...argv], {
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: tmpdir(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
  const hung = setTimeout(() => child.kill('SIGKILL'), hungMs);
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(hung);
      resolve({ status, ...written });
    });
  });
  return {
    written,
    ended,
    async until(condition) {
      while (!condition() && child.exitCode === null && child.signalCode === null) await sleep(20);
    },
    end() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
