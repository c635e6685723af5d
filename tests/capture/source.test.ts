import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inOrder } from '../../agent/capture/in-order.ts';
import { openSource } from '../../agent/capture/source.ts';
import { configSchema } from '../../config/schema.ts';
import { fakePrograms } from '../fakes/programs.ts';
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

describe('a live source', () => {
  const fakes = fakePrograms(folder);
  const started = join(folder, 'recorder-started');
  /** A camera that goes on, beside a microphone with these settings; until `enough` windows were heard. */
  const live = async (microphone: object, enough: number) => {
    const stop = new AbortController();
    const argv = ['sh', '-c', 'while :; do head -c 19200 /dev/urandom; sleep 0.02; done'];
    const source = await openSource({
      camera: configSchema.shape.camera.parse({
        ...{ preset: 'none', argv, width: 160, height: 120, pixelFormat: 'gray8' },
      }),
      microphone: configSchema.shape.microphone.parse({
        ...{ driver: 'lpcm16', windowMs: 500, hopMs: 250, retryMinMs: 50, retryMaxMs: 100, ...microphone },
      }),
      ...{ originMs: 0, signal: stop.signal, onCamera: () => undefined, onMicrophone: () => undefined },
    });
    const { streams, ended } = source.start();
    const gaps: boolean[] = [];
    let frames = 0;
    const reading = streams.map(async (stream) => {
      for await (const item of stream) {
        if (item.kind === 'frame') item.release();
        if (item.kind === 'frame') frames += 1;
        else gaps.push(item.window.gap);
        if (frames >= 20 && gaps.length >= enough) stop.abort();
      }
    });
    await Promise.all(reading);
    return { gaps, frames, end: await ended };
  };
  const record = (name: string, body: string) =>
    fakes.in(fakes.make('arecord', name, `echo started >>${started}; ${body}`), () => undefined);

  it('hears nothing and starts no recorder when the microphone is switched off', async () => {
    record('off', 'yes');
    const { gaps, frames, end } = await live({ enabled: false }, 0);
    expect([gaps, frames >= 20, end.microphone.kind]).toEqual([[], true, 'silent']);
    expect(existsSync(started)).toBe(false);
  });

  it('marks the time without a microphone as a gap and goes on', async () => {
    record(
      'loses',
      'n=5; while [ $n -gt 0 ]; do head -c 3200 /dev/urandom; sleep 0.1; n=$((n-1)); done; exit 1',
    );
    const { gaps } = await live({}, 6);
    expect(gaps[0]).toBe(false);
    expect(gaps).toContain(true);
    expect(existsSync(started)).toBe(true);
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
