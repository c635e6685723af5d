/**
 * .onnx bytes to Graph and back. The same graph gives the same bytes: names are the graph's own and
 * nothing of the machine or the time goes in.
 */
import type { onnx as Onnx } from 'onnx-proto';
import proto from 'onnx-proto';
import type { Attribute, Constant, ConstantData, Graph, GraphNode, GraphPort } from './graph.ts';

const { onnx } = proto;
const { DataType } = onnx.TensorProto;
const { AttributeType } = onnx.AttributeProto;

/**
 * @param title for messages, usually the file
 * @throws Error with one sentence for what is no network, or holds what ours never hold
 */
export function readGraph(bytes: Uint8Array, title: string): Graph {
  let model: Onnx.ModelProto;
  try {
    model = onnx.ModelProto.decode(bytes);
  } catch (cause) {
    throw new Error(`${title} is no ONNX network`, { cause });
  }
  const { graph } = model;
  if (!graph?.node?.length) throw new Error(`${title} is no ONNX network`);
  const constants = new Map((graph.initializer ?? []).map((t) => [t.name ?? '', constantOf(t, title)]));
  const ports = (infos: readonly Onnx.IValueInfoProto[] | null | undefined): GraphPort[] =>
    (infos ?? []).filter(({ name }) => !constants.has(name ?? '')).map((info) => portOf(info, title));
  const nodes: GraphNode[] = [];
  for (const [index, node] of graph.node.entries()) {
    const value = node.opType === 'Constant' ? node.attribute?.[0]?.t : undefined;
    if (value) constants.set(node.output?.[0] ?? '', constantOf(value, title));
    else nodes.push(nodeOf(node, index, title));
  }
  return {
    name: graph.name ?? '',
    opset: Number(model.opsetImport.find(({ domain }) => !domain)?.version ?? 0),
    irVersion: Number(model.irVersion),
    inputs: ports(graph.input),
    outputs: ports(graph.output),
    nodes,
    constants,
  };
}

/** @returns the .onnx file's bytes */
export function writeGraph(graph: Graph): Uint8Array {
  return onnx.ModelProto.encode({
    irVersion: graph.irVersion,
    producerName: 'cabinwatch',
    opsetImport: [{ domain: '', version: graph.opset }],
    graph: {
      name: graph.name,
      node: graph.nodes.map(nodeProto),
      initializer: [...graph.constants].map(([name, constant]) => tensorProto(name, constant)),
      input: graph.inputs.map(portProto),
      output: graph.outputs.map(portProto),
    },
  }).finish();
}

function nodeOf(node: Onnx.INodeProto, index: number, title: string): GraphNode {
  const op = node.opType ?? '';
  const name = node.name || `${op}_${index}`;
  const [output, ...others] = node.output ?? [];
  if (!output || others.some((other) => other !== '')) {
    throw new Error(
      `${title}: node '${name}' (${op}) should have one output, found ${node.output?.length ?? 0}`,
    );
  }
  const given = node.attribute ?? [];
  return {
    op,
    name,
    inputs: node.input ?? [],
    output,
    attributes: Object.fromEntries(given.map((a) => [a.name ?? '', attributeOf(a, name, title)])),
    floats: given.filter((a) => a.type === AttributeType.FLOAT).map((a) => a.name ?? ''),
  };
}

function attributeOf(given: Onnx.IAttributeProto, node: string, title: string): Attribute {
  if (given.type === AttributeType.INT) return Number(given.i);
  if (given.type === AttributeType.FLOAT) return Number(given.f);
  if (given.type === AttributeType.STRING) return Buffer.from(given.s ?? []).toString();
  if (given.type === AttributeType.INTS) return (given.ints ?? []).map(Number);
  throw new Error(
    `${title}: node '${node}' has an attribute '${given.name}' of a type that no network of ours uses`,
  );
}

function portOf({ name, type }: Onnx.IValueInfoProto, title: string): GraphPort {
  const dims = (type?.tensorType?.shape?.dim ?? []).map(({ dimValue }) => Number(dimValue ?? 0));
  if (dims.some((size) => size < 1)) {
    throw new Error(`${title}: '${name}' should have a fixed shape, found [${dims.join(',')}] (0 = open)`);
  }
  return { name: name ?? '', dims };
}

function constantOf(tensor: Onnx.ITensorProto, title: string): Constant {
  const dims = (tensor.dims ?? []).map(Number);
  // A copy: typed arrays need their own alignment.
  const raw = new Uint8Array(tensor.rawData ?? []).slice().buffer;
  const { dataType } = tensor;
  const read = (): ConstantData | undefined => {
    if (dataType === DataType.FLOAT)
      return tensor.floatData?.length ? Float32Array.from(tensor.floatData) : new Float32Array(raw);
    if (dataType === DataType.INT64)
      return tensor.int64Data?.length
        ? BigInt64Array.from(tensor.int64Data, (value) => BigInt(Number(value)))
        : new BigInt64Array(raw);
    if (dataType === DataType.INT8) return new Int8Array(raw);
    if (dataType === DataType.UINT8) return new Uint8Array(raw);
    if (dataType === DataType.INT32) return new Int32Array(raw);
    return undefined;
  };
  const data = read();
  if (data) return { dims, data };
  throw new Error(`${title}: constant '${tensor.name}' is of a type that no network of ours uses`);
}

function typeOf(data: ConstantData): number {
  if (data instanceof Float32Array) return DataType.FLOAT;
  if (data instanceof Int8Array) return DataType.INT8;
  if (data instanceof Uint8Array) return DataType.UINT8;
  if (data instanceof Int32Array) return DataType.INT32;
  return DataType.INT64;
}

function tensorProto(name: string, { dims, data }: Constant): Onnx.ITensorProto {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dataType: typeOf(data), dims: [...dims], rawData };
}

function nodeProto(node: GraphNode): Onnx.INodeProto {
  const attribute = Object.entries(node.attributes).map(([name, value]): Onnx.IAttributeProto => {
    if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
    if (typeof value !== 'number') return { name, type: AttributeType.INTS, ints: [...value] };
    if (node.floats?.includes(name)) return { name, type: AttributeType.FLOAT, f: value };
    return { name, type: AttributeType.INT, i: value };
  });
  return { opType: node.op, name: node.name, input: [...node.inputs], output: [node.output], attribute };
}

function portProto({ name, dims }: GraphPort): Onnx.IValueInfoProto {
  const dim = dims.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: DataType.FLOAT, shape: { dim } } } };
}
