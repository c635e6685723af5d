import { describe, expect, it } from 'vitest';
import type { AudioWindow } from '../../agent/capture/audio-window.ts';
import { AudioWindows } from '../../agent/capture/audio-window.ts';
import type { DeviceHealth } from '../../agent/capture/keep-open.ts';
import { runMicrophone } from '../../agent/capture/microphone-loop.ts';
import { WindowQueue } from '../../agent/capture/window-queue.ts';
import type { Microphone, SoundChunk } from '../../hardware/microphone/microphone.ts';

const never = () => new AbortController().signal;
const CHECK = { mutedBelowDbfs: -84, mutedAfterMs: 60_000 };
const RETRY = { retryMinMs: 1, retryMaxMs: 1, silentAfterMs: 60_000 };

/** A microphone that hands over `[fromMs, toMs)` at 1 kHz and ends as told. */
function fakeMicrophone(fromMs: number, toMs: number, endless: boolean): Microphone {
  return {
    name: 'fake',
    endless,
    open: () => Promise.resolve({ kind: 'sound', sampleRateHz: 1000 }),
    chunks: async (take) => {
      const samples = new Float32Array(10);
      for (let atMs = fromMs; atMs < toMs; atMs += 10) await take({ samples, atMs });
      if (endless) return { kind: 'failed', samples: toMs - fromMs, reason: 'unplugged' };
      return { kind: 'finished', samples: toMs - fromMs, fault: null };
    },
  };
}

async function run(makeMicrophone: () => Microphone, signal = never()) {
  const queue = new WindowQueue('lossless');
  const windows = new AudioWindows({ windowMs: 300, hopMs: 100, sampleRateHz: 1000 });
  const health: DeviceHealth[] = [];
  const onHealth = (h: DeviceHealth) => health.push(h);
  const running = runMicrophone({
    makeMicrophone,
    windows,
    queue,
    retry: RETRY,
    check: CHECK,
    signal,
    onHealth,
  });
  const heard: AudioWindow[] = [];
  for (let w = await queue.next(never()); w !== null; w = await queue.next(never())) heard.push(w);
  return { heard, end: await running, health };
}

describe('the microphone loop', () => {
  it('turns a recording into windows, the rest included, and ends with it', async () => {
    const { heard, end, health } = await run(() => fakeMicrophone(0, 450, false));
    expect(heard.map((w) => w.atMs)).toEqual([300, 400, 450]);
    expect(end).toEqual({ kind: 'finished', samples: 450, fault: null });
    expect(health).toEqual([{ state: 'ok' }]);
  });

  it('shows the time without a microphone as a gap', async () => {
    const stop = new AbortController();
    let made = 0;
    const { heard, health } = await run(() => {
      made += 1;
      if (made === 3) stop.abort();
      const [fromMs, toMs] = [0, 350, 450, 900, 0, 0].slice(made * 2 - 2);
      return fakeMicrophone(fromMs!, toMs!, true);
    }, stop.signal);
    expect(heard.find((w) => w.atMs === 500)?.gap).toBe(true);
    expect(heard.find((w) => w.atMs === 800)?.gap).toBe(false);
    expect(health.map((h) => h.state)).toEqual(['ok', 'lost', 'ok', 'lost']);
  });

  it('says why there is no sound, and finishes the queue', async () => {
    const silent: Microphone = {
      ...fakeMicrophone(0, 0, false),
      open: () => Promise.resolve({ kind: 'silent', reason: 'clip.mp4 has no audio stream' }),
    };
    const { heard, end } = await run(() => silent);
    expect(heard).toEqual([]);
    expect(end).toEqual({ kind: 'silent', reason: 'clip.mp4 has no audio stream' });
  });
});

describe('the window queue', () => {
  const window = (atMs: number): AudioWindow => {
    const chunk: SoundChunk = { samples: new Float32Array(4), atMs };
    return { samples: chunk.samples, sampleRateHz: 1000, atMs, windowMs: 4, gap: false };
  };

  it('makes a recorded microphone wait until its window was taken', async () => {
    const queue = new WindowQueue('lossless');
    await queue.put(window(1), never());
    let second = false;
    const putting = queue.put(window(2), never()).then(() => (second = true));
    await Promise.resolve();
    expect(second).toBe(false);
    expect((await queue.next(never()))?.atMs).toBe(1);
    await putting;
    expect((await queue.next(never()))?.atMs).toBe(2);
    expect(queue.stats()).toEqual({ put: 2, delivered: 2, dropped: 0 });
  });

  it('drops and counts the oldest of too many live windows', async () => {
    const queue = new WindowQueue('newest');
    for (const atMs of [1, 2, 3, 4, 5]) await queue.put(window(atMs), never());
    queue.finish();
    const left = [await queue.next(never()), await queue.next(never()), await queue.next(never())];
    expect(left.map((w) => w?.atMs)).toEqual([3, 4, 5]);
    expect(await queue.next(never())).toBeNull();
    expect(queue.stats()).toEqual({ put: 5, delivered: 3, dropped: 2 });
  });

  it('ends waits with the signal and counts the window that nobody gets', async () => {
    const queue = new WindowQueue('lossless');
    const stop = new AbortController();
    await queue.put(window(1), stop.signal);
    const putting = queue.put(window(2), stop.signal);
    stop.abort();
    await putting;
    expect(await queue.next(stop.signal)).toBeNull();
    expect(queue.stats()).toEqual({ put: 2, delivered: 0, dropped: 1 });
  });
});
