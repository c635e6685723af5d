/** Makes the bytes of one network's .onnx file from its npm package (needed in a checkout only). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { NetworkFacts, Origin } from '../manifest.ts';
import { convertGraph } from './convert.ts';
import { RECIPES } from './recipes.ts';
import { readTfGraph } from './tfjs-graph.ts';

/**
 * @returns the .onnx file's bytes, the same on every machine
 * @throws Error when the package is not installed or holds something else than the manifest says
 */
export function makeNetwork(facts: NetworkFacts): Uint8Array {
  const source = join(packageFolder(facts), facts.origin.file);
  if (facts.origin.by === 'copied') return readFileSync(source);
  const recipe = RECIPES[facts.name];
  if (!recipe) throw new Error(`network '${facts.name}' has no recipe in models/convert/recipes.ts`);
  return convertGraph(readTfGraph(source), recipe);
}

function packageFolder({ name, origin }: NetworkFacts): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${origin.npmPackage}/package.json`));
  } catch (cause) {
    throw new Error(`network '${name}' cannot be made: ${missingPackage(origin)}`, { cause });
  }
}

const missingPackage = ({ npmPackage, version }: Origin): string =>
  `npm package ${npmPackage} ${version} is not installed; run 'npm ci' in a checkout`;
