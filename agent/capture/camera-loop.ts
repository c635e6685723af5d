/**
 * Runs the camera for as long as the watch lasts.
 *
 * In:  a way to make a camera, the sink, the waits of the settings.
 * Out: frames in the sink; health when it changes; the end of a recorded file.
 */
import type { Camera, CameraEnd, FrameSink } from '../../hardware/camera/camera.ts';
import { CameraError } from '../../hardware/camera/camera.ts';
import type { DeviceHealth, DeviceRun, DeviceSigns, RetryConfig } from './keep-open.ts';
import { keepOpen } from './keep-open.ts';
import { PictureCheck } from './picture-check.ts';

/** What the loop needs to know. */
export interface CameraLoopOptions {
  /** A new camera for each try. */
  readonly makeCamera: () => Camera;
  readonly sink: FrameSink;
  readonly retry: RetryConfig;
  /** A device's picture that is bad for so long is reported [ms]. */
  readonly badPictureAfterMs: number;
  readonly signal: AbortSignal;
  readonly onHealth: (health: DeviceHealth) => void;
  readonly random?: () => number;
}

/**
 * A device is tried again for ever, until the signal; a file is played once. Frames in the result are
 * those of the last run. Rejects only for a fault of the program.
 */
export function runCamera(options: CameraLoopOptions): Promise<CameraEnd> {
  return keepOpen({ ...options, makeRun: () => cameraRun(options.makeCamera(), options) });
}

function cameraRun(
  camera: Camera,
  { sink, badPictureAfterMs }: Pick<CameraLoopOptions, 'sink' | 'badPictureAfterMs'>,
): DeviceRun<CameraEnd> {
  return {
    endless: camera.endless,
    run: async (signs, signal) => {
      try {
        await camera.open(signal);
      } catch (error) {
        if (signal.aborted) return { kind: 'aborted', frames: 0 };
        if (error instanceof CameraError) return { kind: 'failed', frames: 0, reason: error.message };
        throw error;
      }
      // A file may be black or stand still as long as it likes.
      const check = camera.endless ? new PictureCheck(badPictureAfterMs) : null;
      return camera.frames(noticing(sink, signs, check), signal);
    },
  };
}

/** The sink, with a look and a word at every frame. */
function noticing(sink: FrameSink, signs: DeviceSigns, check: PictureCheck | null): FrameSink {
  return {
    slotBytes: sink.slotBytes,
    claim: () => sink.claim(),
    free: (signal) => sink.free(signal),
    abandon: (slot) => sink.abandon(slot),
    publish: (slot, atMs, format) => {
      const seen = check?.look(slot.bytes, format, atMs);
      sink.publish(slot, atMs, format);
      signs.alive(seen?.fault, seen?.fresh);
      const frozenMs = seen?.frozenMs ?? null;
      if (frozenMs !== null)
        signs.giveUp(`the picture has not changed for ${(frozenMs / 1000).toFixed(1)} s`, frozenMs);
    },
  };
}
