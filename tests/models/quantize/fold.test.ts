import { describe, expect, it } from 'vitest';
import { equalise } from '../../../models/quantize/equalise.ts';
import { fold } from '../../../models/quantize/fold.ts';
import type { Graph } from '../../../models/quantize/graph.ts';
import { inputs, largestDifference, node, run, tinyGraph } from './tiny.ts';

describe('folding', () => {
  it('takes every batch norm out and changes no answer by more than 1e-5', async () => {
    const graph = tinyGraph();
    const folded = fold(graph);
    expect(graph.nodes.filter(({ op }) => op === 'BatchNormalization')).toHaveLength(2);
    expect(folded.nodes.map(({ op }) => op)).not.toContain('BatchNormalization');
    const some = inputs(20);
    expect(largestDifference(await run(graph, some), await run(folded, some))).toBeLessThan(1e-5);
  });

  it('puts a norm into the convolution before it, and makes one behind a ReLU a convolution of its own', () => {
    const ops = fold(tinyGraph()).nodes.map(({ op }) => op);
    expect(ops).toEqual([
      'Conv',
      'Relu',
      'Conv',
      'Add',
      'Relu',
      'Conv',
      'AveragePool',
      'MaxPool',
      'Concat',
      'Flatten',
      'Gemm',
    ]);
  });

  it('leaves a convolution alone whose answer something else reads too', async () => {
    const graph = tinyGraph();
    const shared: Graph = {
      ...graph,
      nodes: graph.nodes.map((n) => (n.name === 'sum' ? { ...n, inputs: ['c2:out', 'c1:out'] } : n)),
    };
    const some = inputs(5);
    expect(largestDifference(await run(shared, some), await run(fold(shared), some))).toBeLessThan(1e-5);
  });

  it('takes out what does nothing: padding by zero', () => {
    const graph = tinyGraph();
    const pads = { dims: [8], data: new BigInt64Array(8) };
    const idle: Graph = {
      ...graph,
      constants: new Map(graph.constants).set('pads', pads),
      nodes: graph.nodes.flatMap((n) =>
        n.name === 'mean'
          ? [node('Pad', 'pad', ['n2:out', 'pads'], { mode: 'constant' }), { ...n, inputs: ['pad:out'] }]
          : [n],
      ),
    };
    expect(fold(idle).nodes.map(({ op }) => op)).toEqual(fold(graph).nodes.map(({ op }) => op));
  });
});

describe('equalising', () => {
  it('evens out the channels between two convolutions and changes no answer', async () => {
    const graph = fold(tinyGraph());
    const chain: Graph = {
      ...graph,
      nodes: graph.nodes.map((n) => (n.name === 'sum' ? { ...n, inputs: ['c2:out', 'c2:out'] } : n)),
    };
    const peaks = Float64Array.of(4, 0.1, 0, 1, 2, 4, 0.5, 3);
    const level = equalise(chain, new Map([['r1:out', { channelPeak: peaks }]]));
    expect(level.constants.get('w2')!.data).not.toEqual(chain.constants.get('w2')!.data);
    const some = inputs(10);
    expect(largestDifference(await run(chain, some), await run(level, some))).toBeLessThan(1e-5);
  });

  it('leaves channels alone that a shortcut reads too', () => {
    const graph = fold(tinyGraph());
    const peaks = Float64Array.of(4, 0.1, 0, 1, 2, 4, 0.5, 3);
    expect(equalise(graph, new Map([['r1:out', { channelPeak: peaks }]]))).toEqual(graph);
  });
});
