/**
 * Clauses against the results of a test run.
 * In: clauses, the JSON that vitest's reporter writes. Out: a row a clause and test, and the rows as text.
 */
import { relative } from 'node:path';
import { z } from 'zod';
import type { Clause } from './clauses.ts';

/** The part of vitest's JSON that is read. */
const vitestResults = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ title: z.string(), status: z.string() })),
    }),
  ),
});
export type VitestResults = z.output<typeof vitestResults>;

/** `missing`: the results do not have the test, or it was skipped. `not shown`: no test is named. */
export type Result = 'passed' | 'failed' | 'missing' | 'not shown';

export interface Row {
  readonly document: string;
  readonly asks: string;
  readonly file: string | null;
  readonly test: string | null;
  readonly result: Result;
  /** How often the test ran (settings, frame rates, seeds). */
  readonly runs: number;
  readonly note: string | null;
}

/** @throws Error in one sentence when the text is not what vitest writes */
export function readResults(text: string, file: string): VitestResults {
  try {
    return vitestResults.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file}: wanted the results of vitest's JSON reporter`, { cause });
  }
}

/** @param root the repository, which the paths of the clauses are relative to */
export function conformity(clauses: readonly Clause[], results: VitestResults, root: string): Row[] {
  return clauses.flatMap((clause): Row[] => {
    const { document, asks } = clause;
    const note = clause.note ?? null;
    const tests = Object.entries(clause.shown).flatMap(([file, titles]) =>
      titles.map((test) => ({ file, test })),
    );
    if (tests.length === 0)
      return [{ document, asks, file: null, test: null, result: 'not shown', runs: 0, note }];
    return tests.map(({ file, test }) => ({
      document,
      asks,
      file,
      test,
      ...resultOf(file, test, results, root),
      note,
    }));
  });
}

function resultOf(
  file: string,
  test: string,
  results: VitestResults,
  root: string,
): Pick<Row, 'result' | 'runs'> {
  const title = titlePattern(test);
  const statuses = results.testResults
    .filter(({ name }) => relative(root, name) === file)
    .flatMap(({ assertionResults }) => assertionResults.filter((one) => title.test(one.title)))
    .map(({ status }) => status);
  const ran = statuses.filter((status) => status === 'passed' || status === 'failed');
  if (ran.includes('failed')) return { result: 'failed', runs: ran.length };
  const whole = ran.length > 0 && ran.length === statuses.length;
  return { result: whole ? 'passed' : 'missing', runs: ran.length };
}

/** A title of the source as vitest prints it: `$name` and `%i` stand for anything. */
export function titlePattern(title: string): RegExp {
  const parts = title
    .split(/\$\w+|%[a-z]/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`);
}

const AID = [
  'Generated from test results. An aid for drivers, not a certified system: no conformity is claimed.',
  'Clauses are paraphrased, as cited by others; a test shows what it says and no more.',
];

/** The table for people: a clause, then its tests. */
export function inWords(rows: readonly Row[]): string[] {
  const lines: string[] = [];
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1];
    if (before?.document !== row.document) lines.push('', row.document);
    if (before?.document !== row.document || before.asks !== row.asks) {
      lines.push(`  ${row.asks}${row.note === null ? '' : ` [${row.note}]`}`);
    }
    lines.push(
      `    ${row.result.padEnd(9)}  ${row.test === null ? 'no test' : `${row.test} (${row.file}, ${row.runs} run${row.runs === 1 ? '' : 's'})`}`,
    );
  }
  return [...lines.slice(1), '', countInWords(rows), ...AID];
}

function countInWords(rows: readonly Row[]): string {
  const results: readonly Result[] = ['passed', 'failed', 'missing', 'not shown'];
  const count = (result: Result) => rows.filter((row) => row.result === result).length;
  return results.map((result) => `${count(result)} ${result}`).join(', ');
}
