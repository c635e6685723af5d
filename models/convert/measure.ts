/**
 * `node models/convert/measure.ts`: what a bare inference of each network costs here, and what each
 * output of the face mesh adds. One thread, input noise; milliseconds, least, median and CPU per run.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Network, Tensor } from '../engines/engine.ts';
import { onnxEngine } from '../engines/onnx.ts';
import { NETWORKS } from '../manifest.ts';
import type { NetworkFacts, NetworkName, Port } from '../manifest.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../prepare.ts';
import { convertGraph } from './convert.ts';
import { packageFile } from './make.ts';
import { RECIPES } from './recipes.ts';
import { readTfGraph } from './tfjs-graph.ts';

const WARM_UP_RUNS = 30;
const RUNS = 300;

const engine = onnxEngine({ threads: 1 });
console.log(`${engine.name}, ${RUNS} runs each\n${'network'.padEnd(44)}    min  median     cpu`);

const names = Object.keys(NETWORKS) as NetworkName[];
const files = await prepareModels(DEFAULT_MODELS_FOLDER, names);
for (const name of names) await report(name, NETWORKS[name], files[name]);

const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-measure-'));
try {
  for (const outputs of [
    ['mesh', 'faceFlag'],
    ['mesh', 'faceFlag', 'rightEye', 'leftEye'],
    ['mesh', 'faceFlag', 'rightEye', 'leftEye', 'lips'],
  ]) {
    const file = join(folder, 'part.onnx');
    await writeFile(file, faceMeshWith(outputs));
    await report(`face-mesh, only ${outputs.join(' ')}`, NETWORKS['face-mesh'], file);
  }
} finally {
  await rm(folder, { recursive: true });
}

function faceMeshWith(outputs: readonly string[]): Uint8Array {
  const recipe = RECIPES['face-mesh']!;
  const kept = recipe.outputs.filter((output) => outputs.includes(output.name));
  return convertGraph(readTfGraph(packageFile(NETWORKS['face-mesh'])), { ...recipe, outputs: kept });
}

async function report(title: string, facts: NetworkFacts, file: string): Promise<void> {
  const network = await engine.load(file);
  const { minMs, medianMs, cpuMs } = await measure(network, facts.inputs);
  await network.close();
  const columns = [minMs, medianMs, cpuMs].map((ms) => ms.toFixed(2).padStart(8)).join('');
  console.log(title.padEnd(42) + columns);
}

async function measure(network: Network, inputs: readonly Port[]) {
  const feeds = Object.fromEntries(inputs.map((port) => [port.name, someInput(port)]));
  for (let run = 0; run < WARM_UP_RUNS; run++) await network.run(feeds);
  const tookMs: number[] = [];
  const cpuBefore = process.cpuUsage();
  for (let run = 0; run < RUNS; run++) {
    const startedMs = performance.now();
    await network.run(feeds);
    tookMs.push(performance.now() - startedMs);
  }
  const cpu = process.cpuUsage(cpuBefore);
  tookMs.sort((a, b) => a - b);
  return { minMs: tookMs[0]!, medianMs: tookMs[RUNS >> 1]!, cpuMs: (cpu.user + cpu.system) / 1000 / RUNS };
}

function someInput({ type, dims }: Port): Tensor {
  const length = dims.reduce((product, size) => product * size, 1);
  if (type === 'int64') return { data: new BigInt64Array(length).fill(16000n), dims };
  return { data: Float32Array.from({ length }, () => Math.random()), dims };
}
