import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../models/quantize/graph.ts';
import { preparedGraph } from '../../../models/quantize/measure.ts';
import { readGraph, writeGraph } from '../../../models/quantize/onnx-file.ts';
import { inferShapes } from '../../../models/quantize/shapes.ts';
import { tinyGraph } from './tiny.ts';

const replaced = (name: string, change: object): Graph => {
  const graph = tinyGraph();
  return { ...graph, nodes: graph.nodes.map((n) => (n.name === name ? { ...n, ...change } : n)) };
};

describe('the graph check', () => {
  it('knows the shape of every value', () => {
    const shapes = inferShapes(tinyGraph());
    expect(shapes.get('c1:out')).toEqual([1, 8, 8, 8]);
    expect(shapes.get('both:out')).toEqual([1, 16, 1, 1]);
    expect(shapes.get('logits')).toEqual([1, 3]);
  });

  it('refuses an unknown operation with one sentence that names the node', () => {
    const strange = writeGraph(replaced('r2', { op: 'Selu' }));
    expect(() => preparedGraph(strange, 'tiny.onnx')).toThrow(
      /^node 'r2' is a Selu, which the quantizer does not know; it knows Conv, /,
    );
  });

  it('refuses what does not fit, naming the node', () => {
    expect(() => inferShapes(replaced('c2', { inputs: ['input', 'w2', 'b2'] }))).toThrow(
      /node 'c2' \(Conv\) does not fit/,
    );
    expect(() => inferShapes(replaced('sum', { inputs: ['c2:out', 'mean:out'] }))).toThrow(
      /nothing before it computes/,
    );
    expect(() => inferShapes({ ...tinyGraph(), outputs: [{ name: 'logits', dims: [1, 4] }] })).toThrow(
      "output 'logits' should be [1,4], the graph computes [1,3]",
    );
  });

  it('reads what it wrote', () => {
    const graph = tinyGraph();
    const read = readGraph(writeGraph(graph), 'tiny.onnx');
    expect(read.constants).toEqual(graph.constants);
    expect(read.nodes.map(({ op, inputs, output }) => [op, inputs, output])).toEqual(
      graph.nodes.map(({ op, inputs, output }) => [op, inputs, output]),
    );
    expect(read.nodes.find(({ name }) => name === 'n1')?.attributes['epsilon']).toBeCloseTo(1e-3);
  });

  it('says so when a file is no network', () => {
    expect(() => readGraph(Buffer.from('hello'), 'hello.onnx')).toThrow('hello.onnx is no ONNX network');
  });
});
