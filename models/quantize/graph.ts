/**
 * A network as plain data, so that passes over it read like what they do: nodes in the order of
 * computation, constants by name. Read and written by onnx-file.ts; knows no runtime.
 */

/** One number, text, list of whole numbers. ONNX has more; our networks do not. */
export type Attribute = number | string | readonly number[];

/** The element types that quantized networks of ours hold. */
export type ConstantData = Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array;

/** A constant in row-major order; `[]` is a scalar. */
export interface Constant {
  readonly dims: readonly number[];
  readonly data: ConstantData;
}

/** Weights and biases before they are quantized. */
export interface FloatConstant extends Constant {
  readonly data: Float32Array;
}

/** One operation. Ours all have one output. */
export interface GraphNode {
  readonly op: string;
  /** For messages and for choosing nodes; unique. */
  readonly name: string;
  /** Names of values or constants; '' where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Attributes that hold a fraction even when it happens to be whole, e.g. epsilon. */
  readonly floats?: readonly string[];
}

/** A float32 input or output of the network. */
export interface GraphPort {
  readonly name: string;
  readonly dims: readonly number[];
}

/** Passes return a new graph and leave theirs alone. */
export interface Graph {
  readonly name: string;
  readonly opset: number;
  readonly irVersion: number;
  readonly inputs: readonly GraphPort[];
  readonly outputs: readonly GraphPort[];
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Constant>;
}

/** Product of the sizes: how many numbers a tensor of this shape holds. */
export const sizeOf = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);

/** Nodes that take `value` as an input. */
export const consumersOf = (graph: Graph, value: string): GraphNode[] =>
  graph.nodes.filter((node) => node.inputs.includes(value));

/** The node that computes `value`; undefined for inputs and constants. */
export const producerOf = (graph: Graph, value: string): GraphNode | undefined =>
  graph.nodes.find((node) => node.output === value);

/** Is `value` read by exactly one node, and by nobody outside? */
export function usedOnce(graph: Graph, value: string): boolean {
  const reads = graph.nodes.flatMap((node) => node.inputs).filter((name) => name === value).length;
  return reads === 1 && !graph.outputs.some(({ name }) => name === value);
}

/**
 * The float constant at input `index` of a node.
 * @throws Error naming the node when there is none: weights that are computed cannot be quantized.
 */
export function floatsAt(graph: Graph, node: GraphNode, index: number): FloatConstant {
  const constant = graph.constants.get(node.inputs[index] ?? '');
  if (constant?.data instanceof Float32Array) return { dims: constant.dims, data: constant.data };
  throw new Error(`node '${node.name}' (${node.op}): input ${index} should be a float32 constant`);
}

/** An attribute that must be a list of whole numbers. */
export function listAttribute(node: GraphNode, name: string, fallback: readonly number[]): readonly number[] {
  const value = node.attributes[name];
  return Array.isArray(value) ? (value as readonly number[]) : fallback;
}

/** An attribute that must be a number. */
export function numberAttribute(node: GraphNode, name: string, fallback: number): number {
  const value = node.attributes[name];
  return typeof value === 'number' ? value : fallback;
}

/** The graph without constants that no node reads. */
export function withoutUnread(graph: Graph): Graph {
  const read = new Set(graph.nodes.flatMap((node) => node.inputs));
  return { ...graph, constants: new Map([...graph.constants].filter(([name]) => read.has(name))) };
}
