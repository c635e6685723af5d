import { describe, expect, it } from 'vitest';
import { FrameRing, slotBytesOf } from '../../agent/capture/frame-ring.ts';
import type { FrameFormat } from '../../hardware/camera/camera.ts';

const FORMAT: FrameFormat = { width: 4, height: 2, pixelFormat: 'gray8' };
const never = () => new AbortController().signal;

/** Writes a frame whose every byte is `value`. */
function write(ring: FrameRing, value: number): boolean {
  const slot = ring.claim();
  if (slot === null) return false;
  slot.bytes.fill(value);
  ring.publish(slot, value * 10, FORMAT);
  return true;
}

function read(ring: FrameRing): number | null {
  const frame = ring.take();
  if (frame === null) return null;
  const value = slotBytesOf(ring.buffer, ring.slotBytes, frame.slot)[0] ?? Number.NaN;
  ring.release(frame.slot);
  return value;
}

describe('a lossless ring', () => {
  it('takes frames until its slots are full, then makes the camera wait', () => {
    const ring = new FrameRing(8, 3, 'lossless');
    expect([write(ring, 1), write(ring, 2), write(ring, 3), write(ring, 4)]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([read(ring), read(ring), read(ring), read(ring)]).toEqual([1, 2, 3, null]);
    expect(ring.stats()).toEqual({ published: 3, delivered: 3, dropped: 0 });
  });

  it('wakes the camera when a slot is released', async () => {
    const ring = new FrameRing(8, 3, 'lossless');
    for (const value of [1, 2, 3]) write(ring, value);
    const waiting = ring.free(never());
    read(ring);
    await waiting;
    expect(write(ring, 4)).toBe(true);
  });

  it('wakes the camera when its signal aborts', async () => {
    const ring = new FrameRing(8, 3, 'lossless');
    for (const value of [1, 2, 3]) write(ring, value);
    const stop = new AbortController();
    const waiting = ring.free(stop.signal);
    stop.abort();
    await waiting;
    expect(ring.claim()).toBeNull();
  });

  it('numbers frames anew for the next file and goes on counting', () => {
    const ring = new FrameRing(8, 3, 'lossless');
    write(ring, 1);
    read(ring);
    ring.restart();
    write(ring, 2);
    expect(ring.take()?.meta.index).toBe(0);
    expect(ring.stats().published).toBe(2);
  });
});

describe('a live ring', () => {
  it('always has a slot for the camera, whatever the consumer holds', () => {
    const ring = new FrameRing(8, 3, 'newest');
    write(ring, 1);
    const held = ring.take();
    for (let value = 2; value < 20; value += 1) expect(write(ring, value)).toBe(true);
    expect(slotBytesOf(ring.buffer, 8, held?.slot ?? -1)[0]).toBe(1); // never overwritten while it is read
    expect(ring.take()).toBeNull(); // the camera needs the other two
    ring.release(held?.slot ?? -1);
    expect(read(ring)).toBe(19);
    expect(ring.stats()).toEqual({ published: 19, delivered: 2, dropped: 17 });
  });

  it('has a slot for the camera while a frame waits and others are read', () => {
    const ring = new FrameRing(8, 4, 'newest');
    write(ring, 1);
    ring.take();
    write(ring, 2);
    ring.take();
    write(ring, 3);
    expect(ring.claim()).not.toBeNull();
  });
});

describe('either ring', () => {
  it('gives time, number and layout with the slot', () => {
    const ring = new FrameRing(8, 3, 'lossless');
    write(ring, 7);
    expect(ring.take()?.meta).toEqual({ atMs: 70, index: 0, width: 4, height: 2, pixelFormat: 'gray8' });
  });

  it('makes the consumer wait for a frame', async () => {
    const ring = new FrameRing(8, 3, 'newest');
    const waiting = ring.next(never());
    write(ring, 1);
    expect((await waiting)?.meta.atMs).toBe(10);
  });

  it('hands out what is left after the end, then null', async () => {
    const ring = new FrameRing(8, 3, 'lossless');
    write(ring, 1);
    ring.finish();
    expect((await ring.next(never()))?.meta.atMs).toBe(10);
    expect(await ring.next(never())).toBeNull();
  });

  it('ends the wait of the consumer with the signal', async () => {
    const stop = new AbortController();
    const waiting = new FrameRing(8, 3, 'newest').next(stop.signal);
    stop.abort();
    expect(await waiting).toBeNull();
  });

  it('takes an abandoned slot back', () => {
    const ring = new FrameRing(8, 3, 'lossless');
    for (let n = 0; n < 5; n += 1) ring.abandon(ring.claim()!);
    expect(ring.stats().published).toBe(0);
    expect([write(ring, 1), write(ring, 2), write(ring, 3)]).toEqual([true, true, true]);
  });

  it('refuses a slot that is not in the state it should be in', () => {
    const ring = new FrameRing(8, 3, 'lossless');
    expect(() => ring.release(0)).toThrow('slot 0 of the frame ring is free, not reading');
    expect(() => ring.release(9)).toThrow('slot 9 of the frame ring is not there, not reading');
  });

  it('refuses fewer slots than it works with, and frames that are too large', () => {
    expect(() => new FrameRing(8, 2, 'newest')).toThrow('at least 3 slots');
    const ring = new FrameRing(7, 3, 'newest');
    expect(() => ring.publish(ring.claim()!, 0, FORMAT)).toThrow('4x2 does not fit in 7 bytes');
  });
});
