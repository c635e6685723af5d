/** Each trap of the conversion on a tiny graph, against TensorFlow.js' own kernels. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { convertGraph } from '../../../models/convert/convert.ts';
import type { TfNode } from '../../../models/convert/tfjs-graph.ts';
import { expectClose, graphOf, image, ints, noise, runConverted, text, texts } from './tiny-graph.ts';
import type { Image } from './tiny-graph.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const tensor = ({ data, shape }: Image): tf.Tensor4D => tf.tensor4d(data, [...shape]);
const floats = (shape: number[], seed = 7) => ({
  data: noise(
    shape.reduce((product, size) => product * size, 1),
    seed,
  ),
  shape,
});
const integers = (...values: number[]) => ({ data: Int32Array.from(values), shape: [values.length] });
const windowAttr = (stride: number, padding: string, dilation = 1): TfNode['attr'] => ({
  strides: ints(1, stride, stride, 1),
  dilations: ints(1, dilation, dilation, 1),
  padding: text(padding),
});

/** Odd and even sizes: SAME puts the odd pixel at the end, and where it lies depends on all three. */
const windows = [
  { size: [8, 8], kernel: 3, stride: 1, padding: 'SAME' },
  { size: [8, 8], kernel: 3, stride: 2, padding: 'SAME' },
  { size: [7, 7], kernel: 3, stride: 2, padding: 'SAME' },
  { size: [8, 7], kernel: 5, stride: 2, padding: 'SAME' },
  { size: [9, 6], kernel: 2, stride: 2, padding: 'SAME' },
  { size: [8, 8], kernel: 2, stride: 1, padding: 'SAME' },
  { size: [7, 9], kernel: 3, stride: 3, padding: 'SAME' },
  { size: [8, 7], kernel: 3, stride: 2, padding: 'VALID' },
] as const;

describe.each(windows)('a $kernel x $kernel window, stride $stride, $padding, on $size', (window) => {
  const { size, kernel, stride, padding } = window;
  const mode = padding === 'SAME' ? 'same' : 'valid';
  const x = image(size[0], size[1], 4);

  it('convolves as TensorFlow does', async () => {
    const filter = floats([kernel, kernel, 4, 5]);
    const graph = graphOf(
      x.shape,
      [{ name: 'y', op: 'Conv2D', inputs: ['x', 'w'], attr: windowAttr(stride, padding) }],
      { w: filter },
    );
    const wanted = tf.conv2d(tensor(x), tf.tensor4d(filter.data, [kernel, kernel, 4, 5]), stride, mode);
    expectClose(await runConverted(graph, x), wanted.dataSync());
  });

  it('convolves each channel by itself as TensorFlow does', async () => {
    const filter = floats([kernel, kernel, 4, 2]);
    const graph = graphOf(
      x.shape,
      [{ name: 'y', op: 'DepthwiseConv2dNative', inputs: ['x', 'w'], attr: windowAttr(stride, padding) }],
      { w: filter },
    );
    const wanted = tf.depthwiseConv2d(
      tensor(x),
      tf.tensor4d(filter.data, [kernel, kernel, 4, 2]),
      stride,
      mode,
    );
    expectClose(await runConverted(graph, x), wanted.dataSync());
  });

  it('takes the largest as TensorFlow does, never a padded zero', async () => {
    const negative = { ...x, data: x.data.map((value) => value - 2) };
    const attr = { ...windowAttr(stride, padding), ksize: ints(1, kernel, kernel, 1) };
    const graph = graphOf(x.shape, [{ name: 'y', op: 'MaxPool', inputs: ['x'], attr }]);
    const wanted = tf.maxPool(tensor(negative), kernel, stride, mode);
    expectClose(await runConverted(graph, negative), wanted.dataSync());
  });
});

describe('convolution', () => {
  it('keeps dilation', async () => {
    const x = image(9, 9, 2);
    const filter = floats([3, 3, 2, 3]);
    const attr = windowAttr(1, 'SAME', 2);
    const graph = graphOf(x.shape, [{ name: 'y', op: 'Conv2D', inputs: ['x', 'w'], attr }], { w: filter });
    const wanted = tf.conv2d(tensor(x), tf.tensor4d(filter.data, [3, 3, 2, 3]), 1, 'same', 'NHWC', 2);
    expectClose(await runConverted(graph, x), wanted.dataSync());
  });

  it('keeps the bias and the Relu that are fused into it', async () => {
    const x = image(5, 5, 3);
    const [w, b] = [floats([3, 3, 3, 2]), floats([2], 3)];
    const attr = { ...windowAttr(1, 'SAME'), fused_ops: texts('BiasAdd', 'Relu') };
    const graph = graphOf(x.shape, [{ name: 'y', op: '_FusedConv2D', inputs: ['x', 'w', 'b'], attr }], {
      w,
      b,
    });
    const plain = tf.conv2d(tensor(x), tf.tensor4d(w.data, [3, 3, 3, 2]), 1, 'same');
    expectClose(await runConverted(graph, x), tf.relu(tf.add(plain, tf.tensor1d(b.data))).dataSync());
  });

  it('refuses a fused activation that it does not know', () => {
    const attr = { ...windowAttr(1, 'SAME'), fused_ops: texts('BiasAdd', 'Elu') };
    const graph = graphOf([1, 5, 5, 3], [{ name: 'y', op: '_FusedConv2D', inputs: ['x', 'w', 'b'], attr }], {
      w: floats([3, 3, 3, 2]),
      b: floats([2]),
    });
    expect(() => convert(graph)).toThrow("node 'y': fused 'Elu' is not supported");
  });
});

