import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { runCamera } from '../../agent/capture/camera-loop.ts';
import { FrameRing } from '../../agent/capture/frame-ring.ts';
import type { DeviceHealth } from '../../agent/capture/keep-open.ts';
import { waitMs } from '../../agent/capture/keep-open.ts';
import type { Life } from './fake-camera.ts';
import { fakeCamera } from './fake-camera.ts';

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
