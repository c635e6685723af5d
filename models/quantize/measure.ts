/**
 * The INT8 network against its fp32 original on samples outside training: agreement and accuracy by head,
 * agreement by set, speed. The result goes into models/metrics/<name>.int8.json.
 */
import type { InferenceEngine, Tensors } from '../engines/engine.ts';
import { choose, logitsOf } from './choose.ts';
import type { Chosen } from './choose.ts';
import { agreement, answer, divergence, pairedChange } from './compare.ts';
import type { Change, Logits } from './compare.ts';
import { fold } from './fold.ts';
import type { Graph } from './graph.ts';
import { withNetwork } from './observe.ts';
import { readGraph } from './onnx-file.ts';
import type { Head } from './recipes.ts';
import type { Sample } from './samples.ts';
import { inferShapes } from './shapes.ts';
import { takeTurns } from './speed.ts';
import type { Cost } from './speed.ts';

/** One head compared. */
export interface HeadResult extends Partial<Change> {
  readonly n: number;
  readonly agreement: number;
  /** Nats. */
  readonly divergence: number;
  /** Samples whose true label is known; what follows counts those alone. */
  readonly labelled: number;
  readonly accuracyFp32?: number;
  readonly accuracyInt8?: number;
}

export interface Comparison {
  readonly heads: Readonly<Record<string, HeadResult>>;
  /** By set: of the head that agrees least. */
  readonly groups: Readonly<Record<string, { readonly n: number; readonly agreement: number }>>;
}

export interface Speed {
  readonly fp32: Cost;
  readonly int8: Cost;
  /** Least of fp32 over least of INT8. */
  readonly ratio: number;
}

/**
 * @param bytes of the fp32 .onnx file
 * @returns the graph as it will be quantized: checked, batch norms folded
 */
export function preparedGraph(bytes: Uint8Array, title: string): Graph {
  const graph = readGraph(bytes, title);
  inferShapes(graph);
  const folded = fold(graph);
  inferShapes(folded);
  return folded;
}

/** Quantizes with calibration samples: pairs of them in turn for the ranges and for the choice. */
export async function quantize(
  engine: InferenceEngine,
  graph: Graph,
  heads: readonly Head[],
  calibration: readonly Sample[],
): Promise<Chosen> {
  const half = (which: number): Float32Array[] =>
    calibration.filter((_, i) => ((i >> 1) & 1) === which).map(({ input }) => input);
  return choose(engine, graph, heads, half(0), half(1));
}

export async function compare(
  engine: InferenceEngine,
  graph: Graph,
  fp32: Uint8Array,
  int8: Uint8Array,
  heads: readonly Head[],
  samples: readonly Sample[],
): Promise<Comparison> {
  const inputs = samples.map(({ input }) => input);
  const before = await logitsOf(engine, fp32, graph, inputs);
  const after = await logitsOf(engine, int8, graph, inputs);
  const groups = [...new Set(samples.map(({ group }) => group))].map((group) => {
    const own = samples.flatMap((sample, i) => (sample.group === group ? [i] : []));
    const of = (logits: readonly Logits[]): Logits[] => own.map((i) => logits[i]!);
    const agreements = heads.map((head) => agreement(of(after), of(before), head));
    return [group, { n: own.length, agreement: Math.min(...agreements) }] as const;
  });
  return {
    heads: Object.fromEntries(
      heads.map((head, h) => [head.name, headResult(before, after, samples, head, h)]),
    ),
    groups: Object.fromEntries(groups),
  };
}

function headResult(
  before: readonly Logits[],
  after: readonly Logits[],
  samples: readonly Sample[],
  head: Head,
  index: number,
): HeadResult {
  const labelled = samples.flatMap(({ truth }, i) => ((truth[index] ?? -1) >= 0 ? [i] : []));
  const right = (logits: readonly Logits[]): boolean[] =>
    labelled.map((i) => answer(logits[i]!, head) === samples[i]!.truth[index]);
  const [was, is] = [right(before), right(after)];
  const share = (answers: readonly boolean[]): number => answers.filter(Boolean).length / answers.length;
  return {
    n: samples.length,
    agreement: agreement(after, before, head),
    divergence: divergence(before, after, head),
    labelled: labelled.length,
    ...(labelled.length > 0
      ? { accuracyFp32: share(was), accuracyInt8: share(is), ...pairedChange(was, is) }
      : {}),
  };
}

/** @param samples some real inputs, used in turn */
export async function compareSpeed(
  engine: InferenceEngine,
  graph: Graph,
  fp32: Uint8Array,
  int8: Uint8Array,
  samples: readonly Sample[],
): Promise<Speed> {
  const { name, dims } = graph.inputs[0]!;
  const feeds = samples.slice(0, 50).map(({ input }): Tensors => ({ [name]: { data: input, dims } }));
  return withNetwork(engine, fp32, (slow) =>
    withNetwork(engine, int8, async (fast) => {
      const [before, after] = await takeTurns([slow, fast], feeds);
      return { fp32: before!, int8: after!, ratio: before!.leastMs / after!.leastMs };
    }),
  );
}