describe('elements', () => {
  it.each([[[1, 1, 4]], [[4]]])('computes Prelu with slopes %j, negative and above 1 too', async (shape) => {
    const x = image(6, 5, 4);
    const slopes = { data: Float32Array.of(0.25, -0.5, 0, 1.5), shape };
    const graph = graphOf(x.shape, [{ name: 'y', op: 'Prelu', inputs: ['x', 'a'] }], { a: slopes });
    expectClose(
      await runConverted(graph, x),
      tf.prelu(tensor(x), tf.tensor(slopes.data, [1, 1, 1, 4])).dataSync(),
    );
  });

  it.each([
    ['a scalar', []],
    ['one number a channel', [3]],
    ['one number a column and channel', [5, 3]],
    ['one number an element', [1, 4, 5, 3]],
    ['one number a pixel', [4, 5, 1]],
  ])('adds %s to an image as TensorFlow broadcasts it', async (_what, shape) => {
    const x = image(4, 5, 3);
    const constant = floats(shape);
    const graph = graphOf(x.shape, [{ name: 'y', op: 'AddV2', inputs: ['x', 'c'] }], { c: constant });
    const wanted = tf.add(tensor(x), tf.tensor(constant.data, shape));
    expectClose(await runConverted(graph, x), wanted.dataSync());
  });

  it('sums many values, squares, and divides by roots', async () => {
    const x = image(3, 3, 2);
    const graph = graphOf(x.shape, [
      { name: 's', op: 'Square', inputs: ['x'] },
      { name: 'n', op: 'AddN', inputs: ['s', 's', 's'] },
      { name: 'y', op: 'Rsqrt', inputs: ['n'] },
    ]);
    expectClose(await runConverted(graph, x), tf.rsqrt(tf.mul(tf.square(tensor(x)), 3)).dataSync(), 1e-3);
  });
});

describe('arrangement', () => {
  it('reshapes in the order of TensorFlow, not of the planes', async () => {
    const x = image(2, 3, 4);
    const graph = graphOf(
      x.shape,
      [
        { name: 'r', op: 'Reshape', inputs: ['x', 'shape'] },
        {
          name: 'y',
          op: 'StridedSlice',
          inputs: ['r', 'begin', 'end', 'step'],
          attr: { end_mask: { i: '1' } },
        },
      ],
      { shape: integers(-1, 4), begin: integers(1, 1), end: integers(0, 3), step: integers(1, 1) },
    );
    const wanted = tf.slice(tf.reshape(tensor(x), [6, 4]), [1, 1], [5, 2]);
    expectClose(await runConverted(graph, x), wanted.dataSync());
  });

  it('pads channels at the end', async () => {
    const x = image(3, 4, 2);
    const paddings = { data: Int32Array.of(0, 0, 0, 0, 1, 0, 0, 3), shape: [4, 2] };
    const graph = graphOf(x.shape, [{ name: 'y', op: 'Pad', inputs: ['x', 'p'] }], { p: paddings });
    expectClose(
      await runConverted(graph, x),
      tf
        .pad(tensor(x), [
          [0, 0],
          [0, 0],
          [1, 0],
          [0, 3],
        ])
        .dataSync(),
    );
  });

  it('joins images along channels, also with a negative axis', async () => {
    const x = image(3, 4, 2);
    const graph = graphOf(
      x.shape,
      [
        { name: 'r', op: 'Relu', inputs: ['x'] },
        { name: 'y', op: 'ConcatV2', inputs: ['x', 'r', 'axis'] },
      ],
      { axis: integers(-1) },
    );
    expectClose(await runConverted(graph, x), tf.concat([tensor(x), tf.relu(tensor(x))], 3).dataSync());
  });

  it('picks pixels of an image by their place in TensorFlow order', async () => {
    const x = image(3, 4, 2);
    const places = { data: Int32Array.of(0, 2, 1, 0, 0, 3), shape: [2, 3] };
    const graph = graphOf(x.shape, [{ name: 'y', op: 'GatherNd', inputs: ['x', 'places'] }], { places });
    const wanted = tf.gatherND(tensor(x), tf.tensor2d(places.data, [2, 3], 'int32'));
    expectClose(await runConverted(graph, x), wanted.dataSync());
  });

  it('picks rows along an axis', async () => {
    const x = image(3, 4, 2);
    const graph = graphOf(x.shape, [{ name: 'y', op: 'GatherV2', inputs: ['x', 'rows', 'axis'] }], {
      rows: integers(3, 0, 3),
      axis: integers(2),
    });
    expectClose(await runConverted(graph, x), tf.gather(tensor(x), [3, 0, 3], 2).dataSync());
  });

  it('picks by computed indices within a limit that was replaced', async () => {
    const x = { data: Float32Array.of(0.9, 1.2, 7.5, 2.1), shape: [1, 4, 1, 1] } as const;
    const graph = graphOf(
      x.shape,
      [
        { name: 'floor', op: 'Floor', inputs: ['x'] },
        { name: 'index', op: 'Cast', inputs: ['floor'], attr: { DstT: { type: 'DT_INT32' } } },
        { name: 'limited', op: 'Minimum', inputs: ['index', 'limit'] },
        { name: 'y', op: 'GatherNd', inputs: ['table', 'limited'] },
      ],
      { limit: integers(4), table: { data: Float32Array.of(10, 11, 12, 13), shape: [4] } },
    );
    await expect(runConverted(graph, x)).rejects.toThrow(/invalid index/);
    expectClose(await runConverted(graph, x, { limit: [3] }), [10, 11, 13, 12]);
  });
});

