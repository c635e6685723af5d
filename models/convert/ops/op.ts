/** What one entry of the operation table is: a TensorFlow node and its inputs become an ONNX value. */
import type { Value } from '../layout.ts';
import type { OnnxWriter } from '../onnx-writer.ts';
import type { TfNode } from '../tfjs-graph.ts';

/**
 * Writes the ONNX nodes of one TensorFlow node.
 * @throws Error naming the node when it uses something not supported
 */
export type Operation = (writer: OnnxWriter, node: TfNode, inputs: readonly Value[]) => Value;

/** Input `index`, or an error naming the node. */
export function inputOf(node: TfNode, inputs: readonly Value[], index: number): Value {
  const value = inputs[index];
  if (!value) throw new Error(`node '${node.name}' (${node.op}): input ${index} is missing`);
  return value;
}

/** The numbers of a constant input, e.g. paddings or a target shape. */
export function constantInts(node: TfNode, inputs: readonly Value[], index: number): number[] {
  const { constant } = inputOf(node, inputs, index);
  if (!constant) throw new Error(`node '${node.name}' (${node.op}): input ${index} should be a constant`);
  return Array.from(constant.data);
}

/** The data of a constant weight. */
export function constantFloats(node: TfNode, inputs: readonly Value[], index: number): Float32Array {
  const data = inputOf(node, inputs, index).constant?.data;
  if (data instanceof Float32Array) return data;
  throw new Error(`node '${node.name}' (${node.op}): input ${index} should be a float constant`);
}
