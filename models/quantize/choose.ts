/**
 * Finds how a network is quantized best: which ranges, channels equalised or not, layers left in fp32. Everything is judged on calibration inputs that the ranges were not taken from.
 *
 * What decides is the divergence from the fp32 answers: on some hundred inputs agreement cannot tell 98.3 % from
 * 98.7 %, and every disagreement starts as divergence. Agreement decides only whether eight bits suffice.
 */
import type { InferenceEngine } from '../engines/engine.ts';
import { floatsOf } from '../engines/engine.ts';
import { agreement, divergence } from './compare.ts';
import type { Logits } from './compare.ts';
import { equalise } from './equalise.ts';
import type { Graph } from './graph.ts';
import { insertQdq, valuesToScale } from './insert.ts';
import { observe, withNetwork } from './observe.ts';
import type { Seen } from './observe.ts';
import { writeGraph } from './onnx-file.ts';
import { RANGE_METHODS, rangeOf } from './ranges.ts';
import type { RangeMethod } from './ranges.ts';
import type { Head } from './recipes.ts';
import { inferShapes } from './shapes.ts';

/** Agreement below which layers go back to fp32, one after the other. */
const WANTED_AGREEMENT = 0.98;
const MOST_FLOAT_LAYERS = 3;
/** Another choice of float layers is taken when it leaves less than this part of the divergence. */
const WORTH_A_CHANGE = 0.9;

/** One way to quantize. */
export interface Settings {
  readonly ranges: RangeMethod;
  /** Values whose range is taken otherwise. */
  readonly except: Readonly<Record<string, RangeMethod>>;
  readonly equalised: boolean;
  /** Names of nodes in fp32. */
  readonly keepFloat: readonly string[];
}

/** How well it did on the inputs kept for choosing. */
export interface Trial {
  readonly settings: Settings;
  /** Of the head that agrees least. */
  readonly agreement: number;
  /** Mean over the heads, nats. */
  readonly divergence: number;
}

export interface Chosen {
  readonly bytes: Uint8Array;
  readonly best: Trial;
  /** All that was tried but for the search over single values. */
  readonly trials: readonly Trial[];
}

/** What a trial needs to know of the network; made once. */
interface Bench {
  readonly engine: InferenceEngine;
  readonly heads: readonly Head[];
  readonly reference: readonly Logits[];
  readonly inputs: readonly Float32Array[];
  /** As it is, and with equalised channels. */
  readonly plain: Observed;
  readonly level: Observed;
}

interface Observed {
  readonly graph: Graph;
  readonly seen: ReadonlyMap<string, Seen>;
}

/**
 * @param graph folded
 * @param ranging inputs for the ranges
 * @param choosing other inputs, for the choice
 */
export async function choose(
  engine: InferenceEngine,
  graph: Graph,
  heads: readonly Head[],
  ranging: readonly Float32Array[],
  choosing: readonly Float32Array[],
): Promise<Chosen> {
  const bench = await benchOf(engine, graph, heads, ranging, choosing);
  // With one input channel the first layer is faster in fp32 and most exact (README): so it begins there.
  const { first, last } = ends(graph);
  const trials: Trial[] = [];
  const attempt = async (settings: Settings): Promise<Trial> => {
    const trial = await tried(bench, settings);
    trials.push(trial);
    return trial;
  };
  for (const ranges of RANGE_METHODS) {
    for (const equalised of [false, true]) {
      await attempt({ ranges, except: {}, equalised, keepFloat: [first] });
    }
  }
  let best = await refined(bench, nearest(trials));
  for (const keepFloat of [[], [first, last]]) {
    const trial = await attempt({ ...best.settings, keepFloat });
    if (trial.divergence < best.divergence * WORTH_A_CHANGE) best = trial;
  }
  while (best.agreement < WANTED_AGREEMENT && best.settings.keepFloat.length < MOST_FLOAT_LAYERS) {
    best = await withOneMoreFloat(bench, best);
  }
  return { bytes: bytesOf(bench, best.settings), best, trials };
}

