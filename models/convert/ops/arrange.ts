/** Operations that move, pick or join elements, without computing. */
import { asItIs, axisIn, inLayout, inTfOrder } from '../layout.ts';
import { intAttr } from '../tfjs-graph.ts';
import { constantInts, inputOf } from './op.ts';
import type { Operation } from './op.ts';

/** `Reshape`: TensorFlow's element order counts, so an image is put back into it first. */
export const reshape: Operation = (writer, node, inputs) => {
  const value = inputOf(node, inputs, 0);
  const wanted = constantInts(node, inputs, 1);
  const count = product(value.shape);
  const known = product(wanted.filter((size) => size !== -1));
  const shape = wanted.map((size) => (size === -1 ? count / known : size));
  if (product(shape) !== count) {
    throw new Error(`node '${node.name}': [${value.shape.join(',')}] cannot become [${wanted.join(',')}]`);
  }
  const name = writer.node('Reshape', [inTfOrder(writer, value), writer.ints(shape)]);
  return { name, shape, layout: 'tf' };
};

/** `Transpose` */
export const transposeAxes: Operation = (writer, node, inputs) => {
  const value = inputOf(node, inputs, 0);
  const perm = constantInts(node, inputs, 1);
  const name = writer.node('Transpose', [inTfOrder(writer, value)], { perm });
  return { name, shape: perm.map((axis) => value.shape[axis]!), layout: 'tf' };
};

/** `ConcatV2`: the axis is the last input. */
export const concat: Operation = (writer, node, inputs) => {
  const values = inputs.slice(0, -1);
  const first = inputOf(node, values, 0);
  const [given = 0] = constantInts(node, inputs, inputs.length - 1);
  const axis = given < 0 ? given + first.shape.length : given;
  const layout = values.every((value) => value.layout === 'nchw') ? 'nchw' : 'tf';
  const names = values.map((value) => inLayout(writer, value, layout));
  const name = writer.node('Concat', names, { axis: axisIn({ ...first, layout }, axis) });
  const length = values.reduce((sum, value) => sum + value.shape[axis]!, 0);
  return { name, shape: first.shape.with(axis, length), layout };
};

/** `StridedSlice` with begin and end masks; a slice of everything is the value itself. */
export const stridedSlice: Operation = (writer, node, inputs) => {
  for (const mask of ['ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask']) {
    if (intAttr(node, mask, 0) !== 0) throw new Error(`node '${node.name}': ${mask} is not supported`);
  }
  const value = inputOf(node, inputs, 0);
  const ranges = value.shape.map((size, axis) => rangeOf(size, axis));
  const cut = ranges.filter((range) => range.length < range.size);
  if (cut.length === 0) return value;
  const name = writer.node('Slice', [
    asItIs(writer, value),
    writer.ints(cut.map((range) => range.begin)),
    writer.ints(cut.map((range) => range.end)),
    writer.ints(cut.map((range) => axisIn(value, range.axis))),
  ]);
  return { name, shape: ranges.map((range) => range.length), layout: value.layout };

  function rangeOf(size: number, axis: number) {
    const [begins, ends, strides] = [1, 2, 3].map((index) => constantInts(node, inputs, index));
    if (strides![axis] !== 1) throw new Error(`node '${node.name}': strides should be 1`);
    const begin = intAttr(node, 'begin_mask', 0) & (1 << axis) ? 0 : clampIndex(begins![axis]!, size);
    const end = intAttr(node, 'end_mask', 0) & (1 << axis) ? size : clampIndex(ends![axis]!, size);
    return { axis, size, begin, end, length: Math.max(end - begin, 0) };
  }
};

/** Negative indices count from the end. */
const clampIndex = (index: number, size: number): number =>
  Math.min(Math.max(index < 0 ? index + size : index, 0), size);

/** `GatherV2`: picks whole rows along an axis. */
export const gather: Operation = (writer, node, inputs) => {
  if (intAttr(node, 'batch_dims', 0) !== 0) throw new Error(`node '${node.name}': batch_dims should be 0`);
  const value = inputOf(node, inputs, 0);
  const indices = inputOf(node, inputs, 1);
  const [given = 0] = constantInts(node, inputs, 2);
  const axis = given < 0 ? given + value.shape.length : given;
  const name = writer.node('Gather', [inTfOrder(writer, value), inTfOrder(writer, indices)], { axis });
  return { name, shape: value.shape.toSpliced(axis, 1, ...indices.shape), layout: 'tf' };
};

/** `GatherNd`: the last axis of the indices names a place in the value's first axes. */
export const gatherNd: Operation = (writer, node, inputs) => {
  const value = inputOf(node, inputs, 0);
  const indices = inputOf(node, inputs, 1);
  const name = writer.node('GatherND', [inTfOrder(writer, value), inTfOrder(writer, indices)]);
  const shape = [...indices.shape.slice(0, -1), ...value.shape.slice(indices.shape.at(-1))];
  return { name, shape, layout: 'tf' };
};

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);
