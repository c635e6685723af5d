/**
 * Runs the fp32 network over inputs and notes what its inner values were: the calibration itself.
 * The network is written to a temporary file with those values as additional outputs.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferenceEngine, Network } from '../engines/engine.ts';
import { floatsOf } from '../engines/engine.ts';
import type { Graph } from './graph.ts';
import { writeGraph } from './onnx-file.ts';
import { BINS } from './ranges.ts';
import type { Histogram } from './ranges.ts';

/** What a value was over all inputs. */
export interface Seen extends Histogram {
  /** By channel (axis 1): the largest size. */
  readonly channelPeak: Float64Array;
}

interface Growing {
  low: number;
  high: number;
  counts: Float64Array;
  channelPeak: Float64Array;
}

/**
 * @param shapes of `values`, from inferShapes
 * @param inputs at least one; each the data of the network's one input
 */
export async function observe(
  engine: InferenceEngine,
  graph: Graph,
  shapes: ReadonlyMap<string, readonly number[]>,
  values: readonly string[],
  inputs: readonly Float32Array[],
): Promise<Map<string, Seen>> {
  const isOutput = new Set(graph.outputs.map(({ name }) => name));
  const computed = values.filter(
    (name) => !isOutput.has(name) && !graph.inputs.some((port) => port.name === name),
  );
  const open: Graph = {
    ...graph,
    outputs: [...graph.outputs, ...computed.map((name) => ({ name, dims: shapes.get(name) ?? [] }))],
  };
  return withNetwork(engine, writeGraph(open), async (network) => {
    const seen = new Map(values.map((name) => [name, unseen(shapes.get(name)?.[1] ?? 1)]));
    for (const pass of [noteEnds, noteCounts]) {
      for (const input of inputs) {
        const found = await network.run({
          [graph.inputs[0]!.name]: { data: input, dims: graph.inputs[0]!.dims },
        });
        for (const [name, note] of seen) pass(note, found[name] ? floatsOf(found, name) : input);
      }
    }
    return seen;
  });
}

/** Loads a network from bytes for as long as `use` lasts. */
export async function withNetwork<T>(
  engine: InferenceEngine,
  bytes: Uint8Array,
  use: (network: Network) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-quantize-'));
  try {
    const file = join(folder, 'network.onnx');
    await writeFile(file, bytes);
    const network = await engine.load(file);
    try {
      return await use(network);
    } finally {
      await network.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

const unseen = (channels: number): Growing => ({
  low: 0,
  high: 0,
  counts: new Float64Array(BINS),
  channelPeak: new Float64Array(channels),
});

function noteEnds(note: Growing, data: Float32Array): void {
  const perChannel = data.length / note.channelPeak.length;
  for (let channel = 0, i = 0; channel < note.channelPeak.length; channel++) {
    let [low, high] = [0, 0];
    for (const end = i + perChannel; i < end; i++) {
      const value = data[i]!;
      if (value < low) low = value;
      else if (value > high) high = value;
    }
    note.low = Math.min(note.low, low);
    note.high = Math.max(note.high, high);
    note.channelPeak[channel] = Math.max(note.channelPeak[channel]!, high, -low);
  }
}

function noteCounts(note: Growing, data: Float32Array): void {
  const perUnit = BINS / Math.max(note.high - note.low, Number.MIN_VALUE);
  for (const value of data) {
    note.counts[Math.min(BINS - 1, Math.floor((value - note.low) * perUnit))]!++;
  }
}
