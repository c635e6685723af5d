/**
 * Writes quantization into a graph as QuantizeLinear / DequantizeLinear pairs (QDQ), which ONNX Runtime
 * fuses with the operation between them into one in whole numbers. Static: every scale is a constant.
 */
import { consumersOf, floatsAt, producerOf, usedOnce, withoutUnread } from './graph.ts';
import type { Constant, Graph, GraphNode } from './graph.ts';
import type { Range } from './ranges.ts';
import { leastScale, valueScale, wholeBias, wholeWeights } from './weights.ts';
import type { ValueScale } from './weights.ts';

/** Operations with whole-number twins in ONNX Runtime. */
const QUANTIZABLE = new Set([
  'Conv',
  'Gemm',
  'Add',
  'GlobalAveragePool',
  'AveragePool',
  'MaxPool',
  'Concat',
  'Flatten',
]);
/** These only move values about: what comes out must have the scale of what goes in. */
const MOVES = new Set(['MaxPool', 'Flatten']);
/** A ReLU right after one of these is part of it: the range begins at zero. */
const BEFORE_RELU = new Set(['Conv', 'Gemm', 'Add']);

/** What to quantize, and how. */
export interface Plan {
  /** Names of nodes that stay in fp32. */
  readonly keepFloat: ReadonlySet<string>;
  /** By value; must hold what `valuesToScale` names. */
  readonly ranges: ReadonlyMap<string, Range>;
}

/** Names of the values that eight bits will hold: those between quantized operations, and their inputs. */
export function valuesToScale(graph: Graph, keepFloat: ReadonlySet<string>): string[] {
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const values = new Set<string>();
  for (const node of graph.nodes.filter((candidate) => isQuantized(graph, candidate, keepFloat))) {
    for (const input of node.inputs.slice(0, dataInputs(node))) values.add(input);
    const output = unitOutput(graph, node);
    if (!outputs.has(output)) values.add(output);
  }
  return [...values];
}

/** @returns the graph in QDQ form */
export function insertQdq(graph: Graph, plan: Plan): Graph {
  const constants = new Map(graph.constants);
  const scales = scalesOf(graph, plan);
  const nodes: GraphNode[] = graph.inputs.flatMap(({ name }) => roundTrip(name, scales, constants));
  for (const node of graph.nodes) {
    const quantized = isQuantized(graph, node, plan.keepFloat);
    const inputs = node.inputs.map((name) => (scales.has(name) ? `${name}/back` : name));
    if (quantized && (node.op === 'Conv' || node.op === 'Gemm')) {
      const { extra, weight, bias } = wholeConstants(graph, node, scales, constants);
      nodes.push(...extra, { ...node, inputs: [inputs[0] ?? '', weight, bias] });
    } else {
      nodes.push({ ...node, inputs });
    }
    nodes.push(...roundTrip(node.output, scales, constants));
  }
  return withoutUnread({ ...graph, nodes, constants });
}

const isQuantized = (graph: Graph, node: GraphNode, keepFloat: ReadonlySet<string>): boolean =>
  QUANTIZABLE.has(node.op) && !keepFloat.has(node.name) && !feedsOutputUnscaled(graph, node);

/** A network's output stays float: only Conv and Gemm can give one from whole numbers. */
const feedsOutputUnscaled = (graph: Graph, node: GraphNode): boolean =>
  node.op !== 'Gemm' && graph.outputs.some(({ name }) => name === unitOutput(graph, node));

const dataInputs = ({ op, inputs }: GraphNode): number =>
  op === 'Conv' || op === 'Gemm' ? 1 : inputs.length;

/** The node's output, or its ReLU's when one follows and is part of it. */
function unitOutput(graph: Graph, node: GraphNode): string {
  const [next, ...others] = consumersOf(graph, node.output);
  const fused =
    BEFORE_RELU.has(node.op) && next?.op === 'Relu' && others.length === 0 && usedOnce(graph, node.output);
  return fused ? next.output : node.output;
}

/** Scale of each value; values that are only moved share the scale of where they come from. */
function scalesOf(graph: Graph, { keepFloat, ranges }: Plan): Map<string, ValueScale> {
  const scales = new Map<string, ValueScale>();
  for (const value of inOrder(graph, valuesToScale(graph, keepFloat))) {
    const producer = producerOf(graph, value);
    const moved = producer && MOVES.has(producer.op) ? scales.get(producer.inputs[0] ?? '') : undefined;
    const range = ranges.get(value);
    if (!moved && !range) throw new Error(`value '${value}' has no range: calibrate it before quantizing`);
    scales.set(value, moved ?? valueScale(range!));
  }
  return scales;
}

/** Sorted by when they are computed, inputs first. */
function inOrder(graph: Graph, values: readonly string[]): string[] {
  const place = new Map(graph.nodes.map(({ output }, index) => [output, index]));
  return values.toSorted((a, b) => (place.get(a) ?? -1) - (place.get(b) ?? -1));
}

/** QuantizeLinear and DequantizeLinear after `value`, if it has a scale; `value/back` is what comes out. */
function roundTrip(
  value: string,
  scales: ReadonlyMap<string, ValueScale>,
  constants: Map<string, Constant>,
): GraphNode[] {
  const found = scales.get(value);
  if (!found) return [];
  const [scale, zero] = [`${value}/scale`, `${value}/zero`];
  constants.set(scale, { dims: [], data: Float32Array.of(found.scale) });
  constants.set(zero, { dims: [], data: Uint8Array.of(found.zero) });
  return [
    pair('QuantizeLinear', value, `${value}/whole`, [scale, zero]),
    pair('DequantizeLinear', `${value}/whole`, `${value}/back`, [scale, zero]),
  ];
}

const pair = (
  op: string,
  input: string,
  output: string,
  how: readonly string[],
  axis?: number,
): GraphNode => ({
  op,
  name: `${output}/${op}`,
  inputs: [input, ...how],
  output,
  attributes: axis === undefined ? {} : { axis },
});

/** Weights and bias of a Conv or Gemm as whole-number constants, and the nodes that give them back as floats. */
function wholeConstants(
  graph: Graph,
  node: GraphNode,
  scales: ReadonlyMap<string, ValueScale>,
  constants: Map<string, Constant>,
): { extra: GraphNode[]; weight: string; bias: string } {
  const weights = floatsAt(graph, node, 1);
  const channels = weights.dims[0] ?? 1;
  const inputScale = scales.get(node.inputs[0] ?? '')!.scale;
  const bias = node.inputs[2] ? floatsAt(graph, node, 2).data : new Float32Array(channels);
  const whole = wholeWeights(weights, (channel) => leastScale(bias[channel]!, inputScale));
  const dims = [channels];
  const [weight, offset] = [`${node.name}/weight`, `${node.name}/bias`];
  constants.set(`${weight}/whole`, { dims: weights.dims, data: whole.data });
  constants.set(`${weight}/scale`, { dims, data: whole.scales });
  constants.set(`${weight}/zero`, { dims, data: new Int8Array(channels) });
  constants.set(`${offset}/whole`, { dims, data: wholeBias(bias, inputScale, whole.scales) });
  constants.set(`${offset}/scale`, { dims, data: whole.scales.map((s) => s * inputScale) });
  constants.set(`${offset}/zero`, { dims, data: new Int32Array(channels) });
  return {
    weight,
    bias: offset,
    extra: [
      pair('DequantizeLinear', `${weight}/whole`, weight, [`${weight}/scale`, `${weight}/zero`], 0),
      pair('DequantizeLinear', `${offset}/whole`, offset, [`${offset}/scale`, `${offset}/zero`], 0),
    ],
  };
}
