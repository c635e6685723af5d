/**
 * `npm run models [FOLDER]`: makes or checks every network, one line each.
 * Exit code 0 when all are there and right, 1 otherwise.
 */
import { NETWORKS } from '../manifest.ts';
import type { NetworkName } from '../manifest.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../prepare.ts';

const folder = process.argv[2] ?? DEFAULT_MODELS_FOLDER;
try {
  await prepareModels(folder, Object.keys(NETWORKS) as NetworkName[], ({ name, bytes, state }) => {
    console.log(`${name.padEnd(16)} ${(bytes / 1024).toFixed(0).padStart(6)} KB  sha256 ok  ${state}`);
  });
  console.log(`in ${folder}`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
