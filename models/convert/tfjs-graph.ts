/**
 * Reads a TensorFlow.js graph model (model.json + one weights file) into plain data.
 * Input: path of the .json. Output: nodes by name, constants decoded to float32 or int32.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decodeFloat16 } from './float16.ts';

/** An attribute as TensorFlow's protobuf JSON writes it; numbers of 64 bits are strings there. */
export interface TfAttribute {
  readonly s?: string; // base64
  readonly i?: string | number;
  readonly b?: boolean;
  readonly type?: string;
  readonly list?: { readonly i?: readonly (string | number)[]; readonly s?: readonly string[] };
}

/** One operation of the graph. Inputs name other nodes (first output only; no `:1` occurs here). */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attr: Readonly<Record<string, TfAttribute>>;
}

/** A weight, in TensorFlow's order (images NHWC, convolution filters HWIO). */
export interface TfConstant {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** A whole model: `nodes` without the constants, in the file's (topological) order. */
export interface TfGraph {
  readonly nodes: ReadonlyMap<string, TfNode>;
  readonly constants: ReadonlyMap<string, TfConstant>;
}

interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}

interface ModelJson {
  readonly format: string;
  readonly modelTopology: {
    readonly node: readonly {
      readonly name: string;
      readonly op: string;
      readonly input?: readonly string[];
      readonly attr?: Readonly<Record<string, TfAttribute>>;
    }[];
  };
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly WeightEntry[];
  }[];
}

/**
 * @param file path of the model.json; the weights lie beside it
 * @throws Error naming the file when it is no graph model or its weights are of another length
 */
export function readTfGraph(file: string): TfGraph {
  const model = JSON.parse(readFileSync(file, 'utf8')) as ModelJson;
  if (model.format !== 'graph-model') {
    throw new Error(`${file}: format should be 'graph-model', found '${model.format}'`);
  }
  const nodes = new Map<string, TfNode>();
  for (const node of model.modelTopology.node) {
    if (node.op === 'Const') continue;
    const inputs = (node.input ?? []).filter((name) => !name.startsWith('^')).map(withoutPort);
    nodes.set(node.name, { name: node.name, op: node.op, inputs, attr: node.attr ?? {} });
  }
  return { nodes, constants: readWeights(file, model) };
}

/** `a:0` and `a` are the same value; a second output would need work that no graph here asks for. */
function withoutPort(input: string): string {
  const [name = '', port = '0'] = input.split(':');
  if (port !== '0') throw new Error(`input '${input}': only a node's first output is supported`);
  return name;
}

function readWeights(file: string, model: ModelJson): Map<string, TfConstant> {
  const constants = new Map<string, TfConstant>();
  for (const group of model.weightsManifest) {
    const bytes = Buffer.concat(group.paths.map((path) => readFileSync(join(dirname(file), path))));
    let offset = 0;
    for (const entry of group.weights) {
      const length = byteLength(file, entry);
      if (offset + length > bytes.length) {
        throw new Error(`${file}: the weights end within '${entry.name}'; reinstall its package`);
      }
      // Copied: weights start at any byte, typed arrays at multiples of their element only.
      const raw = Uint8Array.from(bytes.subarray(offset, offset + length)).buffer;
      constants.set(entry.name, { data: decode(entry, raw), shape: entry.shape });
      offset += length;
    }
    if (offset !== bytes.length) {
      throw new Error(`${file}: weights of ${bytes.length} bytes should have ${offset}`);
    }
  }
  return constants;
}

const storedType = (entry: WeightEntry): string => entry.quantization?.dtype ?? entry.dtype;

function byteLength(file: string, entry: WeightEntry): number {
  const elementBytes = { float32: 4, int32: 4, float16: 2 }[storedType(entry)];
  if (elementBytes === undefined) {
    throw new Error(`${file}: weight '${entry.name}' has unsupported type ${storedType(entry)}`);
  }
  return entry.shape.reduce((product, size) => product * size, 1) * elementBytes;
}

function decode(entry: WeightEntry, raw: ArrayBuffer): Float32Array | Int32Array {
  switch (storedType(entry)) {
    case 'float16':
      return decodeFloat16(new Uint16Array(raw));
    case 'int32':
      return new Int32Array(raw);
    default:
      return new Float32Array(raw);
  }
}

/** Attribute readers: a missing attribute takes TensorFlow's own default, given by the caller. */
export function intAttr(node: TfNode, name: string, fallback: number): number {
  const value = node.attr[name]?.i;
  return value === undefined ? fallback : Number(value);
}

/** A list of integers, e.g. `strides` as [1, h, w, 1]. */
export function intsAttr(node: TfNode, name: string): number[] {
  const list = node.attr[name]?.list?.i;
  if (!list) throw new Error(`node '${node.name}' (${node.op}): attribute '${name}' is missing`);
  return list.map(Number);
}

export function boolAttr(node: TfNode, name: string): boolean {
  return node.attr[name]?.b ?? false;
}

/** A text, e.g. `padding` as SAME or VALID. */
export function textAttr(node: TfNode, name: string): string {
  return decodeText(node.attr[name]?.s ?? '');
}

export function textsAttr(node: TfNode, name: string): string[] {
  return (node.attr[name]?.list?.s ?? []).map(decodeText);
}

const decodeText = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');
