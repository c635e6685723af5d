/**
 * Collects ONNX nodes and constants and writes them as an .onnx file.
 * The same calls in the same order give the same bytes: the manifest pins their hash.
 */
import type { onnx as Onnx } from 'onnx-proto';
import proto from 'onnx-proto';

const { onnx } = proto;

/** ReduceSum takes its axes as an input since 13, ReduceMax, -Min, -Prod still as an attribute. */
const OPSET = 15;
/** The file format version that goes with operator set 15. */
const IR_VERSION = 8;

/** Attribute values that the operators here need: integers, a text, one float. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** A named input or output of the finished graph. */
export interface OnnxPort {
  readonly name: string;
  readonly dims: readonly number[];
}

/** The growing graph. Values are known by name. */
export class OnnxWriter {
  private readonly nodes: Onnx.INodeProto[] = [];
  private readonly initializers: Onnx.ITensorProto[] = [];
  private readonly known = new Map<string, string>();

  /** Appends an operator with one output. @returns the output's name */
  node(op: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}): string {
    const key = JSON.stringify([op, inputs, attributes]);
    const seen = this.known.get(key);
    if (seen !== undefined) return seen; // every operator here is pure: the same call, the same value
    const output = `v${this.nodes.length}`;
    this.append(op, inputs, output, attributes);
    this.known.set(key, output);
    return output;
  }

  /** Gives `value` the public name `output`. */
  publish(value: string, output: string): void {
    this.append('Identity', [value], output, {});
  }

  /** A float32 constant, stored once however often it is asked for. @returns its name */
  floats(data: Float32Array, dims: readonly number[]): string {
    return this.constant(onnx.TensorProto.DataType.FLOAT, data, dims);
  }

  /** An int64 constant (ONNX takes indices and shapes in 64 bits). @returns its name */
  ints(values: ArrayLike<number>, dims: readonly number[] = [values.length]): string {
    return this.constant(
      onnx.TensorProto.DataType.INT64,
      BigInt64Array.from(Array.from(values), BigInt),
      dims,
    );
  }

  /**
   * @param name the graph's name, stored in the file
   * @returns the file's bytes
   */
  finish(name: string, inputs: readonly OnnxPort[], outputs: readonly OnnxPort[]): Uint8Array {
    return onnx.ModelProto.encode({
      irVersion: IR_VERSION,
      producerName: 'cabinwatch',
      opsetImport: [{ domain: '', version: OPSET }],
      graph: {
        name,
        node: this.nodes,
        initializer: this.initializers,
        input: inputs.map(floatPort),
        output: outputs.map(floatPort),
      },
    }).finish();
  }

  private append(
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: Record<string, OnnxAttribute>,
  ): void {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value));
    this.nodes.push({ opType: op, name: `${op}_${output}`, input: [...inputs], output: [output], attribute });
  }

  private constant(type: number, data: Float32Array | BigInt64Array, dims: readonly number[]): string {
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = JSON.stringify([type, dims, Buffer.from(rawData).toString('base64')]);
    const seen = this.known.get(key);
    if (seen !== undefined) return seen;
    const name = `c${this.initializers.length}`;
    this.initializers.push({ name, dataType: type, dims: [...dims], rawData });
    this.known.set(key, name);
    return name;
  }
}

function attributeProto(name: string, value: OnnxAttribute): Onnx.IAttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

function floatPort({ name, dims }: OnnxPort): Onnx.IValueInfoProto {
  const dim = dims.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT, shape: { dim } } } };
}
