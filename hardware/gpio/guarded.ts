/**
 * A program that holds a GPIO line, and cannot outlive the agent.
 *
 * In:  shell commands: what holds the line, and what is done last of all.
 * Out: its output, how it ended.
 *
 * The kernel gives a line to one program at a time and promises nothing about a line that was let go: on a
 * Raspberry Pi it may stay as it was. So a small shell stands between. It reads a pipe whose other end only the
 * agent has: when the agent closes it, or dies in whatever way, the shell ends the program, carries out the last
 * command (drive the line low) and goes. SIGTERM, as systemd sends it to all of a unit, does the same. What
 * it cannot survive is SIGKILL of its own; the next start drives the line low first of all.
 */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface Ending {
  /** Status of the program, 0 if it was ended by us; `null` = the shell was killed. */
  readonly status: number | null;
  /** The last line of what it complained about; empty if nothing was said. */
  readonly complaint: string;
}

export interface Guarded {
  readonly stdout: Readable;
  /** Resolves when all of it is over. Never rejects. */
  readonly over: Promise<Ending>;
  /** Ends it: the last command is carried out. Killed after `graceMs`. */
  end(graceMs: number): Promise<Ending>;
}

/**
 * @param command holds the line; a shell command of words that need no quoting
 * @param last carried out at the end, however it comes
 */
export function startGuarded(command: string, last = 'true'): Guarded {
  const child = spawn('sh', ['-c', guard(command, last)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // a process group of its own, which the shell ends as a whole
  });
  let words = '';
  child.stderr.on('data', (text: Buffer) => (words = (words + text.toString()).slice(-500)));
  child.stdin.on('error', () => undefined);
  // Not the child's own `close`: that waits for somebody to read its output.
  const said = new Promise<void>((resolve) => child.stderr.once('close', resolve));
  const over = new Promise<Ending>((resolve) => {
    child.once('error', ({ message }) => resolve({ status: null, complaint: message }));
    child.once('exit', (status) => {
      void said.then(() => resolve({ status, complaint: words.trim().split('\n').at(-1)?.trim() ?? '' }));
    });
  });
  return {
    stdout: child.stdout,
    over,
    async end(graceMs) {
      child.stdin.end();
      const hung = setTimeout(() => killGroup(child.pid), graceMs);
      const ending = await over;
      clearTimeout(hung);
      return ending;
    },
  };
}

/**
 * `kill 0` is the shell's own group. A signal to a process that was forked this moment may be lost to the trap
 * that it still has: hence SIGKILL for the reader; every command of ours ends by itself once one of its programs does.
 * What is said to an agent that is dead would end the shell: hence PIPE.
 */
const guard = (command: string, last: string): string => `
exec 3<&0
finish() {
  trap '' TERM INT HUP ABRT PIPE
  kill -KILL "$reader" 2>/dev/null
  kill -TERM 0
  wait
  for try in 1 2 3 4; do
    { ${last}; } && exit "$1"
    sleep 0.1
  done
  exit 1
}
trap 'finish 0' TERM INT HUP ABRT
{ read -r _ <&3; kill -TERM $$; } &
reader=$!
{ ${command}; } 3<&- &
wait $!
finish $?
`;

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already: that is what we wanted.
  }
}
