/** The examination's own parts: which rows, which noise, what counts as right. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrationError } from '../../models/examine/calibration-error.ts';
import { createLogMel, MEL_BANDS } from '../../models/preprocess/log-mel.ts';
import { scoresOf } from '../../scripts/examine/examination.ts';
import type { Question } from '../../scripts/examine/exams.ts';
import { inNoise } from '../../scripts/examine/hear.ts';
import { chosenRows } from '../../scripts/examine/rescore.ts';
import { exportsOf, rowsOf, whyNoData, type Row } from '../../scripts/examine/test-data.ts';
import { seeded } from '../models/layers-model.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const row = (file: string, columns: Row['columns'] = {}): Row => ({ file, columns });

describe('the rows that are scored again', () => {
  const rows = Array.from({ length: 50 }, (_, i) => row(`/here/${i}.png`));

  it('are the same wherever they lie and in whatever order', () => {
    const names = (all: readonly Row[]): string[] => all.map(({ file }) => file.split('/').at(-1)!);
    const elsewhere = rows.toReversed().map(({ file }) => row(file.replace('here', 'there')));
    expect(names(chosenRows(elsewhere, 20))).toEqual(names(chosenRows(rows, 20)));
  });

  it('are not just the first ones', () => {
    const chosen = chosenRows(rows, 20);
    expect(chosen).toHaveLength(20);
    expect(
      chosen.filter(({ file }) => rows.slice(0, 20).some((one) => one.file === file)).length,
    ).toBeLessThan(18);
  });
});

describe('noise under speech', () => {
  const random = seeded(4);
  const tone = Float32Array.from(
    { length: 32_000 },
    (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / 16_000),
  );
  const hiss = Float32Array.from({ length: 48_000 }, () => 0.05 * (random() - 0.5));
  const rumble = hiss.map((value, i) => value + 0.5 * Math.sin((2 * Math.PI * 12 * i) / 16_000));
  const logMel = createLogMel();
  const power = (samples: Float32Array): number => {
    const db = new Float32Array(logMel.frames(samples.length) * MEL_BANDS);
    const frames = logMel.decibels(samples, db);
    return db.reduce((sum, value) => sum + 10 ** (value / 10), 0) / frames;
  };
  const added = (mixed: Float32Array): Float32Array => mixed.map((value, i) => value - tone[i]!);

  it('lies as far below it in mel power as was asked', () => {
    for (const snrDb of [0, 10]) {
      const found = 10 * Math.log10(power(tone) / power(added(inNoise(tone, hiss, snrDb, 'a.wav'))));
      expect(found).toBeCloseTo(snrDb, 1);
    }
  });

  it('is not made weaker by rumble that no network hears', () => {
    const found = 10 * Math.log10(power(tone) / power(added(inNoise(tone, rumble, 0, 'a.wav'))));
    expect(Math.abs(found)).toBeLessThan(1);
  });

  it('is the same for the same file, another for another', () => {
    expect(inNoise(tone, hiss, 0, 'a.wav')).toEqual(inNoise(tone, hiss, 0, 'a.wav'));
    expect(inNoise(tone, hiss, 0, 'a.wav')).not.toEqual(inNoise(tone, hiss, 0, 'b.wav'));
  });
});

describe('scores of a question', () => {
  const question: Question = {
    on: 'a set without copies',
    head: 'eye',
    column: 'label',
    labels: ['open', 'closed'],
    where: (columns) => columns['copy'] === '',
  };
  const rows = [
    row('1', { label: 'open', copy: '' }),
    row('2', { label: 'open', copy: '' }),
    row('3', { label: 'closed', copy: '1' }),
    row('4', { label: 'not known', copy: '' }),
  ];

  it('count no answer as wrong, and leave out what is not asked about', () => {
    const said = [{ eye: { open: 0.9, closed: 0.1 } }, { eye: null }, { eye: null }, { eye: null }];
    expect(scoresOf(question, rows, said)).toMatchObject({
      accuracy: 0.5,
      undetected: 1,
      recall: { open: 0.5 },
    });
  });

  it('compare how sure the answers are with how many are right', () => {
    expect(calibrationError([])).toBe(0);
    const nineOfTen = Array.from({ length: 10 }, (_, i) => ({ confidence: 0.9, right: i > 0 }));
    expect(calibrationError(nineOfTen)).toBeCloseTo(0);
    expect(calibrationError(nineOfTen.map(({ confidence }) => ({ confidence, right: false })))).toBeCloseTo(
      0.9,
    );
  });
});

const reads =
  spawnSync(process.env['PYTHON'] ?? '/usr/bin/python3', ['-c', 'import numpy, PIL']).status === 0;
if (!reads) console.log('no split is exported: there is no Python with numpy and PIL');

describe.skipIf(!reads)('a split of a set in its published layout', () => {
  let data: string;
  let exported: string;
  beforeAll(() => {
    data = mkdtempSync(join(tmpdir(), 'cabinwatch-data-'));
    const face = (level: number): string =>
      Array.from({ length: 48 * 48 }, (_, i) => (i + level) % 256).join(' ');
    const rows = [`3,${face(0)},Training`, `4,${face(9)},PublicTest`, `3,${face(0)},PublicTest`];
    writeFileSync(join(data, 'fer2013.csv'), ['emotion,pixels,Usage', ...rows].join('\n'));
    const votes = ['0,9,0,0,0,0,0', '0,0,0,0,9,0,0', '0,9,0,0,0,0,0'].map((found) => `${found},0,0,0`);
    const names = 'neutral,happiness,surprise,anger,sadness,disgust,fear,contempt,unknown,NF';
    writeFileSync(join(data, 'fer2013new.csv'), [names, ...votes].join('\n'));
    exported = exportsOf(data);
  });
  afterAll(() => {
    for (const folder of [exported, exportsOf(data), data]) rmSync(folder, { recursive: true, force: true });
  });

  it('names files, votes and copies of training pictures', () => {
    const rows = rowsOf('fer2013', 'test', data);
    expect(rows.map(({ columns }) => [columns['label'], columns['ferplus'], columns['copy']])).toEqual([
      ['sad', 'sad', ''],
      ['happy', 'happy', '1'],
    ]);
    expect(rows.every(({ file }) => existsSync(file))).toBe(true);
  });

  it('is not read where the data have changed since', () => {
    writeFileSync(join(data, 'more.csv'), 'x');
    expect(exportsOf(data)).not.toBe(exported);
  });

  it('says which set is missing', () => {
    expect(() => rowsOf('cew', 'test', data)).toThrow(
      /^set 'cew' could not be read by .+: CEW: .+ is not there/,
    );
  });
});

it('says that there are no data', () => {
  expect(whyNoData(join(ROOT, 'no-such-folder'))).toMatch(/^the data folder .+no-such-folder is not there$/);
});
