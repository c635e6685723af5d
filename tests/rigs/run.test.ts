/** What a rig says at its end is what continuous integration believes. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Part, Rig } from './rig.ts';
import { until, within } from './rig.ts';
import { runRig } from './run.ts';

const part = (name: string, faults: string[] = []): Part => ({
  name,
  shows: 'something',
  run: () => Promise.resolve({ counts: { things: 3 }, faults }),
});
const broken: Part = {
  name: 'broken',
  shows: 'nothing',
  run: () => Promise.reject(new Error('no broker here')),
};

async function run(parts: Part[], only?: string) {
  const lines: string[] = [];
  const rig: Rig = { summary: 'a rig', parts };
  const say = (line: string): void => void lines.push(line);
  const report = await runRig('trial', rig, { full: false, seed: 7, say }, only);
  return {
    report,
    lines,
    last: lines.at(-1),
    closing: lines.filter((line) => line.startsWith('rig ')).length,
  };
}

it('says ok at its end, once, when every part kept its promise', async () => {
  const { report, lines, last, closing } = await run([part('first'), part('second')]);
  expect(last).toMatch(/^rig trial: ok, 2 part\(s\): first, second \(seed 7, /);
  expect(closing).toBe(1);
  expect(report.ok).toBe(true);
  expect(lines).toContain('  things: 3');
});

it('says failed when one part found a fault, and goes on with the others', async () => {
  const { report, lines, last } = await run([part('first', ['lost: 2 of 4']), part('second')]);
  expect(last).toMatch(/^rig trial: failed, 1 of 2 part\(s\): first \(1 fault\(s\)\)/);
  expect(lines).toContain('  FAULT: lost: 2 of 4');
  expect(report.ok).toBe(false);
  expect(Object.keys(report.parts)).toEqual(['first', 'second']);
});

it('says failed when a part could not run', async () => {
  const { report, last } = await run([broken, part('second')]);
  expect(last).toMatch(/^rig trial: failed, 1 of 2/);
  expect(report.parts['broken']?.faults).toEqual(['no broker here']);
});

it('says so when it ran one part only', async () => {
  const { last } = await run([broken, part('second')], 'second');
  expect(last).toMatch(/^rig trial: ok, 1 part\(s\): second \(only second, seed 7, /);
});

it('waits for a condition or for work, and says what did not happen', async () => {
  await until('nothing', () => true, 0);
  expect(await within('nothing', Promise.resolve(5), 10_000)).toBe(5);
  await expect(until('rain', () => false, 0)).rejects.toThrow('rain did not happen within 0 s');
  await expect(within('rain', new Promise(() => undefined), 10)).rejects.toThrow('rain did not happen');
});

it('refuses what it does not know with status 2', () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const call = (...argv: string[]) => spawnSync(process.execPath, [main, ...argv], { encoding: 'utf8' });
  for (const argv of [
    [],
    ['nothing'],
    ['delivery', '--only', 'x'],
    ['delivery', '--seed', 'x'],
    ['--what'],
  ]) {
    const { status, stderr, stdout } = call(...argv);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^rig: /);
    expect(stdout).toBe('');
  }
});
