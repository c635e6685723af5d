import { beforeAll, describe, expect, it } from 'vitest';
import { choose, logitsOf } from '../../../models/quantize/choose.ts';
import type { Chosen } from '../../../models/quantize/choose.ts';
import { agreement } from '../../../models/quantize/compare.ts';
import { fold } from '../../../models/quantize/fold.ts';
import type { Graph } from '../../../models/quantize/graph.ts';
import { insertQdq, valuesToScale } from '../../../models/quantize/insert.ts';
import { readGraph } from '../../../models/quantize/onnx-file.ts';
import { HEADS, engine, inputs, run, tinyGraph } from './tiny.ts';

const graph = fold(tinyGraph());
const some = inputs(60);
let chosen: Chosen;
let quantized: Graph;

beforeAll(async () => {
  chosen = await choose(engine, graph, HEADS, some.slice(0, 30), some.slice(30));
  quantized = readGraph(chosen.bytes, 'tiny.int8.onnx');
});

describe('a quantized network', () => {
  it('agrees with its original on inputs that it was not made with', async () => {
    const others = inputs(260).slice(60);
    const ours = await logitsOf(engine, chosen.bytes, graph, others);
    expect(agreement(ours, await run(graph, others), HEADS[0]!)).toBeGreaterThanOrEqual(0.97);
  });

  it('holds weights in signed eight bits with one scale per output channel', () => {
    const weights = quantized.constants.get('c2/weight/whole')!;
    expect(weights.data).toBeInstanceOf(Int8Array);
    expect(weights.dims).toEqual([8, 8, 3, 3]);
    expect(quantized.constants.get('c2/weight/scale')!.dims).toEqual([8]);
    expect(quantized.constants.get('c2/weight/zero')!.data).toEqual(new Int8Array(8));
    const peaks = Array.from({ length: 8 }, (_, c) =>
      Math.max(...[...weights.data].slice(c * 72, (c + 1) * 72).map((value) => Math.abs(Number(value)))),
    );
    expect(peaks).toEqual(peaks.map(() => 127));
  });

  it('holds activations in unsigned eight bits and biases in 32', () => {
    expect(quantized.constants.get('r1:out/zero')!.data).toEqual(Uint8Array.of(0));
    expect(quantized.constants.get('c2/bias/whole')!.data).toBeInstanceOf(Int32Array);
  });

  it('keeps its answer in float: nothing rounds the logits', () => {
    expect(quantized.nodes.at(-1)).toMatchObject({ op: 'Gemm', output: 'logits' });
  });

  it('gives a value that is only moved the scale of where it comes from', () => {
    const scale = (value: string) => quantized.constants.get(`${value}/scale`)!.data;
    expect(scale('max:out')).toEqual(scale('n2:out'));
  });

  it('comes out the same to the byte when made again', async () => {
    const again = await choose(engine, graph, HEADS, some.slice(0, 30), some.slice(30));
    expect(Buffer.from(again.bytes).equals(chosen.bytes)).toBe(true);
  });

  it('is the best by divergence of what was tried', () => {
    expect(chosen.trials.length).toBeGreaterThanOrEqual(10);
    const base = chosen.trials.filter(({ settings }) => settings.keepFloat.length === 1);
    for (const trial of base) expect(chosen.best.divergence).toBeLessThanOrEqual(trial.divergence);
  });
});

describe('inserting', () => {
  it('leaves layers in fp32 that it is told to', () => {
    const keepFloat = new Set(['c1', 'head']);
    const ranges = new Map(valuesToScale(graph, keepFloat).map((value) => [value, { low: -1, high: 1 }]));
    const mixed = insertQdq(graph, { keepFloat, ranges });
    expect(mixed.constants.get('w1')).toEqual(graph.constants.get('w1'));
    expect(mixed.constants.get('wh')).toEqual(graph.constants.get('wh'));
    expect(mixed.constants.has('c2/weight/whole')).toBe(true);
    expect(mixed.constants.has('input/scale')).toBe(false);
  });

  it('refuses a value without a range, naming it', () => {
    expect(() => insertQdq(graph, { keepFloat: new Set(), ranges: new Map() })).toThrow(
      "value 'input' has no range",
    );
  });
});
