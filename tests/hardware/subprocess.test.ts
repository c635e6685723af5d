import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startSubprocess, startTalkative } from '../../hardware/subprocess.ts';
import { children, openPipes } from './media.ts';

/** First line that a program writes. */
async function firstLine(program: ReturnType<typeof startSubprocess>): Promise<string> {
  let text = '';
  for await (const part of program.stdout.iterator({ destroyOnReturn: false })) {
    text += String(part);
    if (text.includes('\n')) break;
  }
  return text.trim();
}

/** A process that init has not reaped yet does not run any more. */
function isRunning(pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !['Z', 'X'].includes(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? 'X');
  } catch {
    return false;
  }
}

describe('a subprocess', () => {
  it('is ended with all that it started', async () => {
    const program = startSubprocess(['sh', '-c', 'sleep 100 & echo $!; wait']);
    const grandchild = await firstLine(program);
    expect(isRunning(grandchild)).toBe(true);
    expect(await program.end(0)).toEqual({ kind: 'killed', signal: 'SIGTERM' });
    for (let n = 0; n < 200 && isRunning(grandchild); n += 1) await pause(10);
    expect(isRunning(grandchild)).toBe(false);
    expect(children()).toEqual([]);
  });

  it('is killed when it does not heed the request', async () => {
    const program = startSubprocess(['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 1; done']);
    await firstLine(program);
    expect(await program.end(0)).toEqual({ kind: 'killed', signal: 'SIGKILL' });
    expect(children()).toEqual([]);
  });

  it('may end by itself when it is given the time', async () => {
    const program = startSubprocess(['sh', '-c', 'exit 4']);
    program.stdout.resume();
    expect(await program.end(10_000)).toEqual({ kind: 'exited', code: 4 });
    expect(await program.end(0)).toEqual({ kind: 'exited', code: 4 });
  });

  it('that cannot be started is a value and leaves nothing open', async () => {
    const before = openPipes();
    expect(await startSubprocess(['/no/such/program'], true).end(0)).toEqual({
      kind: 'not-started',
      code: 'ENOENT',
    });
    expect(await startSubprocess(['/tmp'], true).end(0)).toEqual({ kind: 'not-started', code: 'EACCES' });
    expect(openPipes()).toBe(before);
  });

  it('may complain without end: beginning and end are kept', async () => {
    const script = 'echo "[a @ 0x1] [error] begin" >&2; seq 100000 >&2; echo end >&2';
    const program = startSubprocess(['sh', '-c', script]);
    program.stdout.resume();
    await program.end(30_000);
    expect(program.complaints()).toEqual({ first: 'begin', last: 'end', error: 'end' });
  });

  it('names the error that other words came after', async () => {
    const script = 'echo "ERROR: *** no cameras available ***" >&2; echo "closing" >&2';
    const program = startSubprocess(['sh', '-c', script]);
    program.stdout.resume();
    await program.end(10_000);
    expect(program.complaints()).toMatchObject({
      last: 'closing',
      error: 'ERROR: *** no cameras available ***',
    });
  });

  it('may talk on its standard output and give its data on descriptor 3', async () => {
    const program = startTalkative([
      'sh',
      '-c',
      'seq 100000; echo "Setting pipeline to NULL"; echo data >&3',
    ]);
    expect(await firstLine(program)).toBe('data');
    expect(await program.end(10_000)).toEqual({ kind: 'exited', code: 0 });
    expect(program.complaints().last).toBe('Setting pipeline to NULL');
  });
});
