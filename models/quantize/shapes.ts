/**
 * The graph check: every operation known, every shape fits. What passes here the quantizer handles.
 * Shapes are [1, channels, height, width] (or [1, channels, length] for one-dimensional networks).
 */
import { floatsAt, listAttribute, numberAttribute, sizeOf } from './graph.ts';
import type { Graph, GraphNode } from './graph.ts';

type Dims = readonly number[];
type ShapeRule = (node: GraphNode, inputs: readonly Dims[], graph: Graph) => Dims;

const same: ShapeRule = (_node, [x = []]) => x;

const RULES: Readonly<Record<string, ShapeRule>> = {
  Conv: (node, [x = [], w = []]) => {
    const group = numberAttribute(node, 'group', 1);
    if (w[1] !== (x[1] ?? 0) / group) fault(node, `weights for ${(w[1] ?? 0) * group} channels meet ${x[1]}`);
    return [x[0] ?? 1, w[0] ?? 0, ...slide(node, x.slice(2), w.slice(2))];
  },
  BatchNormalization: same,
  Relu: same,
  Dropout: same,
  Identity: same,
  Pad: (node, [x = []], graph) => {
    const pads = [...(graph.constants.get(node.inputs[1] ?? '')?.data ?? [])].map(Number);
    if (pads.length !== 2 * x.length) fault(node, 'its pads should be a constant with two numbers an axis');
    return x.map((size, axis) => size + (pads[axis] ?? 0) + (pads[axis + x.length] ?? 0));
  },
  Add: (node, [a = [], b = []]) => {
    if (a.join() !== b.join()) fault(node, `it adds [${a.join(',')}] and [${b.join(',')}]`);
    return a;
  },
  MaxPool: (node, [x = []]) => [
    ...x.slice(0, 2),
    ...slide(node, x.slice(2), listAttribute(node, 'kernel_shape', [])),
  ],
  AveragePool: (node, [x = []]) => [
    ...x.slice(0, 2),
    ...slide(node, x.slice(2), listAttribute(node, 'kernel_shape', [])),
  ],
  GlobalAveragePool: (_node, [x = []]) => [...x.slice(0, 2), ...x.slice(2).map(() => 1)],
  Concat: (node, inputs) => {
    const axis = numberAttribute(node, 'axis', 1);
    const sum = inputs.reduce((total, dims) => total + (dims[axis] ?? 0), 0);
    return (inputs[0] ?? []).map((size, i) => (i === axis ? sum : size));
  },
  Flatten: (node, [x = []]) => {
    const axis = numberAttribute(node, 'axis', 1);
    return [sizeOf(x.slice(0, axis)), sizeOf(x.slice(axis))];
  },
  Gemm: (node, [x = []], graph) => {
    const { dims } = floatsAt(graph, node, 1);
    if (numberAttribute(node, 'transB', 0) !== 1 || numberAttribute(node, 'transA', 0) !== 0)
      fault(node, 'its weights should lie as [outputs, inputs] (transB 1, transA 0)');
    if (numberAttribute(node, 'alpha', 1) !== 1 || numberAttribute(node, 'beta', 1) !== 1)
      fault(node, 'alpha and beta should be 1');
    if (dims[1] !== x[1]) fault(node, `weights for ${dims[1]} numbers meet ${x[1]}`);
    return [x[0] ?? 1, dims[0] ?? 0];
  },
};

/**
 * @returns the shape of every value and constant by name
 * @throws Error with one sentence naming the node that is unknown or does not fit
 */
export function inferShapes(graph: Graph): Map<string, Dims> {
  const shapes = new Map<string, Dims>(graph.inputs.map(({ name, dims }) => [name, dims]));
  for (const [name, { dims }] of graph.constants) shapes.set(name, dims);
  for (const node of graph.nodes) {
    const rule = RULES[node.op];
    if (!rule) {
      throw new Error(
        `node '${node.name}' is a ${node.op}, which the quantizer does not know; it knows ${Object.keys(RULES).join(', ')}`,
      );
    }
    const inputs = node.inputs.filter((name) => name !== '').map((name) => shapes.get(name));
    if (inputs.some((dims) => dims === undefined))
      fault(node, 'it reads a value that nothing before it computes');
    shapes.set(node.output, rule(node, inputs as readonly Dims[], graph));
  }
  for (const { name, dims } of graph.outputs) {
    const found = shapes.get(name);
    if (found?.join() !== dims.join()) {
      throw new Error(
        `output '${name}' should be [${dims.join(',')}], the graph computes [${found?.join(',') ?? ''}]`,
      );
    }
  }
  return shapes;
}

/** Sizes after a sliding window. */
function slide(node: GraphNode, sizes: Dims, kernel: Dims): number[] {
  const pads = listAttribute(node, 'pads', new Array<number>(2 * sizes.length).fill(0));
  const strides = listAttribute(
    node,
    'strides',
    sizes.map(() => 1),
  );
  const dilations = listAttribute(
    node,
    'dilations',
    sizes.map(() => 1),
  );
  const autoPad = node.attributes['auto_pad'] ?? 'NOTSET';
  if (autoPad !== 'NOTSET' || numberAttribute(node, 'ceil_mode', 0) !== 0) {
    fault(node, 'its padding should be given in numbers, rounded down');
  }
  return sizes.map((size, i) => {
    const reach = ((kernel[i] ?? 1) - 1) * (dilations[i] ?? 1) + 1;
    const room = size + (pads[i] ?? 0) + (pads[i + sizes.length] ?? 0) - reach;
    if (room < 0) fault(node, `its window of ${reach} is larger than ${size} and its padding`);
    return Math.floor(room / (strides[i] ?? 1)) + 1;
  });
}

function fault(node: GraphNode, what: string): never {
  throw new Error(`node '${node.name}' (${node.op}) does not fit: ${what}`);
}
