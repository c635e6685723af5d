/** What every camera driver must keep of the contract in hardware/camera/camera.ts. */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Camera, CameraEnd, FrameFormat, FrameMeta } from '../../hardware/camera/camera.ts';
import { CameraError, frameBytes } from '../../hardware/camera/camera.ts';
import type { RingPolicy } from '../../agent/capture/frame-ring.ts';
import { FrameRing } from '../../agent/capture/frame-ring.ts';
import { children, openPipes } from '../hardware/media.ts';

/** Sources for one driver. */
export interface CameraUnderTest {
  /** A source of `frames` frames; frame n has luma `16 + 4 n` in every pixel. */
  readonly numbered: () => Camera;
  readonly frames: number;
  readonly format: FrameFormat;
  /** A source that goes on for longer than any test. */
  readonly unending: () => Camera;
  /** A source that cannot be read, and what is said of it. */
  readonly broken: () => Camera;
  readonly complaint: RegExp;
}

/** A frame as a consumer saw it. */
interface Seen {
  readonly meta: FrameMeta;
  readonly luma: readonly number[];
}

/** Runs the suite. `source` is called inside the suite's own hooks' scope, once a test. */
export function cameraContract(name: string, source: () => CameraUnderTest): void {
  describe(`camera contract: ${name}`, () => {
    it('delivers every frame once, complete and in order, into a lossless ring', async () => {
      const { numbered, frames, format } = source();
      const { seen, end } = await watch(numbered(), 'lossless', 0);
      expect(end.frames).toBe(frames);
      expect(seen.map((s) => s.meta.index)).toEqual(Array.from({ length: frames }, (_, n) => n));
      expect(seen.map((s) => s.luma)).toEqual(Array.from({ length: frames }, (_, n) => [16 + 4 * n]));
      for (const { meta } of seen) expect(meta).toMatchObject(format);
    });

    it('gives times that grow', async () => {
      const { seen } = await watch(source().numbered(), 'lossless', 0);
      const times = seen.map((s) => s.meta.atMs);
      for (const [n, atMs] of times.entries()) if (n > 0) expect(atMs).toBeGreaterThan(times[n - 1]!);
    });

    it('loses nothing when the consumer is slower than the camera', async () => {
      const { numbered, frames } = source();
      const { seen } = await watch(numbered(), 'lossless', 15);
      expect(seen.map((s) => s.luma[0])).toEqual(Array.from({ length: frames }, (_, n) => 16 + 4 * n));
    });

    it('keeps the newest frame in a live ring and counts the others', async () => {
      const { numbered, frames } = source();
      const { seen, ring } = await watch(numbered(), 'newest', 120);
      const { published, delivered, dropped } = ring.stats();
      expect(published).toBe(frames);
      expect(delivered).toBe(seen.length);
      expect(delivered + dropped).toBe(frames);
      expect(seen.at(-1)?.luma).toEqual([16 + 4 * (frames - 1)]);
    });

    it('says what it will deliver before it starts anything', async () => {
      const { unending, format } = source();
      expect(await unending().open(never())).toEqual(format);
      expect(children()).toEqual([]);
    });

    it('ends on the signal and publishes nothing after it', async () => {
      const stop = new AbortController();
      const camera = source().unending();
      const ring = ringFor(await camera.open(stop.signal), 'newest');
      const running = camera.frames(ring, stop.signal);
      const first = await ring.next(never());
      expect(first).not.toBeNull();
      stop.abort();
      const published = ring.stats().published;
      expect(await running).toEqual({ kind: 'aborted', frames: published });
      expect(ring.stats().published).toBe(published);
    });

    it('ends on the signal while it waits for a free slot, and gives its own slot back', async () => {
      const stop = new AbortController();
      const camera = source().unending();
      const ring = ringFor(await camera.open(stop.signal), 'lossless');
      const running = camera.frames(ring, stop.signal);
      while (ring.stats().published < ring.slots) await pause(5);
      stop.abort();
      expect((await running).kind).toBe('aborted');
      for (let n = 0; n < ring.slots; n += 1) ring.release(ring.take()?.slot ?? -1);
      expect(ring.claim()).not.toBeNull();
    });

    it('ends at once when the signal came before', async () => {
      const camera = source().unending();
      const ring = ringFor(await camera.open(never()), 'newest');
      expect(await camera.frames(ring, AbortSignal.abort())).toEqual({ kind: 'aborted', frames: 0 });
      expect(ring.stats().published).toBe(0);
    });

    it('leaves no process, no zombie and no descriptor, however it ends', async () => {
      const { numbered, unending, broken } = source();
      await watch(numbered(), 'lossless', 0); // whatever is opened once and stays
      const before = openPipes();
      for (const make of [numbered, broken]) await watch(make(), 'lossless', 0).catch(() => undefined);
      for (const afterMs of [0, 30, 200]) {
        const stop = new AbortController();
        const camera = unending();
        const ring = ringFor(await camera.open(stop.signal), 'newest');
        const running = camera.frames(ring, stop.signal);
        await pause(afterMs);
        stop.abort();
        await running;
      }
      // The event loop may close the last descriptor a turn later.
      await vi.waitFor(() => expect([children(), openPipes()]).toEqual([[], before]));
    });

    it('says in one sentence why a source cannot be read', async () => {
      const { broken, complaint } = source();
      const reason = await watch(broken(), 'lossless', 0).then(
        ({ end }) => (end.kind === 'failed' ? end.reason : `no failure: ${JSON.stringify(end)}`),
        (error: unknown) => (error instanceof CameraError ? error.message : String(error)),
      );
      expect(reason).toMatch(complaint);
      expect(reason).not.toContain('\n');
    });
  });
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function ringFor(format: FrameFormat, policy: RingPolicy): FrameRing {
  return new FrameRing(frameBytes(format), 3, policy);
}

/** Runs a camera to its end with a consumer that takes `holdMs` for each frame. */
async function watch(
  camera: Camera,
  policy: RingPolicy,
  holdMs: number,
): Promise<{ seen: Seen[]; end: CameraEnd; ring: FrameRing }> {
  const format = await camera.open(never());
  const ring = ringFor(format, policy);
  const pixels = format.width * format.height;
  const seen: Seen[] = [];
  const consume = async () => {
    for (let frame = await ring.next(never()); frame !== null; frame = await ring.next(never())) {
      if (holdMs > 0) await pause(holdMs);
      const luma = new Uint8Array(ring.buffer, frame.slot * ring.slotBytes, pixels);
      seen.push({ meta: frame.meta, luma: [...new Set(luma)] });
      ring.release(frame.slot);
    }
  };
  const consuming = consume();
  const end = await camera.frames(ring, never());
  ring.finish();
  await consuming;
  return { seen, end, ring };
}
