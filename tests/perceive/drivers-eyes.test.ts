/**
 * Eyes of drivers in cars, one frame each, against what an eye sees there: visible, or behind sunglasses or
 * reflections. Frames: optional data folder ../shared; labels: tests/fixtures/drivers-eyes.csv.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadStates } from '../../agent/perceive/load-states.ts';
import { createNetworkOpener } from '../../agent/perceive/network-opener.ts';
import { createPerceiver } from '../../agent/perceive/perceiver.ts';
import { configSchema } from '../../config/schema.ts';
import { createEngines } from '../../models/engines/load.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../models/prepare.ts';
import { ROOT, temporaryFolder } from '../cli/command-line.ts';

const PACK = resolve(ROOT, '..', 'shared', 'data', 'face-yawn.tar.gz');
if (!existsSync(PACK)) console.log('skipped: eyes of drivers, ../shared/data/face-yawn.tar.gz is not there');

const labelled = readFileSync(join(ROOT, 'tests/fixtures/drivers-eyes.csv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .filter((line) => !line.startsWith('#'))
  .map((line) => line.split(',') as [file: string, eye: string]);
const SIZE = { width: 320, height: 240 } as const;
const FRAME_BYTES = (SIZE.width * SIZE.height * 3) / 2;

/** All labelled frames, decoded one after the other. */
function frames(folder: string): Uint8Array {
  execFileSync('tar', ['xzf', PACK, '-C', folder, 'frames']);
  const list = join(folder, 'list.txt');
  writeFileSync(list, labelled.map(([file]) => `file '${join(folder, file)}'\nduration 0.04`).join('\n'));
  const args = ['-v', 'error', '-f', 'concat', '-safe', '0', '-i', list, '-vf', 'scale=320:240:out_range=tv'];
  const raw = ['-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'];
  return execFileSync('ffmpeg', [...args, ...raw], { maxBuffer: 1 << 28 });
}

/** Share of each kind of eye that is called covered. */
async function covered(bytes: Uint8Array, licence: 'research' | 'any-use'): Promise<Record<string, number>> {
  const { models, perceive } = configSchema.parse({});
  const engines = createEngines(models);
  const states = await loadStates(perceive, createNetworkOpener({ ...models, licence }, engines));
  const files = await prepareModels(DEFAULT_MODELS_FOLDER, ['blazeface', 'face-mesh']);
  const perceiver = await createPerceiver({ engine: engines.onnx, files, config: perceive, states });
  const counts: Record<string, { seen: number; covered: number }> = {};
  for (const [i, [, eye]] of labelled.entries()) {
    perceiver.reset();
    const pixels = bytes.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES);
    const face = await perceiver.face({ pixels, ...SIZE, pixelFormat: 'yuv420p' }, 0);
    if (face.kind === 'no-face') continue;
    const count = (counts[eye] ??= { seen: 0, covered: 0 });
    count.seen += 1;
    if (face.rightEye.unseen === 'covered') count.covered += 1;
  }
  await perceiver.close();
  return Object.fromEntries(
    Object.entries(counts).map(([eye, { seen, covered: hidden }]) => [eye, hidden / seen]),
  );
}

describe.skipIf(!existsSync(PACK))('eyes of drivers', () => {
  const folder = temporaryFolder();

  it('are told from sunglasses and reflections, better with the eye network than without', async () => {
    const bytes = frames(folder);
    const alone = await covered(bytes, 'any-use');
    const withNetwork = await covered(bytes, 'research');
    console.log('called covered, landmarks alone:', alone, 'with the eye network:', withNetwork);
    expect(withNetwork['open']).toBeLessThan(0.06);
    expect(withNetwork['closed']).toBeLessThan(0.1);
    expect(withNetwork['sunglasses']).toBeGreaterThan(0.8);
    expect(withNetwork['reflection']).toBeGreaterThan(0.7);
    expect(withNetwork['open']).toBeLessThan(alone['open']! / 2);
    expect(withNetwork['sunglasses']).toBeGreaterThan(alone['sunglasses']!);
  });
});