/** Logits of each input, by a network of one input and one output. */
export async function logitsOf(
  engine: InferenceEngine,
  bytes: Uint8Array,
  graph: Graph,
  inputs: readonly Float32Array[],
): Promise<Logits[]> {
  const [input, output] = [graph.inputs[0]!, graph.outputs[0]!];
  return withNetwork(engine, bytes, async (network) => {
    const logits: Logits[] = [];
    for (const data of inputs) {
      logits.push(floatsOf(await network.run({ [input.name]: { data, dims: input.dims } }), output.name));
    }
    return logits;
  });
}

async function benchOf(
  engine: InferenceEngine,
  graph: Graph,
  heads: readonly Head[],
  ranging: readonly Float32Array[],
  inputs: readonly Float32Array[],
): Promise<Bench> {
  const shapes = inferShapes(graph);
  const values = valuesToScale(graph, new Set());
  const seen = await observe(engine, graph, shapes, values, ranging);
  const level = equalise(graph, seen);
  return {
    engine,
    heads,
    inputs,
    reference: await logitsOf(engine, writeGraph(graph), graph, inputs),
    plain: { graph, seen },
    level: { graph: level, seen: await observe(engine, level, shapes, values, ranging) },
  };
}

function bytesOf({ plain, level }: Bench, settings: Settings): Uint8Array {
  const { graph, seen } = settings.equalised ? level : plain;
  const ranges = new Map(
    [...seen].map(([value, found]) => [value, rangeOf(found, settings.except[value] ?? settings.ranges)]),
  );
  const keepFloat = new Set(settings.keepFloat);
  return writeGraph(insertQdq(graph, { keepFloat, ranges }));
}

async function tried(bench: Bench, settings: Settings): Promise<Trial> {
  const { engine, heads, inputs, reference, plain } = bench;
  const logits = await logitsOf(engine, bytesOf(bench, settings), plain.graph, inputs);
  const agreements = heads.map((head) => agreement(logits, reference, head));
  const divergences = heads.map((head) => divergence(reference, logits, head));
  return {
    settings,
    agreement: Math.min(...agreements),
    divergence: divergences.reduce((sum, nats) => sum + nats, 0) / heads.length,
  };
}

const nearest = (trials: readonly Trial[]): Trial =>
  trials.reduce((best, trial) => (trial.divergence < best.divergence ? trial : best));

/** Value by value, in the order of computation: is another range better for it than the network's common one? */
async function refined(bench: Bench, start: Trial): Promise<Trial> {
  let best = start;
  for (const value of bench.plain.seen.keys()) {
    const others = RANGE_METHODS.filter(
      (method) => method !== (best.settings.except[value] ?? best.settings.ranges),
    );
    for (const method of others) {
      const except = { ...best.settings.except, [value]: method };
      best = nearest([best, await tried(bench, { ...best.settings, except })]);
    }
  }
  return best;
}

/** Names of the first and the last layer with weights: the ones that quantization is said to hurt most. */
function ends({ nodes, name }: Graph): { first: string; last: string } {
  const layers = weighted(nodes);
  const [first, last] = [layers[0], layers.at(-1)];
  if (first === undefined || last === undefined)
    throw new Error(`graph '${name}' has no layer with weights to quantize`);
  return { first, last };
}

const weighted = (nodes: Graph['nodes']): string[] =>
  nodes.filter(({ op }) => op === 'Conv' || op === 'Gemm').map(({ name }) => name);

async function withOneMoreFloat(bench: Bench, from: Trial): Promise<Trial> {
  const trials: Trial[] = [];
  for (const name of weighted(bench.plain.graph.nodes).filter((n) => !from.settings.keepFloat.includes(n))) {
    trials.push(await tried(bench, { ...from.settings, keepFloat: [...from.settings.keepFloat, name] }));
  }
  return nearest(trials);
}
