/**
 * `npm run conformity [-- --results FILE] [--json FILE]`: clauses of protocols and regulations, the tests that
 * show them, and what those tests said just now. Without --results it runs them. Exit 1 when one failed or
 * is missing.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CLAUSES } from './conformity/clauses.ts';
import { conformity, inWords, readResults } from './conformity/table.ts';

const ROOT = resolve(import.meta.dirname, '..');

try {
  const { values } = parseArgs({ options: { results: { type: 'string' }, json: { type: 'string' } } });
  const text = values.results === undefined ? runTests() : readFileSync(values.results, 'utf8');
  const rows = conformity(CLAUSES, readResults(text, values.results ?? 'vitest'), ROOT);
  process.stdout.write(`${inWords(rows).join('\n')}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  process.exitCode = rows.some(({ result }) => result === 'failed' || result === 'missing') ? 1 : 0;
} catch (error) {
  process.stderr.write(`conformity: ${(error as Error).message}\n`);
  process.exitCode = 2;
}

/** Runs the files that the clauses name; a failed test is a result, not a fault. */
function runTests(): string {
  const files = [...new Set(CLAUSES.flatMap(({ shown }) => Object.keys(shown)))];
  const folder = mkdtempSync(join(tmpdir(), 'conformity-'));
  const output = join(folder, 'results.json');
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const argv = [vitest, 'run', ...files, '--reporter=json', `--outputFile.json=${output}`];
  try {
    execFileSync(process.execPath, argv, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  } catch {
    // Its exit status says that a test failed; the results say which.
  }
  try {
    return readFileSync(output, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
