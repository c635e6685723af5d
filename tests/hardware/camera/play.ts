/** Plays a camera to its end and keeps all it delivered. */
import { FrameRing, slotBytesOf } from '../../../agent/capture/frame-ring.ts';
import type { Camera, CameraEnd, FrameFormat } from '../../../hardware/camera/camera.ts';
import { frameBytes } from '../../../hardware/camera/camera.ts';

export interface Played {
  readonly format: FrameFormat;
  readonly timesMs: readonly number[];
  /** All frames, one after the other. */
  readonly pixels: Uint8Array;
  readonly end: CameraEnd;
}

/** @param onFrame called when a frame arrives, with its time [ms]. */
export async function play(camera: Camera, onFrame?: (atMs: number) => void): Promise<Played> {
  const { signal } = new AbortController();
  const format = await camera.open(signal);
  const bytes = frameBytes(format);
  const ring = new FrameRing(bytes, 3, 'lossless');
  const timesMs: number[] = [];
  const frames: Uint8Array[] = [];
  const consume = async () => {
    for (let frame = await ring.next(signal); frame !== null; frame = await ring.next(signal)) {
      onFrame?.(frame.meta.atMs);
      timesMs.push(frame.meta.atMs);
      frames.push(slotBytesOf(ring.buffer, bytes, frame.slot).slice());
      ring.release(frame.slot);
    }
  };
  const consuming = consume();
  const end = await camera.frames(ring, signal);
  ring.finish();
  await consuming;
  const pixels = new Uint8Array(bytes * frames.length);
  for (const [n, frame] of frames.entries()) pixels.set(frame, n * bytes);
  return { format, timesMs, pixels, end };
}
