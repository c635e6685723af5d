/** `judge table` and the table behind it. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { command } from '../../agent/cli/judge.ts';
import { UsageError } from '../../agent/cli/command.ts';
import { behaviours } from '../../agent/judge/evidence-rules.ts';
import { ALERT_KINDS, EVENT_KINDS } from '../../agent/judge/outcome.ts';
import { policyNumbers, policyTable, type PolicyRow, type PolicyTable } from '../../config/policy-table.ts';
import { configSchema } from '../../config/schema.ts';

const judge = configSchema.parse({}).judge;

/** Kinds of the contract that this version does not judge; the networks that would measure them come later. */
const numberless = (row: PolicyRow): boolean => row.threshold.length === 0;

it('has a row for every alert and every recorded event', () => {
  const { policy } = policyTable(judge, behaviours());
  expect(policy.filter((row) => row.told).map((row) => row.behaviour)).toEqual([...ALERT_KINDS]);
  expect(new Set(policy.map((row) => row.behaviour))).toEqual(new Set([...ALERT_KINDS, ...EVENT_KINDS]));
});

it('gives each row thresholds, their sources and its severity, or says that it is not judged', () => {
  const { policy } = policyTable(judge, behaviours());
  for (const row of policy.filter((row) => !numberless(row))) {
    expect(row.source, `sources of "${row.behaviour}"`).not.toEqual([]);
    expect(row.severity.length > 0, `"${row.behaviour}" has a severity as it is told`).toBe(row.told);
  }
  expect(
    EVENT_KINDS.filter((kind) => policy.some((row) => row.behaviour === kind && numberless(row))),
  ).toEqual([]);
});

it('names no number that the configuration does not have, and leaves out no severity', () => {
  const paths = new Set(policyNumbers(judge).map((number) => number.path));
  const named = behaviours().flatMap((b) => [...b.threshold, ...(b.window ?? []), ...(b.severity ?? [])]);
  expect(named.filter((path) => !paths.has(path))).toEqual([]);
  const used = policyTable(judge, behaviours()).policy.flatMap((row) => row.severity.map((s) => s.path));
  const severities = Object.keys(judge.severity).map((key) => `severity.${key}`);
  expect(severities.filter((path) => !used.includes(path))).toEqual([]);
});

it('reads value, unit, meaning and source of a number', () => {
  const { policy } = policyTable(judge, behaviours());
  expect(policy.find((row) => row.behaviour === 'microsleep')?.threshold[0]).toEqual({
    path: 'eyes.microsleepMs',
    value: judge.eyes.microsleepMs,
    unit: 'ms',
    meaning: 'Closure from which it is a microsleep',
    source: 'Euro NCAP: 1-2 s',
  });
  const glances = policy.find((row) => row.behaviour === 'repeated-glances');
  expect(glances?.window.map((number) => number.path)).toEqual(['distraction.repeatedWindowMs']);
});

it('shows the effective values, not the defaults', () => {
  const changed = { ...judge, eyes: { ...judge.eyes, sleepMs: 4321 } };
  const sleep = policyTable(changed, behaviours()).policy.find((row) => row.behaviour === 'sleep');
  expect(sleep?.threshold.map((number) => number.value)).toContain(4321);
});

it('lists every number of the judgement once, each with words', () => {
  const { numbers } = policyTable(judge, behaviours());
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
  expect(table).toEqual(JSON.parse(JSON.stringify(policyTable(judge, behaviours()))));
});

it('says in one sentence what it does not know', async () => {
  await expect(async () => command.run(['chart'])).rejects.toThrow(
    new UsageError('there is no "judge chart"'),
  );
});
