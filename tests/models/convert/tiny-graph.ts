/** Graphs of one operation, made by hand: converted, run by ONNX Runtime, compared by the tests. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertGraph } from '../../../models/convert/convert.ts';
import type { TfAttribute, TfConstant, TfGraph, TfNode } from '../../../models/convert/tfjs-graph.ts';
import { floatsOf } from '../../../models/engines/engine.ts';
import { onnxEngine } from '../../../models/engines/onnx.ts';

/** NHWC image data with its shape (batch 1). */
export interface Image {
  readonly data: Float32Array;
  readonly shape: readonly [number, number, number, number];
}

/** Attribute values as TensorFlow's JSON has them. */
export const text = (value: string): TfAttribute => ({ s: Buffer.from(value).toString('base64') });
export const ints = (...values: number[]): TfAttribute => ({ list: { i: values.map(String) } });
export const texts = (...values: string[]): TfAttribute => ({
  list: { s: values.map((value) => Buffer.from(value).toString('base64')) },
});

/** Numbers that look random and are the same every time, -1..1. */
export function noise(length: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export const image = (height: number, width: number, channels: number, seed = 1): Image => ({
  data: noise(height * width * channels, seed),
  shape: [1, height, width, channels],
});

/** A graph with one image input called `x`. */
export function graphOf(
  shape: readonly number[],
  nodes: readonly (Omit<TfNode, 'attr'> & { readonly attr?: TfNode['attr'] })[],
  constants: Readonly<Record<string, TfConstant>> = {},
): TfGraph {
  const dim = shape.map((size) => ({ size: String(size) }));
  const placeholder = {
    name: 'x',
    op: 'Placeholder',
    inputs: [],
    attr: { shape: { shape: { dim } } as TfAttribute },
  };
  const all = [placeholder, ...nodes.map((node) => ({ attr: {}, ...node }))];
  return {
    nodes: new Map(all.map((node) => [node.name, node])),
    constants: new Map(Object.entries(constants)),
  };
}

/**
 * Converts the graph and runs it.
 * @returns the numbers of node `y` in TensorFlow's order
 */
export async function runConverted(
  graph: TfGraph,
  input: Image,
  replaced?: Record<string, number[]>,
): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-graph-'));
  try {
    const file = join(folder, 'tiny.onnx');
    const outputs = [{ name: 'out', from: ['y'], dims: [-1] }];
    await writeFile(
      file,
      convertGraph(graph, { name: 'tiny', input: 'image', outputs, constants: replaced ?? {} }),
    );
    const network = await onnxEngine({ threads: 1 }).load(file);
    const [, height, width, channels] = input.shape;
    const result = await network.run({ image: { data: planes(input), dims: [1, channels, height, width] } });
    await network.close();
    return Array.from(floatsOf(result, 'out'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function planes({ data, shape: [, height, width, channels] }: Image): Float32Array {
  const pixels = height * width;
  return data.map((_, index) => data[(index % pixels) * channels + Math.floor(index / pixels)]!);
}

/** Asserts closeness number by number, naming the first that differs. */
export function expectClose(found: readonly number[], wanted: ArrayLike<number>, tolerance = 1e-5): void {
  if (found.length !== wanted.length) throw new Error(`${found.length} numbers, wanted ${wanted.length}`);
  const worst = Array.from(wanted).findIndex(
    (value, index) => !(Math.abs(value - found[index]!) <= tolerance),
  );
  if (worst !== -1) throw new Error(`number ${worst} is ${found[worst]}, wanted ${wanted[worst]}`);
}
