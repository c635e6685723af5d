/**
 * TensorFlow.js graph model -> ONNX, keeping only what the wanted outputs need.
 * Input: the graph and what to call its ports. Output: the bytes of an .onnx file.
 */
import { inTfOrder, nchwOrder } from './layout.ts';
import type { Value } from './layout.ts';
import { OnnxWriter } from './onnx-writer.ts';
import { OPERATIONS } from './ops/table.ts';
import type { TfGraph, TfNode } from './tfjs-graph.ts';

/** One output of the ONNX file. */
export interface OutputSpec {
  readonly name: string;
  /** Nodes of the TensorFlow graph; several are joined along axis 1 after reshaping each to `dims`. */
  readonly from: readonly string[];
  /** Shape to give it, in TensorFlow's order; -1 stands for what is left over. */
  readonly dims: readonly number[];
}

/** What to make of a graph. */
export interface ConversionSpec {
  /** Stored in the file. */
  readonly name: string;
  /** Name of the one image input, NCHW in the ONNX file. */
  readonly input: string;
  readonly outputs: readonly OutputSpec[];
  /** Integer constants of the graph to replace, by node name; why stands where they are given. */
  readonly constants?: Readonly<Record<string, readonly number[]>>;
}

/**
 * @returns the file's bytes, the same for the same arguments
 * @throws Error naming the node that is missing, of an unknown kind or of an unsupported form
 */
export function convertGraph(graph: TfGraph, spec: ConversionSpec): Uint8Array {
  const writer = new OnnxWriter();
  const values = constantValues(graph, spec.constants ?? {});
  const wanted = neededNodes(
    graph,
    spec.outputs.flatMap((output) => output.from),
  );
  let inputDims: number[] | undefined;
  for (const node of graph.nodes.values()) {
    if (!wanted.has(node.name)) continue;
    if (node.op === 'Placeholder') {
      const shape = placeholderShape(node);
      inputDims = nchwOrder(shape);
      values.set(node.name, { name: spec.input, shape, layout: 'nchw' });
    } else {
      values.set(node.name, convertNode(writer, node, values));
    }
  }
  if (!inputDims) throw new Error(`graph '${spec.name}': no output depends on an input`);
  const outputs = spec.outputs.map((output) => publishOutput(writer, output, values));
  return writer.finish(spec.name, [{ name: spec.input, dims: inputDims }], outputs);
}

function constantValues(
  graph: TfGraph,
  replaced: NonNullable<ConversionSpec['constants']>,
): Map<string, Value> {
  const constants = new Map(graph.constants);
  for (const [name, numbers] of Object.entries(replaced)) {
    const old = constants.get(name);
    if (old?.data.length !== numbers.length) {
      throw new Error(`the graph has no constant '${name}' of ${numbers.length} numbers to replace`);
    }
    constants.set(name, { data: Int32Array.from(numbers), shape: old.shape });
  }
  const values = new Map<string, Value>();
  for (const [name, constant] of constants) {
    values.set(name, { name: `constant ${name}`, shape: constant.shape, layout: 'tf', constant });
  }
  return values;
}

/** The nodes that `outputs` depend on; the rest is dead weight. */
function neededNodes(graph: TfGraph, outputs: readonly string[]): Set<string> {
  const needed = new Set<string>();
  const open = [...outputs];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name) || graph.constants.has(name)) continue;
    const node = graph.nodes.get(name);
    if (!node) throw new Error(`the graph has no node '${name}'`);
    needed.add(name);
    open.push(...node.inputs);
  }
  return needed;
}

function placeholderShape(node: TfNode): number[] {
  const dims = (node.attr.shape as { shape?: { dim?: { size: string }[] } } | undefined)?.shape?.dim;
  const shape = (dims ?? []).map((dim) => Number(dim.size));
  if (shape.length === 4 && shape.every((size) => size > 0)) return shape;
  throw new Error(`input '${node.name}': shape should be four fixed sizes, found [${shape.join(',')}]`);
}

function convertNode(writer: OnnxWriter, node: TfNode, values: ReadonlyMap<string, Value>): Value {
  const operation = OPERATIONS[node.op];
  if (!operation) throw new Error(`node '${node.name}': operation '${node.op}' is not supported`);
  const inputs = node.inputs.map((name) => {
    const value = values.get(name);
    if (!value) throw new Error(`node '${node.name}' uses '${name}' before it is computed`);
    return value;
  });
  return operation(writer, node, inputs);
}

function publishOutput(writer: OnnxWriter, output: OutputSpec, values: ReadonlyMap<string, Value>) {
  const parts = output.from.map((name) => {
    const value = values.get(name)!;
    const count = value.shape.reduce((product, size) => product * size, 1);
    const known = output.dims.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const dims = output.dims.map((size) => (size === -1 ? count / known : size));
    return { dims, name: writer.node('Reshape', [inTfOrder(writer, value), writer.ints(dims)]) };
  });
  const [first] = parts;
  if (!first) throw new Error(`output '${output.name}' is made from no node`);
  if (parts.length === 1) {
    writer.publish(first.name, output.name);
    return { name: output.name, dims: first.dims };
  }
  const joined = writer.node(
    'Concat',
    parts.map((part) => part.name),
    { axis: 1 },
  );
  writer.publish(joined, output.name);
  return {
    name: output.name,
    dims: first.dims.with(
      1,
      parts.reduce((sum, part) => sum + part.dims[1]!, 0),
    ),
  };
}
