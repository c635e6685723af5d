/**
 * Makes a trained graph as plain as it can be without changing what it computes: nothing-doers out,
 * batch norms into the convolutions before them (exact but for rounding; tests say 1e-5).
 */
import { floatsAt, numberAttribute, producerOf, usedOnce, withoutUnread } from './graph.ts';
import type { Constant, Graph, GraphNode } from './graph.ts';

/** Scale and shift per channel: what a batch norm is once training is over. */
interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** @returns the graph with only operations that work, batch norms folded */
export function fold(graph: Graph): Graph {
  return withoutUnread(foldNorms(withoutIdle(graph)));
}

/** Takes out Dropout, Identity and padding by nothing (PyTorch writes one before each AvgPool2d). */
function withoutIdle(graph: Graph): Graph {
  const renamed = new Map<string, string>();
  const nodes: GraphNode[] = [];
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => renamed.get(name) ?? name);
    if (isIdle(graph, node) && !outputs.has(node.output)) renamed.set(node.output, inputs[0] ?? '');
    else nodes.push({ ...node, inputs });
  }
  return { ...graph, nodes };
}

function isIdle(graph: Graph, { op, inputs }: GraphNode): boolean {
  if (op === 'Dropout' || op === 'Identity') return true;
  return (
    op === 'Pad' && [...(graph.constants.get(inputs[1] ?? '')?.data ?? [1])].every((n) => Number(n) === 0)
  );
}

/**
 * A norm right after a convolution that feeds nobody else disappears into it. A norm elsewhere (the source
 * system's follow a ReLU) becomes a convolution of its own, 1x1 and channel by channel, which quantizes.
 */
function foldNorms(graph: Graph): Graph {
  let result = graph;
  for (const norm of graph.nodes.filter(({ op }) => op === 'BatchNormalization')) {
    const before = producerOf(result, norm.inputs[0] ?? '');
    const folds = before?.op === 'Conv' && usedOnce(result, before.output);
    result = folds ? intoConvolution(result, before, norm) : asConvolution(result, norm);
  }
  return result;
}

function affineOf(graph: Graph, norm: GraphNode): Affine {
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => floatsAt(graph, norm, index).data);
  const epsilon = numberAttribute(norm, 'epsilon', 1e-5);
  const scale = Float64Array.from(gamma!, (g, c) => g / Math.sqrt(variance![c]! + epsilon));
  return { scale, shift: scale.map((s, c) => beta![c]! - mean![c]! * s) };
}

function intoConvolution(graph: Graph, conv: GraphNode, norm: GraphNode): Graph {
  const { scale, shift } = affineOf(graph, norm);
  const weights = floatsAt(graph, conv, 1);
  const bias = conv.inputs[2] ? floatsAt(graph, conv, 2).data : new Float32Array(scale.length);
  const perChannel = weights.data.length / scale.length;
  const folded: Constant = {
    dims: weights.dims,
    data: weights.data.map((w, i) => w * scale[Math.floor(i / perChannel)]!),
  };
  const shifted: Constant = { dims: [scale.length], data: bias.map((b, c) => b * scale[c]! + shift[c]!) };
  const inputs = [conv.inputs[0] ?? '', `${conv.name}.weight`, `${conv.name}.bias`];
  const constants = new Map(graph.constants).set(inputs[1]!, folded).set(inputs[2]!, shifted);
  const nodes = graph.nodes.flatMap((node) => {
    if (node.name === norm.name) return [];
    return node.name === conv.name ? [{ ...conv, inputs, output: norm.output }] : [node];
  });
  return { ...graph, nodes, constants };
}

function asConvolution(graph: Graph, norm: GraphNode): Graph {
  const { scale, shift } = affineOf(graph, norm);
  const channels = scale.length;
  const axes = spatialAxes(graph, norm);
  const inputs = [norm.inputs[0] ?? '', `${norm.name}.weight`, `${norm.name}.bias`];
  const constants = new Map(graph.constants)
    .set(inputs[1]!, { dims: [channels, 1, ...axes.map(() => 1)], data: Float32Array.from(scale) })
    .set(inputs[2]!, { dims: [channels], data: Float32Array.from(shift) });
  const ones = axes.map(() => 1);
  const attributes = {
    dilations: ones,
    group: channels,
    kernel_shape: ones,
    pads: [...axes, ...axes].map(() => 0),
    strides: ones,
  };
  const conv: GraphNode = { op: 'Conv', name: norm.name, inputs, output: norm.output, attributes };
  return { ...graph, nodes: graph.nodes.map((node) => (node.name === norm.name ? conv : node)), constants };
}

/** As many as the network's own input has: ours never change the number of axes before their head. */
const spatialAxes = (graph: Graph, norm: GraphNode): number[] => {
  const rank = graph.inputs[0]?.dims.length ?? 0;
  if (rank < 3) throw new Error(`node '${norm.name}' (BatchNormalization) should work on [1, channels, ...]`);
  return Array.from({ length: rank - 2 }, (_, axis) => axis);
};
