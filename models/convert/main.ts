/**
 * `npm run models [FOLDER]`: makes or checks every network, one line each.
 * Exit code 0 when all are there and right, 1 otherwise.
 */
import { stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { NETWORKS, TRAINED } from '../manifest.ts';
import type { PackagedName, TrainedName } from '../manifest.ts';
import { networkFile, weightsFile } from '../network-file.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../prepare.ts';

const folder = process.argv[2] ?? DEFAULT_MODELS_FOLDER;

function line(name: string, bytes: number, state: string): void {
  console.log(`${name.padEnd(18)} ${(bytes / 1024).toFixed(0).padStart(6)} KB  sha256 ok  ${state}`);
}

async function checkOurs(): Promise<void> {
  for (const name of Object.keys(TRAINED) as TrainedName[]) {
    for (const precision of ['fp32', 'int8'] as const) {
      if (!existsSync(weightsFile(name, precision))) continue;
      const { file } = await networkFile(name, { precision });
      line(`${name} ${precision === 'int8' ? 'int8' : ''}`, (await stat(file)).size, 'trained here');
    }
  }
}

try {
  await prepareModels(folder, Object.keys(NETWORKS) as PackagedName[], ({ name, bytes, state }) => {
    line(name, bytes, state);
  });
  console.log(`in ${folder}`);
  await checkOurs();
  console.log('in models/weights');
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
