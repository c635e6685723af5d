/** The conformity table: made of results alone, and of tests that exist. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLAUSES } from '../../scripts/conformity/clauses.ts';
import type { Clause } from '../../scripts/conformity/clauses.ts';
import { conformity, inWords, readResults, titlePattern } from '../../scripts/conformity/table.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const named = CLAUSES.flatMap(({ shown }) =>
  Object.entries(shown).flatMap(([file, titles]) => titles.map((title) => ({ file, title }))),
);

describe('the clauses', () => {
  it.each(named)('name a test that exists: $title', ({ file, title }) => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    expect(source.includes(`'${title}'`), `${file} has no test of this title`).toBe(true);
  });

  it('say why nothing shows them, where nothing does', () => {
    const open = CLAUSES.filter(({ shown }) => Object.keys(shown).length === 0);
    expect(open.length).toBeGreaterThan(0);
    for (const { asks, note } of open) expect(note, asks).toBeTypeOf('string');
  });
});

describe('the table', () => {
  const clauses: Clause[] = [
    { document: 'A', asks: 'this', shown: { 'tests/a.test.ts': ['is so at %i', 'is gone'] } },
    { document: 'A', asks: 'that', shown: {}, note: 'needs a study' },
    { document: 'B', asks: 'more', shown: { 'tests/b.test.ts': ['fails once ($side)', 'is skipped'] } },
  ];
  const assertion = (title: string, status = 'passed') => ({ title, status });
  const results = {
    testResults: [
      {
        name: join(ROOT, 'tests/a.test.ts'),
        assertionResults: [assertion('is so at 10'), assertion('is so at 30')],
      },
      {
        name: join(ROOT, 'tests/b.test.ts'),
        assertionResults: [
          assertion('fails once (left)'),
          assertion('fails once (right)', 'failed'),
          assertion('is skipped', 'skipped'),
          assertion('is gone'),
        ],
      },
    ],
  };
  const rows = conformity(clauses, results, ROOT);

  it('has the result of each test, and claims none without one', () => {
    expect(rows.map(({ test, result, runs }) => [test, result, runs])).toEqual([
      ['is so at %i', 'passed', 2],
      ['is gone', 'missing', 0],
      [null, 'not shown', 0],
      ['fails once ($side)', 'failed', 2],
      ['is skipped', 'missing', 0],
    ]);
  });

  it('without results has no clause that passed', () => {
    const none = conformity(CLAUSES, { testResults: [] }, ROOT);
    expect(none.filter(({ result }) => result === 'passed')).toEqual([]);
    expect(new Set(none.map(({ result }) => result))).toEqual(new Set(['missing', 'not shown']));
  });

  it('says that it is an aid and not a certified system', () => {
    const text = inWords(rows).join('\n');
    expect(text).toContain('not a certified system');
    expect(text).toContain('1 passed, 1 failed, 2 missing, 1 not shown');
    expect(text).toContain('that [needs a study]\n    not shown  no test');
  });

  it('matches titles as vitest prints them, and no others', () => {
    expect(titlePattern('is told at 1.0 s (seed %i)').test('is told at 1.0 s (seed 7)')).toBe(true);
    expect(titlePattern('is told at 1.0 s (seed %i)').test('is told at 100 s (seed 7)')).toBe(false);
    expect(titlePattern('is told').test('is told, twice')).toBe(false);
  });

  it('refuses what is no result of vitest in one sentence', () => {
    expect(() => readResults('{}', 'x.json')).toThrow("x.json: wanted the results of vitest's JSON reporter");
    expect(() => readResults('nonsense', 'x.json')).toThrow('x.json');
  });
});
