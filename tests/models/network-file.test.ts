import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { onnxEngine } from '../../models/engines/onnx.ts';
import { NETWORKS, TRAINED, factsOf, isTrained } from '../../models/manifest.ts';
import type { TrainedName } from '../../models/manifest.ts';
import {
  hasWeights,
  metricsFile,
  networkFile,
  networkFiles,
  weightsFile,
} from '../../models/network-file.ts';
import { sha256 } from '../../models/prepare.ts';

const OURS = Object.keys(TRAINED) as TrainedName[];
const THERE = OURS.filter((name) => hasWeights(name));
const CARDS = join(import.meta.dirname, '..', '..', 'models', 'cards');

/** A network with each precision that it is committed in. */
const forms = (name: TrainedName) =>
  (['fp32', 'int8'] as const)
    .filter((precision) => existsSync(weightsFile(name, precision)))
    .map((precision) => [name, precision] as const);

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cabinwatch-weights-'));
  await mkdir(join(home, 'weights'));
  await mkdir(join(home, 'metrics'));
});
afterEach(() => rm(home, { recursive: true }));

/** Copies the committed fp32 mouth, or puts other bytes in the place of its INT8 form. */
async function put(precision: 'fp32' | 'int8', bytes?: Buffer): Promise<string> {
  const file = weightsFile('mouth', precision, home);
  if (bytes) await writeFile(file, bytes);
  else await copyFile(weightsFile('mouth', 'fp32'), file);
  const hash = sha256(await readFile(file));
  await writeFile(metricsFile('mouth', precision, home), JSON.stringify({ weights: { sha256: hash } }));
  return file;
}

describe('our entries in the manifest', () => {
  it('has weights for most of them', () => expect(THERE.length).toBeGreaterThanOrEqual(6));

  it.each(THERE.flatMap(forms))(
    '%s %s: the committed file has the ports of the manifest',
    async (name, precision) => {
      const { file, sha256: hash } = await networkFile(name, { precision });
      expect(sha256(await readFile(file))).toBe(hash);
      const network = await onnxEngine({ threads: 1 }).load(file);
      const { inputs, outputs } = TRAINED[name];
      expect(network.inputNames).toEqual(inputs.map((port) => port.name));
      const [input] = inputs;
      const data = new Float32Array(input!.dims.reduce((product, size) => product * size, 1));
      const out = await network.run({ [input!.name]: { data, dims: input!.dims } });
      expect(Object.entries(out).map(([key, { dims }]) => [key, dims])).toEqual(
        outputs.map((port) => [port.name, port.dims]),
      );
      await network.close();
    },
  );

  it.each(OURS.filter((name) => existsSync(join(CARDS, `${name}.md`))))(
    "%s: the licence class is that of its card's first line",
    async (name) => {
      const [first] = (await readFile(join(CARDS, `${name}.md`), 'utf8')).split('\n');
      expect(first).toMatch(TRAINED[name].licenceClass === 'any-use' ? /^Any use:/ : /^Research only/);
    },
  );

  it('are the networks that the settings name', () => {
    const { models } = configSchema.parse({
      models: { precision: Object.fromEntries(OURS.map((name) => [name, 'fp32'])) },
    });
    expect(Object.keys(models.precision).sort()).toEqual([...OURS].sort());
    expect(() => configSchema.parse({ models: { precision: { blazeface: 'fp32' } } })).toThrow();
  });

  it('are told from those of packages', () => {
    expect(isTrained('voice-open')).toBe(true);
    expect(isTrained('face-mesh')).toBe(false);
    expect(factsOf('face-mesh')).toBe(NETWORKS['face-mesh']);
    expect(factsOf('voice-open').licenceClass).toBe('any-use');
  });
});

describe('networkFile', () => {
  it('gives INT8 where there is an INT8 file, fp32 where it is asked for', async () => {
    const fp32 = await put('fp32');
    expect(await networkFile('mouth', { home })).toMatchObject({ file: fp32, precision: 'fp32' });
    const int8 = await put('int8', Buffer.from('smaller'));
    expect(await networkFile('mouth', { home })).toEqual({
      name: 'mouth',
      file: int8,
      engine: 'onnx',
      precision: 'int8',
      sha256: sha256(Buffer.from('smaller')),
      licenceClass: 'research',
      custom: null,
    });
    expect(await networkFile('mouth', { home, precision: 'fp32' })).toMatchObject({ file: fp32 });
  });

  it('refuses weights that are not those of the metrics', async () => {
    const file = await put('fp32');
    const expected = sha256(await readFile(file));
    await writeFile(file, 'other weights');
    await expect(networkFile('mouth', { home })).rejects.toThrow(
      `model file ${file} has SHA-256 ${sha256(Buffer.from('other weights'))}, but ` +
        `${metricsFile('mouth', 'fp32', home)} was measured on ${expected}; ` +
        "restore both from one version or run 'npm run train -- mouth'",
    );
  });

  it('says what is missing and how it is made', async () => {
    await expect(networkFile('mouth', { home })).rejects.toThrow(
      /^network 'mouth' has no fp32 weights: \S+mouth\.onnx cannot be read; run 'npm run train -- mouth'$/,
    );
    await put('fp32');
    await expect(networkFile('mouth', { home, precision: 'int8' })).rejects.toThrow(
      /^network 'mouth' has no int8 weights: \S+mouth\.int8\.onnx cannot be read; run 'npm run quantize'$/,
    );
    await rm(metricsFile('mouth', 'fp32', home));
    await expect(networkFile('mouth', { home })).rejects.toThrow(
      /^metrics file \S+mouth\.json cannot be read: .*; run 'npm run train -- mouth'$/,
    );
    await writeFile(metricsFile('mouth', 'fp32', home), '{"weights":{}}');
    await expect(networkFile('mouth', { home })).rejects.toThrow(/should hold weights\.sha256; /);
  });

  it('checks networks from packages by the manifest', async () => {
    const found = await networkFile('blazeface', { folder: join(home, 'packages') });
    expect(found).toMatchObject({ sha256: NETWORKS.blazeface.sha256, precision: 'fp32', engine: 'onnx' });
    expect(sha256(await readFile(found.file))).toBe(NETWORKS.blazeface.sha256);
  });
});

describe('networkFiles', () => {
  const own = { file: 'set per test', engine: 'tfjs' as const };
  const settings = (models: object) => configSchema.parse({ models }).models;

  it('follows the precision of the settings', async () => {
    const files = await networkFiles(['mouth', 'voice'], settings({ precision: { mouth: 'fp32' } }));
    expect(files.mouth).toMatchObject({ precision: 'fp32', file: weightsFile('mouth', 'fp32') });
    expect(files.voice.name).toBe('voice');
  });

  it("puts a network of the user's own in the place of ours", async () => {
    const file = join(home, 'model.json');
    await writeFile(file, '{}');
    const files = await networkFiles(
      ['mouth', 'eye-state'],
      settings({ custom: { mouth: { ...own, file } } }),
    );
    expect(files.mouth).toEqual({
      name: 'mouth',
      file,
      engine: 'tfjs',
      precision: 'fp32',
      sha256: sha256(Buffer.from('{}')),
      licenceClass: 'research',
      custom: { gives: 'probabilities' },
    });
    expect(files['eye-state'].custom).toBeNull();
  });

  it('names the setting whose file is missing', async () => {
    const file = join(home, 'nothing.json');
    await expect(networkFiles(['mouth'], settings({ custom: { mouth: { ...own, file } } }))).rejects.toThrow(
      `models.custom.mouth: file ${file} cannot be read: ENOENT`,
    );
  });
});
