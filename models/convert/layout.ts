/**
 * Which order a value's axes are in. TensorFlow keeps images as NHWC, ONNX Runtime computes them as
 * NCHW. Every value is tagged with the order that it has in the ONNX graph, its shape is always told
 * in TensorFlow's order, and a transpose is written only where an operation wants the other order
 * (once per value: the writer remembers).
 */
import type { TfConstant } from './tfjs-graph.ts';
import type { OnnxWriter } from './onnx-writer.ts';

export type Layout = 'tf' | 'nchw';

/** A value of the graph under conversion. */
export interface Value {
  /** Its name in the ONNX graph; constants get theirs when they are used. */
  readonly name: string;
  /** Shape in TensorFlow's order, whatever the layout. */
  readonly shape: readonly number[];
  /** Order of the axes in the ONNX graph; `nchw` for values of four axes only. */
  readonly layout: Layout;
  readonly constant?: TfConstant;
}

export const TO_NCHW = [0, 3, 1, 2] as const;
const TO_NHWC = [0, 2, 3, 1] as const;

/** `items` with the axes of NHWC put in the order of NCHW, e.g. strides or paddings. */
export const nchwOrder = <T>(items: readonly T[]): T[] => TO_NCHW.map((axis) => items[axis]!);

/** The place of TensorFlow's axis (negative ones count from the end) in the value's ONNX order. */
export function axisIn(value: Value, axis: number): number {
  const positive = axis < 0 ? axis + value.shape.length : axis;
  return value.layout === 'nchw' ? TO_NCHW.findIndex((from) => from === positive) : positive;
}

/** The value's ONNX name in TensorFlow's order. */
export function inTfOrder(writer: OnnxWriter, value: Value): string {
  if (value.constant) return constantName(writer, value.constant);
  if (value.layout === 'tf') return value.name;
  const [, height, width] = value.shape;
  // A single pixel's elements lie the same way in both orders: a reshape costs nothing.
  if (height === 1 && width === 1) return writer.node('Reshape', [value.name, writer.ints(value.shape)]);
  return writer.node('Transpose', [value.name], { perm: TO_NHWC });
}

/** The value's ONNX name in NCHW. Constants of fewer axes become ones that broadcast the same way. */
export function inNchw(writer: OnnxWriter, value: Value): string {
  if (value.constant) return constantName(writer, toNchwConstant(value.constant));
  if (value.layout === 'nchw') return value.name;
  if (value.shape.length !== 4) {
    throw new Error(`value '${value.name}' has ${value.shape.length} axes and cannot be an image`);
  }
  return writer.node('Transpose', [value.name], { perm: TO_NCHW });
}

/** The value's ONNX name in the order `layout`. */
export const inLayout = (writer: OnnxWriter, value: Value, layout: Layout): string =>
  layout === 'nchw' ? inNchw(writer, value) : inTfOrder(writer, value);

/** The value's ONNX name in the order it already has. */
export const asItIs = (writer: OnnxWriter, value: Value): string => inLayout(writer, value, value.layout);

function constantName(writer: OnnxWriter, { data, shape }: TfConstant): string {
  return data instanceof Float32Array ? writer.floats(data, shape) : writer.ints(data, shape);
}

/** `[C]` becomes `[C,1,1]`, `[1,1,C]` too, `[N,H,W,C]` becomes `[N,C,H,W]`, a scalar stays. */
function toNchwConstant(constant: TfConstant): TfConstant {
  if (constant.data.length === 1) return { data: constant.data, shape: [] };
  const padded = [1, 1, 1, 1, ...constant.shape].slice(-4);
  const permuted = transpose({ data: constant.data, shape: padded }, TO_NCHW);
  const firstReal = permuted.shape.findIndex((size) => size !== 1);
  return { data: permuted.data, shape: permuted.shape.slice(Math.min(firstReal, 1)) };
}

/** A constant with its axes permuted: axis `i` of the result is axis `perm[i]` of the argument. */
export function transpose({ data, shape }: TfConstant, perm: readonly number[]): TfConstant {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const outShape = perm.map((axis) => shape[axis]!);
  const out = data.slice();
  const index = new Array<number>(perm.length).fill(0);
  for (let at = 0; at < out.length; at++) {
    let from = 0;
    for (let axis = 0; axis < perm.length; axis++) from += index[axis]! * strides[perm[axis]!]!;
    out[at] = data[from]!;
    for (let axis = perm.length - 1; axis >= 0 && ++index[axis]! === outShape[axis]; axis--) index[axis] = 0;
  }
  return { data: out, shape: outShape };
}
