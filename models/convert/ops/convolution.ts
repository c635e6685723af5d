/**
 * Convolutions and pooling, all in NCHW, with padding written out: TensorFlow's SAME puts the odd
 * pixel at the end (bottom and right), which `auto_pad` of some runtimes does not.
 */
import { asItIs, inNchw, nchwOrder, transpose } from '../layout.ts';
import type { Value } from '../layout.ts';
import type { OnnxWriter } from '../onnx-writer.ts';
import { intsAttr, textAttr, textsAttr } from '../tfjs-graph.ts';
import type { TfConstant, TfNode } from '../tfjs-graph.ts';
import { constantFloats, inputOf } from './op.ts';
import type { Operation } from './op.ts';

/** What slides over the image, in pixels: [height, width] each. */
interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Top, left, bottom, right, as ONNX wants them. */
  readonly pads: readonly [number, number, number, number];
  /** Size of what comes out. */
  readonly out: readonly [number, number];
}

/** `Conv2D`, and `_FusedConv2D` with BiasAdd and an optional Relu. */
export const conv2d: Operation = (writer, node, inputs) => {
  const filter = filterOf(node, inputs);
  const [height, width, , channels] = filter.shape as [number, number, number, number];
  const weights = transpose(filter, [3, 2, 0, 1]); // HWIO -> OIHW
  const fused = textsAttr(node, 'fused_ops');
  const bias = fused.includes('BiasAdd') ? [biasName(writer, node, inputs)] : [];
  const out = slide(writer, node, inputs, [height, width], channels, (image, attributes) =>
    writer.node('Conv', [image, floatsName(writer, weights), ...bias], attributes),
  );
  const activation = fused.find((kind) => kind !== 'BiasAdd');
  if (activation === undefined) return out;
  if (activation !== 'Relu') throw new Error(`node '${node.name}': fused '${activation}' is not supported`);
  return { ...out, name: writer.node('Relu', [out.name]) };
};

/** `DepthwiseConv2dNative`: every channel its own filter. */
export const depthwiseConv2d: Operation = (writer, node, inputs) => {
  const filter = filterOf(node, inputs);
  const [height, width, channels, multiplier] = filter.shape as [number, number, number, number];
  const weights = transpose(filter, [2, 3, 0, 1]); // HWIM -> IMHW, which is [I*M, 1, H, W] in memory
  const filters = writer.floats(weights.data as Float32Array, [channels * multiplier, 1, height, width]);
  return slide(writer, node, inputs, [height, width], channels * multiplier, (image, attributes) =>
    writer.node('Conv', [image, filters], { ...attributes, group: channels }),
  );
};

/** `MaxPool`: padded pixels never win. */
export const maxPool: Operation = (writer, node, inputs) => {
  const [, height, width] = intsAttr(node, 'ksize') as [number, number, number, number];
  const channels = inputOf(node, inputs, 0).shape[3]!;
  return slide(writer, node, inputs, [height, width], channels, (image, attributes) =>
    writer.node('MaxPool', [image], attributes),
  );
};

function slide(
  writer: OnnxWriter,
  node: TfNode,
  inputs: readonly Value[],
  kernel: readonly [number, number],
  channels: number,
  write: (image: string, attributes: Record<string, readonly number[]>) => string,
): Value {
  const image = inputOf(node, inputs, 0);
  const window = windowOf(node, image.shape, kernel);
  const name = write(inNchw(writer, image), {
    kernel_shape: window.kernel,
    strides: window.strides,
    pads: window.pads,
    dilations: window.dilations,
  });
  return { name, shape: [image.shape[0]!, ...window.out, channels], layout: 'nchw' };
}

function windowOf(node: TfNode, shape: readonly number[], kernel: readonly [number, number]): Window {
  const strides = intsAttr(node, 'strides').slice(1, 3) as [number, number];
  const dilations = (node.attr.dilations ? intsAttr(node, 'dilations').slice(1, 3) : [1, 1]) as [
    number,
    number,
  ];
  const same = textAttr(node, 'padding') === 'SAME';
  if (!same && textAttr(node, 'padding') !== 'VALID') {
    throw new Error(`node '${node.name}' (${node.op}): padding should be SAME or VALID`);
  }
  const [rows, columns] = [0, 1].map((axis) =>
    spanOf(shape[axis + 1]!, kernel[axis]!, strides[axis]!, dilations[axis]!, same),
  ) as [Span, Span];
  return {
    kernel,
    strides,
    dilations,
    pads: [rows.before, columns.before, rows.after, columns.after],
    out: [rows.out, columns.out],
  };
}

interface Span {
  readonly out: number;
  readonly before: number;
  readonly after: number;
}

/** TensorFlow's rule for one axis, https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2 */
function spanOf(size: number, kernel: number, stride: number, dilation: number, same: boolean): Span {
  const reach = (kernel - 1) * dilation + 1;
  if (!same) return { out: Math.floor((size - reach) / stride) + 1, before: 0, after: 0 };
  const out = Math.ceil(size / stride);
  const total = Math.max((out - 1) * stride + reach - size, 0);
  const before = Math.floor(total / 2);
  return { out, before, after: total - before };
}

/** `Pad` with zeros. */
export const pad: Operation = (writer, node, inputs) => {
  const value = inputOf(node, inputs, 0);
  const flat = Array.from(inputs[1]?.constant?.data ?? []);
  const pairs = value.shape.map((_, axis) => [flat[2 * axis] ?? 0, flat[2 * axis + 1] ?? 0] as const);
  const ordered = value.layout === 'nchw' ? nchwOrder(pairs) : pairs;
  const amounts = writer.ints([...ordered.map((pair) => pair[0]), ...ordered.map((pair) => pair[1])]);
  const shape = value.shape.map((size, axis) => size + pairs[axis]![0] + pairs[axis]![1]);
  return { name: writer.node('Pad', [asItIs(writer, value), amounts]), shape, layout: value.layout };
};

function filterOf(node: TfNode, inputs: readonly Value[]): TfConstant {
  return { data: constantFloats(node, inputs, 1), shape: inputOf(node, inputs, 1).shape };
}

function biasName(writer: OnnxWriter, node: TfNode, inputs: readonly Value[]): string {
  const bias = constantFloats(node, inputs, 2);
  return writer.floats(bias, [bias.length]);
}

const floatsName = (writer: OnnxWriter, { data, shape }: TfConstant): string =>
  writer.floats(data as Float32Array, shape);
