/**
 * `cabinwatch run`: the three roles as children that die with it, for a bench or a demo (on a vehicle
 * systemd does this). A child that dies is started again, after a back-off that grows while it keeps dying.
 *
 * A child notices by its closed IPC channel that the supervisor is gone (see `untilTold`).
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';

export const ROLES = ['watch', 'uplink', 'console'] as const;
/** `can` runs only where OBD-II is configured. */
export type Role = (typeof ROLES)[number] | 'can';

export interface SuperviseOptions {
  readonly roles: readonly Role[];
  /** Arguments after the role's verb. */
  readonly argvOf: (role: Role) => readonly string[];
  readonly log: Logger;
  /** First and longest wait before a restart [ms]. */
  readonly backoffMs?: readonly [number, number];
  /** Program that carries out a verb; replaced in tests. */
  readonly program?: readonly string[];
}

export interface Supervised {
  /** Resolves when this role has ended by itself with status 0 (a recorded drive is over). */
  finished(role: Role): Promise<void>;
  /** Process id of a role that runs now. */
  pid(role: Role): number | undefined;
  /** How often the role was started again. */
  restarts(role: Role): number;
  /** Ends all of them: SIGTERM, and SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

const MAIN = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url),
);
/** A child that ran so long has recovered: its back-off starts anew. */
const STEADY_MS = 30_000;

interface Child {
  process: ChildProcess | null;
  restarts: number;
  waitMs: number;
  timer: NodeJS.Timeout | null;
  readonly finished: PromiseWithResolvers<void>;
}

/** Starts the roles and keeps them running. */
export function supervise(options: SuperviseOptions): Supervised {
  const { roles, argvOf, log, backoffMs = [250, 10_000], program = [process.execPath, MAIN] } = options;
  const children = new Map<Role, Child>();
  let stopping = false;

  const start = (role: Role, child: Child): void => {
    const [executable = process.execPath, ...before] = program;
    const startedAt = performance.now();
    const started = spawn(executable, [...before, role, ...argvOf(role)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.process = started;
    const ended = (how: string, code: number | null): void => {
      if (child.process !== started) return;
      child.process = null;
      if (code === 0) child.finished.resolve();
      if (code === 0 || stopping) return;
      // Wrong usage or configuration does not mend itself.
      if (code === 2) giveUp(role, child);
      else again(role, child, how, performance.now() - startedAt);
    };
    started.once('error', (error) => ended(error.message, null));
    started.once('exit', (code, signal) => ended(signal ?? `status ${code ?? '?'}`, code));
  };

  const giveUp = (role: Role, child: Child): void => {
    const sentence = `${role} cannot start with this configuration`;
    log.error(sentence);
    child.finished.reject(new Error(sentence));
  };

  const again = (role: Role, child: Child, how: string, ranMs: number): void => {
    child.waitMs = ranMs > STEADY_MS ? backoffMs[0] : Math.min(child.waitMs * 2, backoffMs[1]);
    child.restarts += 1;
    log.warn(`${role} ended (${how}); starting it again in ${child.waitMs} ms`);
    child.timer = setTimeout(() => start(role, child), child.waitMs);
  };

  for (const role of roles) {
    const child: Child = {
      process: null,
      restarts: 0,
      waitMs: backoffMs[0] / 2,
      timer: null,
      finished: Promise.withResolvers(),
    };
    child.finished.promise.catch(() => undefined); // whoever asks for `finished` hears of it
    children.set(role, child);
    start(role, child);
  }
  const childOf = (role: Role): Child => {
    const child = children.get(role);
    if (child === undefined) throw new Error(`the role ${role} is not supervised here`);
    return child;
  };
  return {
    finished: (role) => childOf(role).finished.promise,
    pid: (role) => childOf(role).process?.pid,
    restarts: (role) => childOf(role).restarts,
    async stop(graceMs = 5000) {
      stopping = true;
      await Promise.all([...children.values()].map((child) => end(child, graceMs)));
    },
  };
}

async function end(child: Child, graceMs: number): Promise<void> {
  if (child.timer !== null) clearTimeout(child.timer);
  const running = child.process;
  if (running === null) return;
  const gone = new Promise<void>((resolve) => running.once('exit', () => resolve()));
  running.kill('SIGTERM');
  const timer = setTimeout(() => running.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}

/**
 * For a role: aborts on SIGTERM, on SIGINT and when the supervisor is gone.
 * @returns a signal that the role ends by
 */
export function untilTold(): AbortSignal {
  const told = new AbortController();
  const stop = (): void => told.abort();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.once('disconnect', stop);
  // The supervisor may have gone while this role was loading (undefined: there never was one).
  if ((process.connected as boolean | undefined) === false) stop();
  // The channel must not keep a role alive that has nothing left to do.
  process.channel?.unref();
  return told.signal;
}
