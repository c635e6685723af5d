/**
 * `node models/convert/measure.ts`: what a bare inference of each network costs here, and what each
 * output of the face mesh adds. One thread, input noise; milliseconds, least, median and CPU per run.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Network, Tensor, Tensors } from '../engines/engine.ts';
import { onnxEngine } from '../engines/onnx.ts';
import { NETWORKS } from '../manifest.ts';
import type { PackagedFacts, PackagedName, Port } from '../manifest.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../prepare.ts';
import { convertGraph } from './convert.ts';
import { packageFile } from './make.ts';
import { RECIPES } from './recipes.ts';
import { readTfGraph } from './tfjs-graph.ts';

/** Networks take turns, so that a busy moment of the machine does not fall on one of them alone. */
const ROUNDS = 6;
const RUNS_PER_ROUND = 60;

interface Candidate {
  readonly title: string;
  readonly network: Network;
  readonly feeds: Tensors;
  readonly tookMs: number[];
  cpuMs: number;
}

const engine = onnxEngine({ threads: 1 });
const candidates = [...(await wholeNetworks()), ...(await partsOfFaceMesh())];
for (let round = 0; round < ROUNDS; round++) {
  for (const candidate of candidates) await measure(candidate);
}
console.log(`${engine.name}, ${ROUNDS * RUNS_PER_ROUND} runs each`);
console.log(`${'network'.padEnd(42)}${['min', 'median', 'cpu'].map((head) => head.padStart(8)).join('')}`);
for (const candidate of candidates) console.log(line(candidate));

async function wholeNetworks(): Promise<Candidate[]> {
  const names = Object.keys(NETWORKS) as PackagedName[];
  const files = await prepareModels(DEFAULT_MODELS_FOLDER, names);
  return Promise.all(names.map((name) => candidateOf(name, NETWORKS[name], files[name])));
}

async function partsOfFaceMesh(): Promise<Candidate[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-measure-'));
  const facts = NETWORKS['face-mesh'];
  const graph = readTfGraph(packageFile(facts));
  const recipe = RECIPES['face-mesh']!;
  const candidates: Candidate[] = [];
  try {
    for (const outputs of ['mesh', 'mesh rightEye leftEye', 'mesh rightEye leftEye lips']) {
      const kept = recipe.outputs.filter(({ name }) => outputs.split(' ').includes(name));
      const file = join(folder, 'part.onnx');
      await writeFile(file, convertGraph(graph, { ...recipe, outputs: kept }));
      candidates.push(await candidateOf(`face-mesh, only ${outputs}`, facts, file));
    }
    return candidates;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function candidateOf(title: string, facts: PackagedFacts, file: string): Promise<Candidate> {
  const feeds = Object.fromEntries(facts.inputs.map((port) => [port.name, someInput(port)]));
  return { title, network: await engine.load(file), feeds, tookMs: [], cpuMs: 0 };
}

async function measure(candidate: Candidate): Promise<void> {
  const cpuBefore = process.cpuUsage();
  for (let run = 0; run < RUNS_PER_ROUND; run++) {
    const startedMs = performance.now();
    await candidate.network.run(candidate.feeds);
    candidate.tookMs.push(performance.now() - startedMs);
  }
  const cpu = process.cpuUsage(cpuBefore);
  candidate.cpuMs += (cpu.user + cpu.system) / 1000 / RUNS_PER_ROUND / ROUNDS;
}

function line({ title, tookMs, cpuMs }: Candidate): string {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const columns = [sorted[0]!, sorted[sorted.length >> 1]!, cpuMs];
  return title.padEnd(42) + columns.map((ms) => ms.toFixed(2).padStart(8)).join('');
}

function someInput({ type, dims }: Port): Tensor {
  const length = dims.reduce((product, size) => product * size, 1);
  if (type === 'int64') return { data: new BigInt64Array(length).fill(16000n), dims };
  return { data: Float32Array.from({ length }, () => Math.random()), dims };
}
