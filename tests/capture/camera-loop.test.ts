import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { runCamera } from '../../agent/capture/camera-loop.ts';
import { FrameRing } from '../../agent/capture/frame-ring.ts';
import type { DeviceHealth } from '../../agent/capture/keep-open.ts';
import { waitMs } from '../../agent/capture/keep-open.ts';
import type { Camera } from '../../hardware/camera/camera.ts';
import type { Life } from './fake-camera.ts';
import { fakeCamera, FORMAT } from './fake-camera.ts';

const QUICK = { retryMinMs: 1, retryMaxMs: 4, silentAfterMs: 60_000 };
const BAD_AFTER_MS = 60_000;

/** Runs one camera a life; the last life goes on until `until` says it is enough. */
async function run(lives: readonly Life[], retry = QUICK, endless = true) {
  const stop = new AbortController();
  const ring = new FrameRing(16, 3, 'newest');
  const health: DeviceHealth[] = [];
  let made = 0;
  const end = await runCamera({
    makeCamera: () => {
      const life = lives[made];
      made += 1;
      if (life !== undefined) return fakeCamera(life, endless);
      stop.abort();
      return fakeCamera({ frames: 0, then: 'hang' });
    },
    sink: ring,
    retry,
    badPictureAfterMs: BAD_AFTER_MS,
    signal: stop.signal,
    onHealth: (h) => health.push(h),
  });
  const listeners = getEventListeners(stop.signal, 'abort').length;
  return { end, health, made, published: ring.stats().published, listeners };
}

const said = (health: readonly DeviceHealth[]) => health.map((h) => (h.state === 'ok' ? 'ok' : h.reason));

describe('the camera loop', () => {
  it('opens a lost camera again and says so at each change, not at each try', async () => {
    const { health, made, published, end } = await run([
      { frames: 2, then: 'lost' },
      { frames: 0, then: 'lost' },
      { frames: 0, then: 'unopened' },
      { frames: 0, then: 'unopened', reason: 'no such device' },
      { frames: 3, then: 'lost' },
    ]);
    expect(said(health)).toEqual(['ok', 'unplugged', 'no such device', 'ok', 'unplugged']);
    expect(made).toBe(6);
    expect(published).toBe(5);
    expect(end).toEqual({ kind: 'aborted', frames: 0 });
  });

  it('restarts a camera that falls silent', async () => {
    const { health } = await run(
      [
        { frames: 2, then: 'hang' },
        { frames: 0, then: 'hang' },
        { frames: 1, then: 'lost' },
      ],
      { ...QUICK, silentAfterMs: 60 },
    );
    expect(said(health)).toEqual([
      'ok',
      'nothing more arrived for 0.1 s',
      'nothing arrived within 0.1 s',
      'ok',
      'unplugged',
    ]);
  });

  it('opens a frozen camera again, and believes it only once a new picture came', async () => {
    const stop = new AbortController();
    const ring = new FrameRing(16, 3, 'newest');
    const health: DeviceHealth[] = [];
    // A frame a second: the same one in the first three lives, then new ones.
    const lives = [0, 0, 0, 1, 1];
    const waitsMs: number[] = [];
    let endedMs = 0;
    const makeCamera = (): Camera => {
      if (endedMs > 0) waitsMs.push(performance.now() - endedMs);
      const differs = lives[waitsMs.length] ?? 1;
      return {
        ...fakeCamera({ frames: 0, then: 'lost' }),
        frames: async (sink, signal) => {
          for (let n = 0; n < 10 && !signal.aborted; n += 1) {
            await new Promise((resolve) => setImmediate(resolve));
            const slot = sink.claim()!;
            slot.bytes.forEach((_, at) => (slot.bytes[at] = 20 * at + differs * n));
            sink.publish(slot, n * 1000, FORMAT);
          }
          if (differs === 1) stop.abort();
          endedMs = performance.now();
          return { kind: 'aborted', frames: 10 };
        },
      };
    };
    const onHealth = (h: DeviceHealth) => health.push(h);
    const retry = { retryMinMs: 20, retryMaxMs: 1000, silentAfterMs: 60_000 };
    const options = { makeCamera, sink: ring, retry, badPictureAfterMs: 3000, signal: stop.signal, onHealth };
    await runCamera({ ...options, random: () => 1 });
    expect(said(health)).toEqual(['ok', 'the picture has not changed for 3.0 s', 'ok']);
    // It delivered, but nothing new: that is no success which would begin the waits anew.
    expect(waitsMs[2]).toBeGreaterThanOrEqual(79);
  });

  it('says that the picture is black, and that it is not any more', async () => {
    const stop = new AbortController();
    const health: DeviceHealth[] = [];
    const makeCamera = (): Camera => ({
      ...fakeCamera({ frames: 0, then: 'lost' }),
      frames: (sink) => {
        for (let n = 0; n < 10; n += 1) {
          const slot = sink.claim()!;
          slot.bytes.forEach((_, at) => (slot.bytes[at] = n < 7 ? 1 : 20 * at + n));
          sink.publish(slot, n * 1000, FORMAT);
        }
        stop.abort();
        return Promise.resolve({ kind: 'aborted', frames: 10 });
      },
    });
    const sink = new FrameRing(16, 3, 'newest');
    const onHealth = (h: DeviceHealth) => health.push(h);
    await runCamera({
      makeCamera,
      sink,
      retry: QUICK,
      badPictureAfterMs: 5000,
      signal: stop.signal,
      onHealth,
    });
    expect(health.map((h) => h.state)).toEqual(['ok', 'impaired', 'ok']);
  });

  it('ends with the end of a file', async () => {
    const { end, health, made } = await run([{ frames: 4, then: 'finish' }], QUICK, false);
    expect(end).toEqual({ kind: 'finished', frames: 4, fault: null });
    expect(said(health)).toEqual(['ok']);
    expect(made).toBe(1);
  });

  it('does not try a file again that cannot be read', async () => {
    const { end, made } = await run([{ frames: 0, then: 'unopened', reason: 'no such file' }], QUICK, false);
    expect(end).toEqual({ kind: 'failed', frames: 0, reason: 'no such file' });
    expect(made).toBe(1);
  });

  it('passes a fault of the program on', async () => {
    await expect(run([{ frames: 1, then: 'broken' }])).rejects.toThrow('a fault of the program');
  });

  it('leaves nothing behind after hundreds of losses', async () => {
    const lives = Array.from({ length: 300 }, (): Life => ({ frames: 1, then: 'lost' }));
    const { listeners, published } = await run(lives);
    expect(published).toBe(300);
    expect(listeners).toBe(0);
  });
});

describe('the waits between two tries', () => {
  const retry = { retryMinMs: 500, retryMaxMs: 30_000, silentAfterMs: 3000 };

  it('double up to the longest', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((n) => waitMs(retry, n, () => 1));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('are scattered, and never shorter than the shortest', () => {
    expect(waitMs(retry, 1, () => 0)).toBe(500);
    expect(waitMs(retry, 5, () => 0)).toBe(4000);
    expect(waitMs(retry, 5, () => 0.5)).toBe(6000);
  });
});
