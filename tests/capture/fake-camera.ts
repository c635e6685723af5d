/** A camera that does what a test tells it to. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Camera, CameraEnd, FrameFormat, FrameSink } from '../../hardware/camera/camera.ts';
import { CameraError } from '../../hardware/camera/camera.ts';

export const FORMAT: FrameFormat = { width: 4, height: 4, pixelFormat: 'gray8' };

/** What happens in one life: so many frames, then the end. */
export interface Life {
  readonly frames: number;
  /** `hang`: no frame and no end until the signal. */
  readonly then: 'lost' | 'hang' | 'finish' | 'unopened' | 'broken';
  readonly reason?: string;
  /** Pause before each frame [ms]. */
  readonly everyMs?: number;
}

/** @param endless a device (`true`) or a file. */
export function fakeCamera(life: Life, endless = true): Camera {
  const reason = life.reason ?? 'unplugged';
  return {
    name: 'fake',
    endless,
    open: () =>
      life.then === 'unopened' ? Promise.reject(new CameraError(reason)) : Promise.resolve(FORMAT),
    frames: (sink, signal) => live(life, reason, sink, signal),
  };
}

async function live(life: Life, reason: string, sink: FrameSink, signal: AbortSignal): Promise<CameraEnd> {
  let frames = 0;
  for (; frames < life.frames && !signal.aborted; frames += 1) {
    if (life.everyMs !== undefined) await pause(life.everyMs);
    const slot = sink.claim();
    if (slot !== null) sink.publish(slot, frames, FORMAT);
  }
  if (life.then === 'broken') throw new TypeError('a fault of the program');
  if (life.then === 'hang') await aborted(signal);
  if (signal.aborted) return { kind: 'aborted', frames };
  return life.then === 'finish'
    ? { kind: 'finished', frames, fault: null }
    : { kind: 'failed', frames, reason };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
