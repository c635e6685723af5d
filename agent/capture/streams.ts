/**
 * Frames and windows of sound as streams, each item with its time [ms]: what the flow takes them from.
 */
import type { FrameMeta } from '../../hardware/camera/camera.ts';
import type { AudioWindow } from './audio-window.ts';
import type { FrameRing } from './frame-ring.ts';
import type { WindowQueue } from './window-queue.ts';

/** A frame in its slot; whoever takes it gives the slot back with `release`. */
export interface CapturedFrame {
  readonly kind: 'frame';
  readonly atMs: number;
  readonly slot: number;
  readonly meta: FrameMeta;
  release(): void;
}

/** A window of sound; `atMs` is its end. */
export interface CapturedWindow {
  readonly kind: 'window';
  readonly atMs: number;
  readonly window: AudioWindow;
}

export type Captured = CapturedFrame | CapturedWindow;

/** Frames of a ring until it is finished or the signal aborts. */
export async function* framesOf(ring: FrameRing, signal: AbortSignal): AsyncGenerator<CapturedFrame, void> {
  for (;;) {
    const frame = await ring.next(signal);
    if (frame === null) return;
    const { slot, meta } = frame;
    yield { kind: 'frame', atMs: meta.atMs, slot, meta, release: () => ring.release(slot) };
  }
}

/** Windows of a queue until it is finished or the signal aborts. */
export async function* windowsOf(
  queue: WindowQueue,
  signal: AbortSignal,
): AsyncGenerator<CapturedWindow, void> {
  for (;;) {
    const window = await queue.next(signal);
    if (window === null) return;
    yield { kind: 'window', atMs: window.atMs, window };
  }
}
