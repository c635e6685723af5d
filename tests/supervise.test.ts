/** The supervisor on real processes: a tiny program stands in for the roles. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { supervise, type Role, type Supervised, type SuperviseOptions } from '../agent/supervise.ts';
import { logger, until } from './link/fixtures.ts';

const fake = (name: string): string => fileURLToPath(new URL(`./fakes/${name}.ts`, import.meta.url));

let folder: string;
let file: string;
let supervised: Supervised | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cabinwatch-supervise-'));
  file = join(folder, 'events');
  writeFileSync(file, '');
  supervised = null;
});
afterEach(async () => {
  vi.useRealTimers();
  await supervised?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the roles noted: `watch started 123`. */
const events = (): string[] => readFileSync(file, 'utf8').trim().split('\n');
const times = (event: string): number => events().filter((line) => line.startsWith(event)).length;

function start(behaviours: Partial<Record<Role, string[]>>, more: Partial<SuperviseOptions> = {}) {
  const { log, lines } = logger();
  const started = supervise({
    roles: Object.keys(behaviours) as Role[],
    argvOf: (role) => [file, ...(behaviours[role] ?? [])],
    log,
    backoffMs: [10, 40],
    program: [process.execPath, fake('role')],
    ...more,
  });
  supervised = started;
  return { supervised: started, lines };
}

describe('a role that ends', () => {
  it('is started again, after a wait that grows while it keeps dying', async () => {
    const { supervised, lines } = start({ watch: ['exit', '1'] });
    await until(() => supervised.restarts('watch') >= 4);
    const waits = lines.map(
      (line) => /^watch ended \(status 1\); starting it again in (\d+) ms$/.exec(line)?.[1],
    );
    expect(waits.slice(0, 4)).toEqual(['10', '20', '40', '40']);
    expect(times('watch started')).toBeGreaterThanOrEqual(4);
  });

  it('is started again when it is killed, while the others go on', async () => {
    const { supervised, lines } = start({ watch: ['stay'], uplink: ['stay'] });
    await until(() => times('watch started') === 1 && times('uplink started') === 1);
    const [watch, uplink] = [supervised.pid('watch'), supervised.pid('uplink')];
    process.kill(watch!, 'SIGKILL');
    await until(() => times('watch started') === 2);
    expect(supervised.pid('watch')).not.toBe(watch);
    expect(supervised.pid('uplink')).toBe(uplink);
    expect(supervised.restarts('uplink')).toBe(0);
    expect(lines).toEqual(['watch ended (SIGKILL); starting it again in 10 ms']);
  });

  it('begins with the first wait again once it has run steadily', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { supervised, lines } = start({ watch: ['stay'] });
    const die = async (afterMs: number): Promise<void> => {
      const before = supervised.restarts('watch');
      await until(() => times('watch started') === before + 1);
      vi.advanceTimersByTime(afterMs);
      process.kill(supervised.pid('watch')!, 'SIGKILL');
      await until(() => supervised.restarts('watch') === before + 1);
    };
    for (const afterMs of [0, 0, 60_000]) await die(afterMs);
    expect(lines.map((line) => /in (\d+) ms/.exec(line)?.[1])).toEqual(['10', '20', '10']);
  });

  it('by itself with status 0 has finished and stays away', async () => {
    const { supervised } = start({ watch: ['exit', '0'], uplink: ['stay'] });
    await supervised.finished('watch');
    await until(() => times('uplink started') === 1);
    expect(supervised.pid('watch')).toBeUndefined();
    expect(supervised.restarts('watch')).toBe(0);
  });

  it('with status 2 is not started again: a configuration does not mend itself', async () => {
    const { supervised, lines } = start({ uplink: ['exit', '2'] });
    await expect(supervised.finished('uplink')).rejects.toThrow(
      'uplink cannot start with this configuration',
    );
    expect(supervised.restarts('uplink')).toBe(0);
    expect(lines).toEqual(['uplink cannot start with this configuration']);
  });

  it('because its program is not there is tried again', async () => {
    const { supervised, lines } = start({ console: [] }, { program: [join(folder, 'nowhere')] });
    await until(() => supervised.restarts('console') >= 2);
    expect(lines[0]).toContain('ENOENT');
  });
});

describe('stopping', () => {
  it('ends every role by SIGTERM and starts none again', async () => {
    const { supervised } = start({ watch: ['stay'], uplink: ['stay'], console: ['exit', '1'] });
    await until(() => times('watch started') === 1 && times('uplink started') === 1);
    await supervised.stop();
    expect(times('watch told')).toBe(1);
    expect(times('uplink told')).toBe(1);
    for (const role of ['watch', 'uplink', 'console'] as const) expect(supervised.pid(role)).toBeUndefined();
  });

  it('kills a role that does not end within the grace', async () => {
    const { supervised } = start({ watch: ['deaf'] });
    await until(() => times('watch started') === 1);
    const pid = supervised.pid('watch')!;
    await supervised.stop(300);
    expect(times('watch heard')).toBe(1);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe('a supervisor that is killed', () => {
  const killed = async (behaviour: string): Promise<void> => {
    const child = spawn(process.execPath, [fake('supervisor'), file, behaviour], { stdio: 'ignore' });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    await until(() => times('watch started') === 1 && times('uplink started') === 1);
    child.kill('SIGKILL');
    await gone;
    await until(() => times('watch told') === 1 && times('uplink told') === 1);
  };

  it('takes its roles with it', () => killed('stay'));

  it('takes a role with it that was still loading', () => killed('late'));
});
