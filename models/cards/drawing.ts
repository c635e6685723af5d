/**
 * A network drawn as lines of text, from its graph: one line a layer, with the shape that it gives.
 * Input: a checked graph. Output: lines; a layer that does not take the line above names the one that it takes.
 */
import { listAttribute } from '../quantize/graph.ts';
import type { Graph, GraphNode } from '../quantize/graph.ts';
import { inferShapes } from '../quantize/shapes.ts';

/** Change no number, or only how numbers are laid out. */
const SILENT = ['Dropout', 'Identity', 'Flatten', 'Pad'];
const WORDS: Readonly<Record<string, string>> = {
  BatchNormalization: 'batch norm',
  MaxPool: 'largest of',
  AveragePool: 'mean of',
  GlobalAveragePool: 'mean over all',
  Gemm: 'dense',
  Add: 'sum',
  Concat: 'side by side',
};

interface Line {
  readonly words: string;
  readonly shape: string;
  relu: boolean;
}

/** @throws Error naming the node that is not known */
export function drawing(graph: Graph): string[] {
  const shapes = inferShapes(graph);
  const shapeOf = (value: string): string => (shapes.get(value) ?? []).slice(1).join(' x ');
  const lines: Line[] = [];
  /** Which line gives a value. */
  const givenBy = new Map<string, number>();
  const add = (value: string, words: string): void => {
    givenBy.set(value, lines.push({ words, shape: shapeOf(value), relu: false }) - 1);
  };
  for (const port of graph.inputs) {
    givenBy.set(
      port.name,
      lines.push({ words: port.name, shape: port.dims.slice(1).join(' x '), relu: false }) - 1,
    );
  }
  for (const node of graph.nodes) {
    const from = node.inputs.flatMap((value) => givenBy.get(value) ?? []);
    const only = from[0];
    if (node.op === 'Relu' && only !== undefined) lines[only]!.relu = true;
    if ((node.op === 'Relu' || SILENT.includes(node.op)) && only !== undefined)
      givenBy.set(node.output, only);
    else add(node.output, `${layerIn(node, graph)}${source(from, lines.length - 1)}`);
  }
  return aligned(lines);
}

function layerIn(node: GraphNode, graph: Graph): string {
  const word = node.op === 'Conv' ? 'conv' : WORDS[node.op];
  if (word === undefined) throw new Error(`node '${node.name}': no word for ${node.op}`);
  const weights = node.op === 'Conv' ? graph.constants.get(node.inputs[1] ?? '')?.dims.slice(2) : undefined;
  const kernel = weights ?? listAttribute(node, 'kernel_shape', []);
  const strides = listAttribute(node, 'strides', []);
  const step = strides.some((size) => size > 1) ? ` every ${strides.join(' x ')}` : '';
  return `${word}${kernel.length > 0 ? ` ${kernel.join(' x ')}` : ''}${step}`;
}

/** Where a layer takes its input, unless that is the line above alone. */
function source(from: readonly number[], above: number): string {
  if (from.length === 1 && from[0] === above) return '';
  return ` of ${from.map((line) => line + 1).join(' and ')}`;
}

function aligned(lines: readonly Line[]): string[] {
  const [words, shapes] = [lines.map((line) => line.words.length), lines.map((line) => line.shape.length)];
  const digits = String(lines.length).length;
  return lines.map(({ words: said, shape, relu }, i) =>
    [
      String(i + 1).padStart(digits),
      said.padEnd(Math.max(...words)),
      shape.padStart(Math.max(...shapes)),
      relu ? 'ReLU' : '',
    ]
      .join('  ')
      .trimEnd(),
  );
}
