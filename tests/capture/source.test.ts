import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inOrder } from '../../agent/capture/in-order.ts';
import { openSource } from '../../agent/capture/source.ts';
import { configSchema } from '../../config/schema.ts';
import { makeMedia, temporaryFolder } from '../hardware/media.ts';

const folder = temporaryFolder();
const talking = join(folder, 'talking.mkv');
const silent = join(folder, 'silent.mkv');

beforeAll(() => {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=32x32:r=10:d=2'];
  makeMedia(...picture, '-f', 'lavfi', '-i', 'sine=d=2', '-c:v', 'ffv1', '-c:a', 'pcm_s16le', talking);
  makeMedia(...picture, '-c:v', 'ffv1', silent);
});

/** Reads a file to its end: kind and time of all that was captured, in order. */
async function replay(file: string) {
  const source = await openSource({
    camera: configSchema.shape.camera.parse({ driver: 'recorded', file, pace: 'lossless' }),
    microphone: configSchema.shape.microphone.parse({ driver: 'recorded', windowMs: 1000, hopMs: 500 }),
    originMs: 0,
    signal: new AbortController().signal,
    onCamera: () => undefined,
    onMicrophone: () => undefined,
  });
  const { streams, ended } = source.start();
  const seen: string[] = [];
  for (const stream of streams) {
    for await (const item of stream) {
      seen.push(`${item.kind} ${Math.round(item.atMs)}`);
      if (item.kind === 'frame') item.release();
    }
  }
  return { seen, end: await ended };
}

const frames = (from: number, to: number) =>
  Array.from({ length: (to - from) / 100 + 1 }, (_, n) => `frame ${from + n * 100}`);

describe('a recorded source', () => {
  it('merges picture and sound in the order of their times', async () => {
    const { seen, end } = await replay(talking);
    const first = [...frames(0, 1000), 'window 1000', ...frames(1100, 1500), 'window 1500'];
    expect(seen).toEqual([...first, ...frames(1600, 1900), 'window 2000']);
    expect(end.camera).toEqual({ kind: 'finished', frames: 20, fault: null });
    expect(end.microphone).toEqual({ kind: 'finished', samples: 32_000, fault: null });
  });

  it('goes on without sound where there is none', async () => {
    const { seen, end } = await replay(silent);
    expect(seen).toEqual(frames(0, 1900));
    expect(end.microphone).toEqual({ kind: 'silent', reason: `${silent} has no audio stream` });
  });
});

describe('merging two streams', () => {
  const stream = (name: string, times: number[]) =>
    (async function* () {
      for (const atMs of times) {
        await Promise.resolve();
        yield { name, atMs };
      }
    })();

  it('goes by time, and by place at equal times', async () => {
    const merged: string[] = [];
    for await (const { name, atMs } of inOrder(stream('a', [1, 3, 5, 5]), stream('b', [0, 3, 5, 9]))) {
      merged.push(`${name}${atMs}`);
    }
    expect(merged).toEqual(['b0', 'a1', 'a3', 'b3', 'a5', 'a5', 'b5', 'b9']);
  });
});
