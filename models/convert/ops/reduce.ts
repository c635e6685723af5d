/** Operations that sum over an axis: reductions and matrix products. TensorFlow's order throughout. */
import { inTfOrder } from '../layout.ts';
import type { OnnxWriter } from '../onnx-writer.ts';
import type { Value } from '../layout.ts';
import { boolAttr } from '../tfjs-graph.ts';
import { broadcast } from './elementwise.ts';
import { constantInts, inputOf } from './op.ts';
import type { Operation } from './op.ts';

/** `Max`, `Min`, `Prod`, `Sum` over constant axes. */
export const reduce =
  (op: 'ReduceMax' | 'ReduceMin' | 'ReduceProd' | 'ReduceSum'): Operation =>
  (writer, node, inputs) => {
    const value = inputOf(node, inputs, 0);
    const rank = value.shape.length;
    const axes = constantInts(node, inputs, 1).map((axis) => (axis < 0 ? axis + rank : axis));
    const keepdims = boolAttr(node, 'keep_dims');
    const data = inTfOrder(writer, value);
    // ReduceSum takes its axes as an input since operator set 13, the others since 18.
    const name =
      op === 'ReduceSum'
        ? writer.node(op, [data, writer.ints(axes)], { keepdims: Number(keepdims) })
        : writer.node(op, [data], { axes, keepdims: Number(keepdims) });
    const shape = value.shape
      .map((size, axis) => (axes.includes(axis) ? 1 : size))
      .filter((_, axis) => keepdims || !axes.includes(axis));
    return { name, shape, layout: 'tf' };
  };

/** `BatchMatMulV2`: `adj_x`, `adj_y` transpose the last two axes first (numbers here are real). */
export const batchMatMul: Operation = (writer, node, inputs) => {
  const x = matrix(writer, inputOf(node, inputs, 0), boolAttr(node, 'adj_x'));
  const y = matrix(writer, inputOf(node, inputs, 1), boolAttr(node, 'adj_y'));
  const batch = broadcast(x.shape.slice(0, -2), y.shape.slice(0, -2));
  const shape = [...batch, x.shape.at(-2)!, y.shape.at(-1)!];
  return { name: writer.node('MatMul', [x.name, y.name]), shape, layout: 'tf' };
};

function matrix(writer: OnnxWriter, value: Value, adjoint: boolean): { name: string; shape: number[] } {
  const name = inTfOrder(writer, value);
  if (!adjoint) return { name, shape: [...value.shape] };
  const rank = value.shape.length;
  const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  return { name: writer.node('Transpose', [name], { perm }), shape: perm.map((axis) => value.shape[axis]!) };
}
