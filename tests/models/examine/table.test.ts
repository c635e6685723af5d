/** The table of `npm run examine`: targets met or missed, and files that are not the measured ones. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../../config/schema.ts';
import type { Entry, Examined } from '../../../models/examine/examined.ts';
import { readStored, type Stored } from '../../../models/examine/stored.ts';
import { budgetOf } from '../../../models/examine/table-budget.ts';
import {
  budgetInWords,
  networksInWords,
  scoresInWords,
  shortfalls,
} from '../../../models/examine/table-text.ts';
import { networkRow, OURS, PEERS, scoreRows, TARGETS } from '../../../models/examine/table.ts';
import type { Int8Metrics } from '../../../models/quantize/metrics.ts';
import { differences } from '../../../scripts/examine/differences.ts';
import { EXAMS } from '../../../scripts/examine/exams.ts';

const HOME = join(import.meta.dirname, '..', '..', '..', 'models');
const result = (accuracy: number, recall = {}) => ({
  accuracy,
  uar: accuracy,
  macroF1: accuracy,
  undetected: 0,
  calibrationError: 0.01,
  recall,
});
const entry = (on: string, fp32: number, int8: number): Entry => ({
  on,
  n: 236,
  data: { set: 'yawdd-mouths', split: 'test', sha256: 'd'.repeat(64) },
  fp32: result(fp32),
  int8: result(int8),
});
const examined = (...entries: Entry[]): Examined => ({ network: 'mouth', command: '', models: {}, entries });
const stored = (found: Examined): Stored => ({
  name: 'mouth',
  trained: null,
  int8: null,
  examined: found,
  faults: [],
});

describe('targets', () => {
  it('are met or missed by the shipped INT8 file, and say by how much', () => {
    const [row] = scoreRows([stored(examined(entry('YawDD by group', 0.95, 0.9)))], HOME);
    expect(row).toMatchObject({ target: 0.92, fp32: 0.95, int8: 0.9, margin: -0.02 });
    expect(scoresInWords([row!])).toMatch(
      /mouth +YawDD by group +accuracy +236 +92\.0 +95\.0 +90\.0 +missed by 2\.0/,
    );
  });

  it('are said not to be measured where nothing is stored', () => {
    const rows = scoreRows([{ ...stored(examined()), examined: null }], HOME);
    expect(scoresInWords(rows)).toContain('not measured');
  });

  it('name entries that the examination has, and peers that are listed', () => {
    for (const { network, on, from, peers } of TARGETS) {
      const exams = EXAMS[network as (typeof OURS)[number]];
      const names = exams.flatMap(({ questions }) => questions.map((question) => question.on));
      if (from === undefined) expect(names, network).toContain(on);
      for (const peer of peers) expect(PEERS).toHaveProperty(peer);
    }
    const used = new Set(TARGETS.flatMap(({ peers }) => peers));
    expect(Object.keys(PEERS).filter((peer) => !used.has(peer))).toEqual([]);
  });

  it('have a row for every network of ours', () => {
    for (const name of OURS) expect(TARGETS.map(({ network }) => network)).toContain(name);
    expect(() => networksInWords(OURS.map((name) => networkRow(readStored(name))))).not.toThrow();
    expect(() =>
      scoreRows(
        OURS.map((name) => readStored(name)),
        HOME,
      ),
    ).not.toThrow();
  });
});

describe('what was stored', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'cabinwatch-examine-'));
    for (const folder of ['weights', 'metrics']) mkdirSync(join(home, folder));
    for (const file of ['mouth.onnx', 'mouth.int8.onnx']) {
      copyFileSync(join(HOME, 'weights', file), join(home, 'weights', file));
    }
    for (const file of ['mouth.json', 'mouth.int8.json', 'mouth.examined.json']) {
      copyFileSync(join(HOME, 'metrics', file), join(home, 'metrics', file));
    }
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('fits the files that lie there', () => {
    expect(readStored('mouth', home).faults).toEqual([]);
    expect(readStored('voice', home).faults).toEqual([]);
  });

  it('is refused for a file that changed since', () => {
    const file = join(home, 'weights', 'mouth.int8.onnx');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(file, bytes);
    expect(readStored('mouth', home).faults).toEqual([
      expect.stringMatching(
        /^mouth: the int8 weights have SHA-256 .+, its metrics were measured on /,
      ) as string,
      "mouth: its int8 file is not the one that was examined; run 'npm run examine -- mouth --write'",
    ]);
  });

  it('is missed where a network was never examined', () => {
    rmSync(join(home, 'metrics', 'mouth.examined.json'));
    expect(readStored('mouth', home).faults).toEqual([
      "mouth has not been examined; run 'npm run examine -- mouth --write'",
    ]);
  });

  it('says what was quantized from other weights', () => {
    writeFileSync(join(home, 'weights', 'mouth.onnx'), 'another network');
    expect(readStored('mouth', home).faults).toContain(
      "mouth: its INT8 file was made from other fp32 weights; run 'npm run quantize -- mouth'",
    );
  });
});

describe('the same again', () => {
  const before = examined(entry('YawDD by group', 0.94, 0.93));

  it('finds nothing in what rounds otherwise on another processor', () => {
    expect(differences(before, examined(entry('YawDD by group', 0.94, 0.934)))).toEqual([]);
  });

  it('finds a network that answers otherwise, and other data', () => {
    const worse = differences(before, examined(entry('YawDD by group', 0.94, 0.9)));
    expect(worse).toContain('mouth, YawDD by group, int8: accuracy 0.93 is stored, 0.9 is found');
    const other = { ...entry('YawDD by group', 0.94, 0.93), data: { set: '', split: '', sha256: 'e' } };
    expect(differences(before, examined(other))).toEqual([
      'mouth, YawDD by group: the data are not those that were examined (236 rows now, 236 then)',
    ]);
  });

  it('says what is not stored at all', () => {
    expect(differences(null, before)).toHaveLength(1);
    expect(differences(examined(), before)).toEqual(["mouth: nothing is stored of 'YawDD by group'"]);
  });
});

describe('the budget', () => {
  const cost = (ms: number) => ({ leastMs: ms, medianMs: ms, cpuMs: ms });
  const metrics = (network: string, ms: number, ratio = 2, note?: string) =>
    ({
      network,
      weights: { bytes: 1000 },
      comparison: { heads: { only: { agreement: 0.99 } } },
      speed: { fp32: cost(ms * ratio), int8: cost(ms), ratio, ...(note === undefined ? {} : { note }) },
    }) as unknown as Int8Metrics;

  it('takes each network as often as the settings ask it at most', () => {
    const config = configSchema.parse({
      perceive: {
        affectEveryMs: 500,
        eyeStateEveryMs: 500,
        eyeStateShutEveryMs: 200,
        mouthStateEveryMs: 250,
      },
    });
    const found = budgetOf(config, [
      metrics('face-emotion', 1),
      metrics('eye-state', 0.1),
      metrics('mouth', 0.5),
      metrics('voice-open', 100),
    ]);
    expect(found.lines.map(({ network, perSecond }) => [network, perSecond])).toEqual([
      ['eye-state', 10],
      ['mouth', 4],
      ['face-emotion', 2],
    ]);
    expect(found.msPerSecond).toBeCloseTo(10 * 0.1 + 4 * 0.5 + 2 * 1);
    expect(budgetInWords(found)).toContain('= 5.0 ms per second of driving (wanted: 10, met)');
  });

  it('never asks oftener than pictures come', () => {
    const config = configSchema.parse({ camera: { fps: 5 }, perceive: { mouthStateEveryMs: 50 } });
    expect(budgetOf(config, [metrics('mouth', 1)]).lines[0]!.perSecond).toBe(5);
  });

  it('gives a reason for each network that gains too little', () => {
    const slow: Stored = {
      ...stored(examined()),
      int8: metrics('mouth', 1, 1.2, 'most goes into calling it'),
    };
    expect(shortfalls([networkRow(slow)])).toEqual([
      'mouth: 1.20 times its fp32, wanted 1.5: most goes into calling it',
    ]);
  });
});
