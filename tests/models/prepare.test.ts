import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeNetwork } from '../../models/convert/make.ts';
import { NETWORKS } from '../../models/manifest.ts';
import type { PackagedName } from '../../models/manifest.ts';
import { prepareModels, sha256 } from '../../models/prepare.ts';
import type { PrepareProgress } from '../../models/prepare.ts';

const ALL = Object.keys(NETWORKS) as PackagedName[];
const MODELS = join(import.meta.dirname, '..', '..', 'models');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabinwatch-models-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('manifest', () => {
  it.each(ALL)('%s is made to the very bytes that the manifest names, twice', (name) => {
    const facts = NETWORKS[name];
    expect(sha256(makeNetwork(facts))).toBe(facts.sha256);
    expect(sha256(makeNetwork(facts))).toBe(facts.sha256);
  });

  it('names every network by its own key, file and package', () => {
    for (const name of ALL) expect(NETWORKS[name]).toMatchObject({ name, file: `${name}.onnx` });
  });

  it.each(ALL)('%s comes from the package version that is installed', async (name) => {
    const { npmPackage, version } = NETWORKS[name].origin;
    const file = join(MODELS, '..', 'node_modules', npmPackage, 'package.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version });
  });
});

describe('prepareModels', () => {
  it('makes what is missing, then finds it again without touching it', async () => {
    const nested = join(folder, 'a', 'b');
    const seen: PrepareProgress[] = [];
    const first = await prepareModels(nested, ['blazeface', 'silero-vad'], (progress) => seen.push(progress));
    const before = await stat(first.blazeface);
    await prepareModels(nested, ['blazeface', 'silero-vad'], (progress) => seen.push(progress));
    expect(seen.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'blazeface made',
      'silero-vad made',
      'blazeface found',
      'silero-vad found',
    ]);
    expect((await stat(first.blazeface)).ino).toBe(before.ino);
    expect(await readdir(nested)).toEqual(['blazeface.onnx', 'silero-vad.onnx']);
  });

  it('lets two starts make the same file at once', async () => {
    await Promise.all([prepareModels(folder, ['blazeface']), prepareModels(folder, ['blazeface'])]);
    expect(await readdir(folder)).toEqual(['blazeface.onnx']);
    expect(sha256(await readFile(join(folder, 'blazeface.onnx')))).toBe(NETWORKS.blazeface.sha256);
  });

  it.each([
    ['cut short', (file: string) => truncate(file, 1000)],
    ['empty', (file: string) => truncate(file, 0)],
    ['changed by one bit', flipBit],
  ])('refuses a file that is %s: file, found, expected, and how to mend it', async (_what, spoil) => {
    const { blazeface: file } = await prepareModels(folder, ['blazeface']);
    await spoil(file);
    const found = sha256(await readFile(file));
    await expect(prepareModels(folder, ['blazeface'])).rejects.toThrow(
      `model file ${file} has SHA-256 ${found}, expected ${NETWORKS.blazeface.sha256}; delete it and run 'npm run models'`,
    );
    await rm(file);
    await expect(prepareModels(folder, ['blazeface'])).resolves.toEqual({ blazeface: file });
  });

  it('says so when the folder cannot be written or the file is no file', async () => {
    const notAFolder = join(folder, 'occupied');
    await writeFile(notAFolder, '');
    await expect(prepareModels(notAFolder, ['blazeface'])).rejects.toThrow(
      /^model file \S+ cannot be read: /,
    );
    await mkdir(join(folder, 'blazeface.onnx'));
    await expect(prepareModels(folder, ['blazeface'])).rejects.toThrow(/^model file \S+ cannot be read: /);
  });
});

describe('a release, without the converter and the npm packages', () => {
  const run = promisify(execFile);

  async function release(): Promise<string> {
    const program = join(folder, 'release');
    await mkdir(program);
    for (const file of ['prepare.ts', 'manifest.ts', 'manifest']) {
      await cp(join(MODELS, file), join(program, file), { recursive: true });
    }
    const call = `
      import { prepareModels } from './prepare.ts';
      await prepareModels(process.argv[2], ['blazeface'], (p) => console.log(p.state)).catch((e) => console.log(e.message));
    `;
    await writeFile(join(program, 'call.ts'), call);
    return join(program, 'call.ts');
  }

  it('checks the files that it carries', async () => {
    const files = join(folder, 'files');
    await prepareModels(files, ['blazeface']);
    const { stdout } = await run(process.execPath, [await release(), files]);
    expect(stdout.trim()).toBe('found');
  });

  it('says in one sentence that a file is missing', async () => {
    const { stdout } = await run(process.execPath, [await release(), join(folder, 'nothing')]);
    expect(stdout.trim()).toBe(
      `model file ${join(folder, 'nothing', 'blazeface.onnx')} is missing and this installation cannot make it; install it anew`,
    );
  });
});

async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(file, bytes);
}
