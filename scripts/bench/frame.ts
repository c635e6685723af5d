/**
 * What a frame costs in each chain, beside the sum of the network runs that it needs: the limit.
 * Options: --video FILE (default: the demo drive), --frames N, --json FILE.
 *
 * Pictures are decoded into memory first. Then, picture by picture in one run: each chain once, and the
 * very same network runs alone, on the same inputs; which of the two comes first (and finds the caches
 * cold) changes with every picture. Wall and CPU time in milliseconds; medians, and the spread from the
 * 10th to the 90th percentile. Machines are shared: compare columns of
 * one run, not runs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createDetector } from '../../agent/perceive/detector.ts';
import { loadStates } from '../../agent/perceive/load-states.ts';
import { createNetworkOpener } from '../../agent/perceive/network-opener.ts';
import { createPerceiver } from '../../agent/perceive/perceiver.ts';
import type { PictureView } from '../../agent/perceive/picture.ts';
import { createVad } from '../../agent/perceive/vad.ts';
import { createVoice } from '../../agent/perceive/voice.ts';
import { configSchema } from '../../config/schema.ts';
import type { InferenceEngine, Network, Tensors } from '../../models/engines/engine.ts';
import { createEngines } from '../../models/engines/load.ts';
import { onnxEngine } from '../../models/engines/onnx.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../models/prepare.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const CLIPS = ['tests/fixtures/drive.mp4', '../shared/data/videos/yawdd-4.mp4'];
const WIDTH = 640;
const HEIGHT = 480;
const FRAME_BYTES = (WIDTH * HEIGHT * 3) / 2;
/** Pictures before those that count: the compiler and the caches settle. */
const WARM_UP = 60;
const SAMPLE_RATE_HZ = 16_000;

const { values: options } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== 'frame'),
  options: {
    video: { type: 'string' },
    frames: { type: 'string', default: '300' },
    json: { type: 'string' },
  },
});

