/** A small network with all that ours have, of weights drawn by a fixed rule; and inputs for it. */
import { onnxEngine } from '../../../models/engines/onnx.ts';
import { logitsOf } from '../../../models/quantize/choose.ts';
import type { Logits } from '../../../models/quantize/compare.ts';
import type { Constant, Graph, GraphNode } from '../../../models/quantize/graph.ts';
import { writeGraph } from '../../../models/quantize/onnx-file.ts';
import type { Head } from '../../../models/quantize/recipes.ts';

export const engine = onnxEngine({ threads: 1 });
export const HEADS: readonly Head[] = [{ name: 'kind', labels: ['a', 'b', 'c'], first: 0, column: 'label' }];
const SIDE = 8;

/** Numbers in -1..1, the same ones for the same seed (mulberry32). */
export function draws(seed: number, count: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

export const inputs = (count: number): Float32Array[] =>
  Array.from({ length: count }, (_, i) => draws(1000 + i, SIDE * SIDE).map((value) => value * 2));

export const node = (
  op: string,
  name: string,
  from: readonly string[],
  attributes: GraphNode['attributes'] = {},
): GraphNode => ({ op, name, inputs: from, output: `${name}:out`, attributes });

const CONV = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [1, 1], dilations: [1, 1], group: 1 };

function norm(name: string, from: string): GraphNode {
  const inputs = [from, ...['gamma', 'beta', 'mean', 'variance'].map((part) => `${name}.${part}`)];
  return { ...node('BatchNormalization', name, inputs, { epsilon: 1e-3 }), floats: ['epsilon'] };
}

/** Conv with norm, a residual block, a norm behind a ReLU, pools, Concat, head. */
export function tinyGraph(): Graph {
  const constants = new Map<string, Constant>();
  const weights = (name: string, dims: number[], seed: number, scale: number): void => {
    const count = dims.reduce((product, size) => product * size, 1);
    constants.set(name, { dims, data: draws(seed, count).map((value) => value * scale) });
  };
  weights('w1', [8, 1, 3, 3], 1, 0.6);
  weights('w2', [8, 8, 3, 3], 2, 0.25);
  weights('b2', [8], 3, 0.2);
  weights('wh', [3, 16], 4, 0.6);
  weights('bh', [3], 5, 0.2);
  for (const [k, name] of ['n1', 'n2'].entries()) {
    weights(`${name}.gamma`, [8], 10 + k, 1.2);
    weights(`${name}.beta`, [8], 12 + k, 0.5);
    weights(`${name}.mean`, [8], 14 + k, 0.3);
    constants.set(`${name}.variance`, {
      dims: [8],
      data: draws(16 + k, 8).map((value) => 0.2 + value * value),
    });
  }
  const pool = { kernel_shape: [8, 8], strides: [8, 8], pads: [0, 0, 0, 0], ceil_mode: 0 };
  return {
    name: 'tiny',
    opset: 13,
    irVersion: 7,
    inputs: [{ name: 'input', dims: [1, 1, SIDE, SIDE] }],
    outputs: [{ name: 'logits', dims: [1, 3] }],
    constants,
    nodes: [
      node('Conv', 'c1', ['input', 'w1'], CONV),
      norm('n1', 'c1:out'),
      node('Relu', 'r1', ['n1:out']),
      node('Conv', 'c2', ['r1:out', 'w2', 'b2'], CONV),
      node('Add', 'sum', ['c2:out', 'r1:out']),
      node('Relu', 'r2', ['sum:out']),
      norm('n2', 'r2:out'),
      node('AveragePool', 'mean', ['n2:out'], pool),
      node('MaxPool', 'max', ['n2:out'], pool),
      node('Concat', 'both', ['mean:out', 'max:out'], { axis: 1 }),
      node('Flatten', 'flat', ['both:out'], { axis: 1 }),
      { ...node('Gemm', 'head', ['flat:out', 'wh', 'bh'], { transB: 1 }), output: 'logits' },
    ],
  };
}

/** What a graph answers to some inputs, by ONNX Runtime. */
export const run = (graph: Graph, some: readonly Float32Array[]): Promise<Logits[]> =>
  logitsOf(engine, writeGraph(graph), graph, some);

/** Largest difference of any two numbers in the same place. */
export const largestDifference = (a: readonly Logits[], b: readonly Logits[]): number =>
  Math.max(...a.flatMap((logits, i) => [...logits].map((value, k) => Math.abs(value - b[i]![k]!))));
