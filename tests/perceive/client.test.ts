import { afterEach, expect, it, vi } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { startPerceive, type PerceiveClient } from '../../agent/perceive/client.ts';

const { models, perceive } = configSchema.parse({ perceive: { workerSilentMs: 500 } });
let client: PerceiveClient | undefined;
afterEach(async () => {
  await client?.close();
  vi.unstubAllEnvs();
});

async function start(misbehave: string) {
  vi.stubEnv('FAKE_PERCEIVE', misbehave);
  const faults: (string | null)[] = [];
  client = await startPerceive({
    ring: { buffer: new SharedArrayBuffer(8), slotBytes: 2, slots: 4 },
    models,
    perceive,
    clippedAt: 1,
    onHealth: (fault) => {
      if (faults.at(-1) !== fault) faults.push(fault);
    },
    workerUrl: new URL('../fakes/perceive-worker.ts', import.meta.url),
  });
  const frame = (index: number) =>
    client!.perceiveFrame(0, { atMs: index * 100, index, width: 2, height: 2, pixelFormat: 'gray8' });
  return { client, frame, faults };
}

it('answers frames in order', async () => {
  const { frame } = await start('never');
  expect((await Promise.all([frame(0), frame(1), frame(2)])).map((seen) => seen?.atMs)).toEqual([
    0, 100, 200,
  ]);
});

it.each(['hang@1', 'exit@1', 'throw@1'])(
  'replaces a worker that misbehaves (%s), loses that frame only, and says so',
  async (how) => {
    const { client, frame, faults } = await start(how);
    expect(await frame(0)).not.toBeNull();
    expect(await frame(1)).toBeNull();
    expect(await frame(2)).toMatchObject({ kind: 'no-face', atMs: 200 });
    expect(client.stats()).toMatchObject({ frames: 3, lost: 1, workerRestarts: 1 });
    expect(faults.filter((fault) => fault !== null).join()).toMatch(/perceive worker/);
    expect(faults.at(-1)).toBeNull();
  },
);

it('passes over a frame that perception fails on and keeps the worker', async () => {
  const { client, frame, faults } = await start('fault@0');
  expect(await frame(0)).toBeNull();
  expect(await frame(1)).not.toBeNull();
  expect(client.stats()).toMatchObject({ lost: 1, workerRestarts: 0 });
  expect(faults).toEqual(['perception failed: not this one', null]);
});

it('says in one sentence why the networks cannot be loaded', async () => {
  await expect(start('cannot-start')).rejects.toThrow('face-mesh.onnx: wrong hash');
});

it('answers with null once it is closed', async () => {
  const { client, frame } = await start('never');
  await client.close();
  expect(await frame(0)).toBeNull();
});
