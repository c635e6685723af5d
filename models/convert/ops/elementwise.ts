/** Operations on each element by itself. Images stay NCHW, everything else in TensorFlow's order. */
import { asItIs, inLayout, inNchw } from '../layout.ts';
import type { Value } from '../layout.ts';
import type { OnnxWriter } from '../onnx-writer.ts';
import { constantFloats, inputOf } from './op.ts';
import type { Operation } from './op.ts';

/** An operator of the same name and meaning in both, e.g. Relu or Floor. */
export const unary =
  (op: string): Operation =>
  (writer, node, inputs) => {
    const value = inputOf(node, inputs, 0);
    return { ...withoutConstant(value), name: writer.node(op, [asItIs(writer, value)]) };
  };

/** An operator of two values that broadcast, e.g. Add. */
export const binary =
  (op: string): Operation =>
  (writer, node, inputs) =>
    combine(writer, op, inputOf(node, inputs, 0), inputOf(node, inputs, 1));

/** `AddN`: a sum of any number of values. */
export const addN: Operation = (writer, _node, inputs) =>
  inputs.reduce((sum, value) => combine(writer, 'Add', sum, value));

/** `Square` */
export const square: Operation = (writer, node, inputs) => {
  const value = inputOf(node, inputs, 0);
  return combine(writer, 'Mul', value, value);
};

/** `Rsqrt`: 1 / sqrt(x) */
export const rsqrt: Operation = (writer, node, inputs) => {
  const value = inputOf(node, inputs, 0);
  const root = writer.node('Sqrt', [asItIs(writer, value)]);
  return { ...withoutConstant(value), name: writer.node('Reciprocal', [root]) };
};

/** `Cast` to integers; ONNX wants indices in 64 bits, so every integer is one here. */
export const castToInt: Operation = (writer, node, inputs) => {
  if (node.attr.DstT?.type !== 'DT_INT32') throw new Error(`node '${node.name}': only casts to int32`);
  const value = inputOf(node, inputs, 0);
  const INT64 = 7; // TensorProto.DataType.INT64
  return { ...withoutConstant(value), name: writer.node('Cast', [asItIs(writer, value)], { to: INT64 }) };
};

/** `Identity` */
export const identity: Operation = (_writer, node, inputs) => inputOf(node, inputs, 0);

/**
 * `Prelu` with one slope per channel, written as a*x + (1-a)*relu(x) by two depthwise 1x1
 * convolutions: ONNX Runtime's own PRelu is slow and breaks its blocked layout. The attention mesh
 * went from 5-7 ms to 3.1 ms by this, with the same output.
 */
export const prelu: Operation = (writer, node, inputs) => {
  const value = inputOf(node, inputs, 0);
  const slopes = constantFloats(node, inputs, 1);
  const channels = value.shape.at(-1)!;
  if (slopes.length !== channels) {
    throw new Error(`node '${node.name}' (Prelu): ${slopes.length} slopes for ${channels} channels`);
  }
  const image = inNchw(writer, value);
  const linear = scaleChannels(writer, image, slopes);
  const positive = scaleChannels(
    writer,
    writer.node('Relu', [image]),
    slopes.map((slope) => 1 - slope),
  );
  return { name: writer.node('Add', [linear, positive]), shape: value.shape, layout: 'nchw' };
};

function scaleChannels(writer: OnnxWriter, image: string, factors: Float32Array): string {
  const weights = writer.floats(factors, [factors.length, 1, 1, 1]);
  return writer.node('Conv', [image, weights], { kernel_shape: [1, 1], group: factors.length });
}

function combine(writer: OnnxWriter, op: string, a: Value, b: Value): Value {
  const layout = a.layout === 'nchw' || b.layout === 'nchw' ? 'nchw' : 'tf';
  const name = writer.node(op, [inLayout(writer, a, layout), inLayout(writer, b, layout)]);
  return { name, shape: broadcast(a.shape, b.shape), layout };
}

/** The shape that two shapes broadcast to, aligned at the last axis. */
export function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new Error(`shapes [${a.join(',')}] and [${b.join(',')}] do not broadcast`);
    }
    return Math.max(left, right);
  });
}

function withoutConstant({ name, shape, layout }: Value): Value {
  return { name, shape, layout };
}
