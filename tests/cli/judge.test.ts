/** `judge table` and the table behind it. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { command } from '../../agent/cli/judge.ts';
import { UsageError } from '../../agent/cli/command.ts';
import { policyTable, type PolicyTable } from '../../config/policy-table.ts';
import { configSchema } from '../../config/schema.ts';

const judge = configSchema.parse({}).judge;

it('gives every behaviour with a severity a row with its thresholds and their sources', () => {
  const { policy } = policyTable(judge);
  expect(policy.map((row) => row.behaviour)).toEqual(Object.keys(judge.severity));
  for (const row of policy) {
    expect(row.threshold, `the numbers that decide "${row.behaviour}"`).not.toEqual([]);
    expect(row.source, `sources of "${row.behaviour}"`).not.toEqual([]);
  }
});

it('reads value, unit, meaning and source of a number', () => {
  const { policy } = policyTable(judge);
  expect(policy.find((row) => row.behaviour === 'microsleep')?.threshold[0]).toEqual({
    path: 'eyes.microsleepMs',
    value: judge.eyes.microsleepMs,
    unit: 'ms',
    meaning: 'Closure from which it is a microsleep',
    source: 'Euro NCAP: 1-2 s',
  });
  const glances = policy.find((row) => row.behaviour === 'repeatedGlances');
  expect(glances?.window.map((number) => number.path)).toEqual(['distraction.repeatedWindowMs']);
});

it('shows the effective values, not the defaults', () => {
  const changed = { ...judge, eyes: { ...judge.eyes, sleepMs: 4321 } };
  const sleep = policyTable(changed).policy.find((row) => row.behaviour === 'sleep');
  expect(sleep?.threshold.map((number) => number.value)).toContain(4321);
});

it('lists every number of the judgement once, each with words', () => {
  const { numbers } = policyTable(judge);
  expect(new Set(numbers.map((number) => number.path)).size).toBe(numbers.length);
  expect(numbers.map((number) => number.path)).toContain('drowsiness.perclosKss');
  for (const number of numbers) expect(number.meaning, number.path).not.toBe('');
});

it('prints the table for people and writes the same as JSON', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'table-')), 'policy.json');
  const printed: string[] = [];
  const write = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => printed.push(String(text)) > 0);
  const status = await command.run(['table', '--json', file]).finally(() => write.mockRestore());
  expect(status).toBe(0);
  expect(printed.join('')).toMatch(/^behaviour +threshold +window +severity +source$/m);
  expect(printed.join('')).toMatch(/^microsleep +eyes\.microsleepMs 1000 ms +critical +Euro NCAP: 1-2 s$/m);
  const table = JSON.parse(readFileSync(file, 'utf8')) as PolicyTable;
  expect(table).toEqual(JSON.parse(JSON.stringify(policyTable(judge))));
});

it('says in one sentence what it does not know', async () => {
  await expect(async () => command.run(['chart'])).rejects.toThrow(
    new UsageError('there is no "judge chart"'),
  );
});