/** Wall and CPU milliseconds of one piece of work. */
interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function cost(work: () => Promise<unknown>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

/** An engine that remembers the runs of its networks since `forget`, so that they can be done again alone. */
interface RecordingEngine extends InferenceEngine {
  readonly forget: () => void;
  readonly again: () => Promise<void>;
}

function recordingEngine(engine: InferenceEngine): RecordingEngine {
  let runs: (() => Promise<unknown>)[] = [];
  const record = (network: Network): Network => ({
    inputNames: network.inputNames,
    outputNames: network.outputNames,
    inputShapes: network.inputShapes,
    outputShapes: network.outputShapes,
    close: () => network.close(),
    run: (feeds: Tensors) => {
      runs.push(() => network.run(feeds));
      return network.run(feeds);
    },
  });
  return {
    name: engine.name,
    load: async (file) => record(await engine.load(file)),
    forget: () => {
      runs = [];
    },
    again: async () => {
      for (const run of runs) await run();
    },
  };
}

function decode(file: string, frames: number): Uint8Array {
  const size = ['-vf', `scale=${WIDTH}:${HEIGHT}`, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'];
  const args = ['-v', 'error', '-i', file, '-frames:v', String(frames), ...size];
  const { stdout, status, stderr } = spawnSync('ffmpeg', args, { maxBuffer: (frames + 1) * FRAME_BYTES });
  if (status !== 0) throw new Error(`${file}: ffmpeg cannot decode it (${String(stderr).trim()})`);
  return stdout;
}

/** A chain under test: one step per picture, and its network runs alone. */
interface Chain {
  readonly name: string;
  readonly step: (picture: PictureView, index: number) => Promise<unknown>;
  readonly engine: RecordingEngine;
}

/** The chain on this picture, and its network runs alone: those of this picture, or of the one before. */
async function both({ step, engine }: Chain, picture: PictureView, index: number) {
  const whole = () => {
    engine.forget();
    return step(picture, index);
  };
  const bareFirst = index % 2 === 1 ? await cost(engine.again) : null;
  const wholeCost = await cost(whole);
  return { whole: wholeCost, bare: bareFirst ?? (await cost(engine.again)) };
}

async function chains(): Promise<Chain[]> {
  const files = await prepareModels(DEFAULT_MODELS_FOLDER, ['blazeface', 'face-mesh', 'silero-vad']);
  const { models, perceive: config } = configSchema.parse({});
  const engines = [1, 2, 3, 4].map(() => recordingEngine(onnxEngine({ threads: 1 })));
  const [forDetect, forTrack, forStates, forVoice] = engines as [
    (typeof engines)[0],
    (typeof engines)[0],
    (typeof engines)[0],
    (typeof engines)[0],
  ];
  const detector = createDetector(await forDetect.load(files.blazeface), config.minFaceScore);
  const perceiver = await createPerceiver({ engine: forTrack, files, config });
  const opener = createNetworkOpener(models, { ...createEngines(models), onnx: forStates });
  const states = await loadStates(config, opener);
  const withStates = await createPerceiver({ engine: forStates, files, config, states });
  const vad = createVad(await forVoice.load(files['silero-vad']));
  const { vadThreshold, affectSpeechShare } = config;
  const voice = createVoice(vad, { vadThreshold, clippedAt: 1, affectSpeechShare });
  return [
    { name: 'detect', step: (picture) => detector.detect(picture), engine: forDetect },
    { name: 'tracked', step: (picture, i) => perceiver.face(picture, (i * 1000) / 30), engine: forTrack },
    {
      name: 'tracked, eye and mouth networks',
      step: (picture, i) => withStates.face(picture, (i * 1000) / 30),
      engine: forStates,
    },
    {
      name: 'voice, a 3-s window each second',
      step: (_, i) => voice.hear(soundWindow(i)),
      engine: forVoice,
    },
  ];
}

/** A minute of a tone in noise. */
const sound = Float32Array.from(
  { length: 60 * SAMPLE_RATE_HZ },
  (_, i) => 0.2 * Math.sin(i * 0.07) + 0.05 * Math.sin(i * i),
);

/** Three seconds of it, a new second each time. */
function soundWindow(index: number) {
  const from = (index % 57) * SAMPLE_RATE_HZ;
  const samples = sound.subarray(from, from + 3 * SAMPLE_RATE_HZ);
  return { samples, sampleRateHz: SAMPLE_RATE_HZ, atMs: 3000 + index * 1000, windowMs: 3000, gap: false };
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? NaN;

function row(name: string, whole: readonly Cost[], bare: readonly Cost[]) {
  const wall = whole.map((one) => one.wallMs);
  const cpu = whole.map((one) => one.cpuMs);
  const bareWall = bare.map((one) => one.wallMs);
  const bareCpu = bare.map((one) => one.cpuMs);
  return {
    chain: name,
    wallMs: quantile(wall, 0.5),
    wallP10Ms: quantile(wall, 0.1),
    wallP90Ms: quantile(wall, 0.9),
    cpuMs: quantile(cpu, 0.5),
    bareWallMs: quantile(bareWall, 0.5),
    bareCpuMs: quantile(bareCpu, 0.5),
    wallToBare: quantile(wall, 0.5) / quantile(bareWall, 0.5),
    cpuToBare: quantile(cpu, 0.5) / quantile(bareCpu, 0.5),
  };
}

async function benchFrame(): Promise<void> {
  const file = options.video ?? CLIPS.map((clip) => resolve(ROOT, clip)).find((clip) => existsSync(clip));
  if (file === undefined)
    throw new Error(`no video: none of ${CLIPS.join(', ')} is there; give --video FILE`);
  const pixels = decode(file, Number(options.frames) + WARM_UP);
  const count = Math.floor(pixels.length / FRAME_BYTES);
  const measured = (await chains()).map((chain) => ({ chain, whole: [] as Cost[], bare: [] as Cost[] }));
  for (let index = 0; index < count; index++) {
    const picture: PictureView = {
      pixels: pixels.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES),
      width: WIDTH,
      height: HEIGHT,
      pixelFormat: 'yuv420p',
    };
    for (const { chain, whole, bare } of measured) {
      const costs = await both(chain, picture, index);
      if (index < WARM_UP) continue;
      whole.push(costs.whole);
      bare.push(costs.bare);
    }
  }
  const rows = measured.map(({ chain, whole, bare }) => row(chain.name, whole, bare));
  console.log(`frame: ${count - WARM_UP} pictures of ${WIDTH}x${HEIGHT} from ${file}, one thread`);
  console.table(Object.fromEntries(rows.map(({ chain, ...costs }) => [chain, inHundredths(costs)])));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ file, rows }, null, 2)}\n`);
}

const inHundredths = (costs: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(costs).map(([name, value]) => [name, Math.round(value * 100) / 100]));

await benchFrame();
