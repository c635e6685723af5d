/** `judge table`: the policy as a table, generated from the configuration and its schema. */
import { loadConfig } from '../../config/load.ts';
import { policyTable, type PolicyNumber, type PolicyRow } from '../../config/policy-table.ts';
import { behaviours } from '../judge/evidence-rules.ts';
import { openLines, readArguments, UsageError, type Command } from './command.ts';

const AID = 'An aid for drivers, not a certified system: sources are named, conformity is not claimed.';

export const command: Command = {
  summary: 'print the policy of the judge: behaviour, threshold, window, severity, source',
  usage: ['judge table [--config FILE] [--json OUT]'],
  async run([verb, ...argv]) {
    if (verb !== 'table') {
      throw new UsageError(verb === undefined ? 'table?' : `there is no "judge ${verb}"`);
    }
    const { values, positionals } = readArguments(argv, {
      config: { type: 'string' },
      json: { type: 'string' },
    });
    if (positionals.length > 0) throw new UsageError(`judge table takes no ${positionals[0] ?? ''}`);
    const table = policyTable(loadConfig({ file: values.config }).config.judge, behaviours());
    if (values.json !== undefined) {
      const out = await openLines(values.json);
      out.line(JSON.stringify(table, null, 2));
      await out.close();
    }
    const people = values.json === '-' ? process.stderr : process.stdout;
    people.write(`${policyInWords(table.policy).join('\n')}\n\n`);
    people.write(`${numbersInWords(table.numbers).join('\n')}\n\n${AID}\n`);
    return 0;
  },
};

const HEAD = ['behaviour', 'threshold', 'window', 'severity', 'source'];
const SEVERITIES = ['', 'notice', 'warning', 'critical'];

/** A line a threshold; what belongs to the behaviour stands on its first line. */
function policyInWords(policy: readonly PolicyRow[]): string[] {
  return columns([HEAD, ...policy.flatMap(linesOf)]);
}

function linesOf(row: PolicyRow): string[][] {
  const count = Math.max(1, row.threshold.length, row.window.length);
  return Array.from({ length: count }, (_, index) => {
    const threshold = row.threshold[index];
    const window = row.window[index];
    const sources = [threshold?.source, window?.source].filter((source) => typeof source === 'string');
    return [
      index === 0 ? row.behaviour : '',
      threshold === undefined ? missing(index) : named(threshold),
      window === undefined ? '' : named(window),
      index === 0 ? severityInWords(row) : '',
      [...new Set(sources)].join('; '),
    ];
  });
}

function numbersInWords(numbers: readonly PolicyNumber[]): string[] {
  const rows = numbers.map((number) => [
    number.path,
    shown(number),
    number.meaning,
    number.source ?? 'no source named',
  ]);
  return columns([['number', 'value', 'what it is', 'source'], ...rows]);
}

function named(number: PolicyNumber): string {
  return `${number.path} ${shown(number)}`;
}

/** Lists of plain values in one cell; lists of zones only by their names. */
function shown({ value, unit }: PolicyNumber): string {
  const text = (one: unknown): string =>
    typeof one === 'object' && one !== null && 'name' in one ? String(one.name) : String(one);
  const values = Array.isArray(value) ? value.map(text).join(' / ') : text(value);
  return unit === null || unit.includes(',') ? values : `${values} ${unit}`;
}

/** What is not judged has no number; nobody may read its row as a promise. */
const missing = (index: number): string => (index === 0 ? 'not judged in this version' : '');

/** One path: a list goes with levels 1, 2, 3. A second one is what it rises to on the slow clock. */
function severityInWords({ told, severity }: PolicyRow): string {
  if (!told) return 'recorded only';
  return severity.map(({ value }) => listInWords(value)).join(', unseen for long: ');
}

function listInWords(severity: unknown): string {
  const levels: readonly unknown[] = Array.isArray(severity) ? severity : [severity];
  return levels.map((level) => SEVERITIES[Number(level)] ?? String(level)).join(' / ');
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
