/**
 * Cross-layer equalisation (Nagel et al. 2019, arXiv 1906.04721): where one convolution feeds only the next
 * through a ReLU, a channel can be made smaller in the first and larger in the second without changing the
 * result. Channels of like size waste less of the eight bits that they share.
 */
import { consumersOf, floatsAt, usedOnce } from './graph.ts';
import type { FloatConstant, Graph, GraphNode } from './graph.ts';
import type { Seen } from './observe.ts';

/** A quiet channel is raised by no more than this: its noise grows with it. */
const LARGEST_RAISE = 8;
/** Between leaving peaks as they are (0) and making all equal (1), which only moves the trouble to the weights. */
const STRENGTH = 0.5;

/** @param seen of the values between convolutions; must be noted again afterwards */
export function equalise(graph: Graph, seen: ReadonlyMap<string, Pick<Seen, 'channelPeak'>>): Graph {
  return graph.nodes.reduce((result, node) => {
    const pair = node.op === 'Conv' ? nextConvolution(result, node) : undefined;
    const peaks = pair && seen.get(pair.between)?.channelPeak;
    return peaks ? scaled(result, node, pair.second, factors(peaks)) : result;
  }, graph);
}

/** The convolution after `first` and the value between, when nothing else reads what lies between. */
function nextConvolution(graph: Graph, first: GraphNode): { second: GraphNode; between: string } | undefined {
  if (!usedOnce(graph, first.output)) return undefined;
  const relu = consumersOf(graph, first.output)[0];
  if (relu?.op !== 'Relu' || !usedOnce(graph, relu.output)) return undefined;
  const second = consumersOf(graph, relu.output)[0];
  const dense = second?.op === 'Conv' && (second.attributes['group'] ?? 1) === 1;
  return dense ? { second, between: relu.output } : undefined;
}

/** What each channel of the first is multiplied by. */
function factors(peaks: Float64Array): Float64Array {
  const largest = Math.max(...peaks);
  return peaks.map((peak) => (peak > 0 ? Math.min(LARGEST_RAISE, (largest / peak) ** STRENGTH) : 1));
}

function scaled(graph: Graph, first: GraphNode, second: GraphNode, by: Float64Array): Graph {
  const weights = floatsAt(graph, first, 1);
  const perOutput = weights.data.length / by.length;
  const nextWeights = floatsAt(graph, second, 1);
  const kernel = nextWeights.data.length / (nextWeights.dims[0] ?? 1) / by.length;
  const constants = new Map(graph.constants);
  const replace = (name: string, old: FloatConstant, factor: (i: number) => number): void => {
    constants.set(name, {
      dims: old.dims,
      data: Float32Array.from(old.data, (w, i) => w * factor(i)),
    });
  };
  replace(first.inputs[1]!, weights, (i) => by[Math.floor(i / perOutput)]!);
  if (first.inputs[2]) replace(first.inputs[2], floatsAt(graph, first, 2), (i) => by[i]!);
  replace(second.inputs[1]!, nextWeights, (i) => 1 / by[Math.floor(i / kernel) % by.length]!);
  return { ...graph, constants };
}
