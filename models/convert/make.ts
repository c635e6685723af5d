/** Makes the bytes of one network's .onnx file from its npm package (needed in a checkout only). */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PackagedFacts } from '../manifest.ts';
import { convertGraph } from './convert.ts';
import { RECIPES } from './recipes.ts';
import { readTfGraph } from './tfjs-graph.ts';

/**
 * @returns the .onnx file's bytes, the same on every machine
 * @throws Error when the package is not installed or holds something else than the manifest says
 */
export function makeNetwork(facts: PackagedFacts): Uint8Array {
  const source = packageFile(facts);
  if (facts.origin.by === 'copied') return readFileSync(source);
  const recipe = RECIPES[facts.name];
  if (!recipe) throw new Error(`network '${facts.name}' has no recipe in models/convert/recipes.ts`);
  return convertGraph(readTfGraph(source), recipe);
}

/** The file of the npm package that the network is made from. */
export function packageFile({ name, origin }: PackagedFacts): string {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${origin.npmPackage}/package.json`);
    return join(dirname(manifest), origin.file);
  } catch (cause) {
    throw new Error(
      `network '${name}' cannot be made: npm package ${origin.npmPackage} ${origin.version} is not installed; ` +
        `run 'npm ci' in a checkout`,
      { cause },
    );
  }
}
