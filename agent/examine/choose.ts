/**
 * Which network answers a task: the shipped one, another of ours by name, or a file.
 * Output: a checked file and which of our networks' preprocessing, labels and temperatures go with it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Precision, TrainedName } from '../../models/manifest.ts';
import { networkFile, type NetworkFile } from '../../models/network-file.ts';
import { sha256 } from '../../models/prepare.ts';

/** What `evaluate` is asked about. */
export const TASKS = ['face-emotion', 'face-sex', 'eyes', 'yawn', 'voice'] as const;
export type TaskName = (typeof TASKS)[number];

/** For each task the networks that can answer it; the first is the shipped one. */
const NETWORKS_OF: Readonly<Record<TaskName, readonly [TrainedName, ...TrainedName[]]>> = {
  'face-emotion': ['face-emotion', 'source-image'],
  'face-sex': ['face-sex'],
  eyes: ['eye-state'],
  yawn: ['mouth'],
  voice: ['voice', 'voice-open', 'source-voice'],
};

export interface Chosen {
  /** Whose preprocessing, labels and temperatures. */
  readonly kind: TrainedName;
  readonly file: NetworkFile;
  /** What it is called in the results. */
  readonly name: string;
}

/**
 * @param model a name of the manifest, or a path of an .onnx or a TF.js model.json; left out = the task's own
 * @throws Error in one sentence: no such network, or its file is missing or not the one that was measured
 */
export async function chooseNetwork(task: TaskName, model?: string): Promise<Chosen> {
  const kinds = NETWORKS_OF[task];
  const kind = kinds.find((name) => name === (model ?? kinds[0]));
  if (kind !== undefined) return { kind, file: await networkFile(kind), name: kind };
  const path = resolve(model ?? '');
  if (existsSync(path) && /\.(onnx|json)$/.test(path)) return await ofFile(path, kinds);
  throw new Error(
    `--model: found "${model ?? ''}", wanted ${kinds.join(' or ')}, or the path of an .onnx or a model.json`,
  );
}

/** A file is taken for the network whose name its own begins with, else for the task's own. */
async function ofFile(path: string, kinds: readonly [TrainedName, ...TrainedName[]]): Promise<Chosen> {
  const name = basename(path).replace(/\.(onnx|json)$/, '');
  // The longest name first: `voice-open.onnx` is not `voice`.
  const kind = [...kinds].sort((a, b) => b.length - a.length).find((one) => name.startsWith(one)) ?? kinds[0];
  const bytes = readFileSync(path);
  const isOnnx = path.endsWith('.onnx');
  const precision = precisionOf(bytes);
  const found = sha256(bytes);
  const ours = await networkFile(kind, { precision }).catch(() => null);
  if (ours?.sha256 === found) return { kind, file: ours, name };
  const gives = isOnnx ? ('logits' as const) : ('probabilities' as const);
  const engine = isOnnx ? ('onnx' as const) : ('tfjs' as const);
  const terms = { engine, precision, sha256: found, licenceClass: 'research', custom: { gives } } as const;
  return { kind, file: { name: kind, file: path, ...terms }, name };
}

/** A quantized graph names its quantizing nodes. */
const precisionOf = (bytes: Buffer): Precision => (bytes.includes('QuantizeLinear') ? 'int8' : 'fp32');
