import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTfGraph } from '../../../models/convert/tfjs-graph.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-tfjs-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function modelFile(weights: unknown[], bytes: Uint8Array, format = 'graph-model'): Promise<string> {
  const file = join(folder, 'model.json');
  const node = [
    { name: 'w', op: 'Const' },
    { name: 'y', op: 'Relu', input: ['w:0', '^w'] },
  ];
  const model = { format, modelTopology: { node }, weightsManifest: [{ paths: ['model.bin'], weights }] };
  await writeFile(file, JSON.stringify(model));
  await writeFile(join(folder, 'model.bin'), bytes);
  return file;
}

const half = { name: 'h', shape: [3], dtype: 'float32', quantization: { dtype: 'float16' } };
const single = { name: 's', shape: [1], dtype: 'float32' };
const integer = { name: 'i', shape: [], dtype: 'int32' };

it('reads nodes without constants, and weights at odd places', async () => {
  const bytes = new Uint8Array(14);
  bytes.set(new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3800).buffer));
  bytes.set(new Uint8Array(Float32Array.of(0.75).buffer), 6);
  bytes.set(new Uint8Array(Int32Array.of(-5).buffer), 10);
  const graph = readTfGraph(await modelFile([half, single, integer], bytes));
  expect([...graph.nodes.values()]).toEqual([{ name: 'y', op: 'Relu', inputs: ['w'], attr: {} }]);
  expect(graph.constants.get('h')?.data).toEqual(Float32Array.of(1, -2, 0.5));
  expect(graph.constants.get('s')?.data).toEqual(Float32Array.of(0.75));
  expect(graph.constants.get('i')).toEqual({ data: Int32Array.of(-5), shape: [] });
});

it('says which file has weights too short or too long', async () => {
  const short = await modelFile([half], new Uint8Array(4));
  expect(() => readTfGraph(short)).toThrow(/model\.json: the weights end within 'h'/);
  const long = await modelFile([half], new Uint8Array(8));
  expect(() => readTfGraph(long)).toThrow(/model\.json: weights of 8 bytes should have 6/);
});

it('refuses another format and unknown weight types', async () => {
  const layers = await modelFile([], new Uint8Array(0), 'layers-model');
  expect(() => readTfGraph(layers)).toThrow(/format should be 'graph-model', found 'layers-model'/);
  const bytes = await modelFile([{ ...single, dtype: 'complex64' }], new Uint8Array(8));
  expect(() => readTfGraph(bytes)).toThrow(/weight 's' has unsupported type complex64/);
});