describe('sums', () => {
  it.each([
    ['Max', tf.max],
    ['Min', tf.min],
    ['Sum', tf.sum],
    ['Prod', tf.prod],
  ] as const)('reduces by %s over the axis of TensorFlow', async (op, kernel) => {
    const x = image(3, 4, 5);
    for (const [axis, keepDims] of [
      [1, true],
      [-1, false],
    ] as const) {
      const attr = { keep_dims: { b: keepDims } };
      const graph = graphOf(x.shape, [{ name: 'y', op, inputs: ['x', 'axis'], attr }], {
        axis: integers(axis),
      });
      expectClose(await runConverted(graph, x), kernel(tensor(x), axis, keepDims).dataSync());
    }
  });

  it('multiplies matrices, the second one transposed by adj_y', async () => {
    const x = image(3, 4, 5);
    const weights = floats([6, 5]);
    const graph = graphOf(
      x.shape,
      [{ name: 'y', op: 'BatchMatMulV2', inputs: ['x', 'w'], attr: { adj_y: { b: true } } }],
      { w: weights },
    );
    const wanted = tf.matMul(tensor(x), tf.tensor(weights.data, [1, 1, 6, 5]), false, true);
    expectClose(await runConverted(graph, x), wanted.dataSync());
  });
});

describe('the whole graph', () => {
  it('leaves out what no output needs, even of an unknown kind', () => {
    const used = { name: 'y', op: 'Relu', inputs: ['x'] };
    const small = convert(graphOf([1, 2, 2, 1], [used]));
    const withDead = convert(graphOf([1, 2, 2, 1], [used, { name: 'dead', op: 'Whatever', inputs: ['x'] }]));
    expect(withDead).toEqual(small);
  });

  it('names the node and the kind that it cannot convert', () => {
    expect(() => convert(graphOf([1, 2, 2, 1], [{ name: 'y', op: 'Erf', inputs: ['x'] }]))).toThrow(
      "node 'y': operation 'Erf' is not supported",
    );
  });

  it('names an output or input that is not there', () => {
    expect(() => convert(graphOf([1, 2, 2, 1], []))).toThrow("the graph has no node 'y'");
    expect(() => convert(graphOf([1, 2, 2, 1], [{ name: 'y', op: 'AddV2', inputs: ['x', 'z'] }]))).toThrow(
      "the graph has no node 'z'",
    );
  });

  it('names a constant that should be replaced and is not there', () => {
    const graph = graphOf([1, 2, 2, 1], [{ name: 'y', op: 'Relu', inputs: ['x'] }]);
    const outputs = [{ name: 'out', from: ['y'], dims: [-1] }];
    expect(() =>
      convertGraph(graph, { name: 'g', input: 'i', outputs, constants: { limit: [1, 2] } }),
    ).toThrow("the graph has no constant 'limit' of 2 numbers to replace");
  });
});

function convert(graph: Parameters<typeof convertGraph>[0]): Uint8Array {
  return convertGraph(graph, {
    name: 'tiny',
    input: 'image',
    outputs: [{ name: 'out', from: ['y'], dims: [-1] }],
  });
}
