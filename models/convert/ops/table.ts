/** Which function converts which kind of TensorFlow operation. */
import { concat, gather, gatherNd, reshape, stridedSlice, transposeAxes } from './arrange.ts';
import { conv2d, depthwiseConv2d, maxPool, pad } from './convolution.ts';
import { addN, binary, castToInt, identity, prelu, rsqrt, square, unary } from './elementwise.ts';
import type { Operation } from './op.ts';
import { batchMatMul, reduce } from './reduce.ts';

/** Every kind that the networks of models/manifest.ts use, and no other. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  AddN: addN,
  AddV2: binary('Add'),
  BatchMatMulV2: batchMatMul,
  Cast: castToInt,
  ConcatV2: concat,
  Conv2D: conv2d,
  DepthwiseConv2dNative: depthwiseConv2d,
  Floor: unary('Floor'),
  GatherNd: gatherNd,
  GatherV2: gather,
  Identity: identity,
  Max: reduce('ReduceMax'),
  Maximum: binary('Max'),
  MaxPool: maxPool,
  Min: reduce('ReduceMin'),
  Minimum: binary('Min'),
  Mul: binary('Mul'),
  Pad: pad,
  Prelu: prelu,
  Prod: reduce('ReduceProd'),
  Relu: unary('Relu'),
  Reshape: reshape,
  Rsqrt: rsqrt,
  Square: square,
  StridedSlice: stridedSlice,
  Sub: binary('Sub'),
  Sum: reduce('ReduceSum'),
  Transpose: transposeAxes,
  _FusedConv2D: conv2d,
};
