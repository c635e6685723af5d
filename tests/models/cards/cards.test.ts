/** Model cards: made from what was measured, and up to date. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardOf, staleCards } from '../../../models/cards/write.ts';
import { drawing } from '../../../models/cards/drawing.ts';
import facts from '../../../models/cards/facts.json' with { type: 'json' };
import { trainingTables } from '../../../models/cards/training-scores.ts';
import { readStored } from '../../../models/examine/stored.ts';
import { OURS } from '../../../models/examine/table.ts';
import { TRAINED } from '../../../models/manifest.ts';
import { readGraph } from '../../../models/quantize/onnx-file.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const trained = OURS.filter((name) => readStored(name).trained !== null);

it("are what 'npm run cards' writes now", () => {
  expect(staleCards(), "run 'npm run cards'").toEqual([]);
});

describe.each(trained)('the card of %s', (name) => {
  const card = readFileSync(join(ROOT, TRAINED[name].origin.card), 'utf8');

  it("says in its first line what the licence allows, as the manifest's class does", () => {
    const anyUse = TRAINED[name].licenceClass === 'any-use';
    expect(card.split('\n')[0]).toMatch(anyUse ? /^Any use: / : /^Research only/);
  });

  it('has every score that was examined, and the hashes of both files', () => {
    const { examined, trained: fp32, int8 } = readStored(name);
    for (const { on } of examined?.entries ?? []) expect(card).toContain(`| ${on} |`);
    expect(card).toContain(fp32!.weights.sha256.slice(0, 16));
    if (int8 !== null) expect(card).toContain(int8.weights.sha256.slice(0, 16));
  });

  it('draws every convolution and dense layer', () => {
    const graph = readGraph(readFileSync(join(ROOT, 'models', 'weights', `${name}.onnx`)), name);
    const lines = drawing(graph);
    const count = (op: string): number => graph.nodes.filter((node) => node.op === op).length;
    expect(lines.filter((line) => / conv /.test(line))).toHaveLength(count('Conv'));
    expect(lines.filter((line) => / dense /.test(line))).toHaveLength(count('Gemm'));
    for (const line of lines) expect(cardOf(name)).toContain(line);
  });
});

it('have no number that was typed by hand', () => {
  const names = /FER2013|FER\+|14 classes|Apache-2\.0|ODbL 1\.0|INT8/g;
  for (const { licence, purpose, failures } of Object.values(facts)) {
    for (const text of [licence, purpose, ...failures]) expect(text.replaceAll(names, '')).not.toMatch(/\d/);
  }
});

it('list what else a training measured beside its scores', () => {
  const scored = {
    n: 4,
    accuracy: 0.5,
    uar: 0.25,
    macroF1: 0.2,
    calibrationError: 0.1,
    perClass: { a: { recall: 1 } },
  };
  const [scores, others] = trainingTables({
    test: { quiet: { ...scored, aspectAlone: 0.9 }, hidden: { n: 7 } },
  });
  expect(scores).toContain('| test, quiet | 4 | 0.500 | 0.250 | 0.200 | 0.100 | a 1.00 |');
  expect(others).toContain('| test, quiet | aspectAlone 0.9 |');
  expect(others).toContain('| test, hidden | n 7 |');
});
