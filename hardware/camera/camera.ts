/**
 * What every camera is: the contract between a driver and whoever runs it.
 *
 * In:  nothing, or a signal to stop.
 * Out: raw pictures, each written once into a slot of the sink, with the time of its light in milliseconds.
 *
 * Life of a camera object (one object is one life; the caller makes a new one for another try):
 *
 *   openCamera(config) -> open(signal) once -> frames(sink, signal) once
 *
 * - `open` says how the pictures will be laid out. It may look at the source (probe a file) but keeps
 *   nothing running: an opened camera that is never used needs no closing.
 * - `frames` starts the source and owns all it starts: when its promise settles, every process, timer
 *   and descriptor of this camera is gone, whatever the reason. It settles with a value for everything
 *   that can happen to a device or a file and rejects only for a fault of the program.
 * - Only the driver calls the sink; it holds at most one claimed slot at a time.
 * - The end is never silent: `finished` for a file that was read to its end, `failed` for a device that
 *   went away or a source that cannot be read (whoever runs the camera decides about another try),
 *   `aborted` after the signal.
 * - After the signal no frame is published.
 */

/**
 * Layout of the pixels, planes packed without padding.
 * - `yuv420p`: Y (width x height), then U and V (half of each side); width and height are even;
 *   BT.601, limited range (Y 16-235).
 * - `gray8`: Y alone (width x height), full range (0-255).
 */
export type PixelFormat = 'yuv420p' | 'gray8';

/** Size [px] and layout of the upright, cropped pictures that a camera delivers. */
export interface FrameFormat {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: PixelFormat;
}

/** What is said of a frame when its slot number travels on; never pixels. */
export interface FrameMeta extends FrameFormat {
  /**
   * When the light fell, milliseconds. Live: CLOCK_MONOTONIC at arrival less the configured latency.
   * Recorded: the file's own time (0 = start of the container) plus the driver's origin.
   */
  readonly atMs: number;
  /** 0, 1, 2 ... in the order of publication; dropped frames are counted too. */
  readonly index: number;
}

/** A place for one frame. `bytes` is at least `frameBytes(format)` long and stays the same memory. */
export interface FrameSlot {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Where a camera writes. Live sinks always have a slot (the newest frame wins), lossless ones may not. */
export interface FrameSink {
  /** Size of every slot [bytes]. */
  readonly slotBytes: number;
  /** A slot to write into, or `null` when the camera has to wait for `free`. */
  claim(): FrameSlot | null;
  /** Settles when `claim` may succeed, or when the signal aborts. Never rejects. */
  free(signal: AbortSignal): Promise<void>;
  /** The frame in the claimed slot is complete: it belongs to the consumer now. */
  publish(slot: FrameSlot, atMs: number, format: FrameFormat): void;
  /** Gives a claimed slot back unused (the frame was never completed). */
  abandon(slot: FrameSlot): void;
}

/** How the frames came to their end. Sentences are complete and made for people. */
export type CameraEnd =
  /** A file was read to its end; `fault` says what was wrong with it (damaged, ended early). */
  | { readonly kind: 'finished'; readonly frames: number; readonly fault: string | null }
  /** The device is gone or the source cannot be read. */
  | { readonly kind: 'failed'; readonly frames: number; readonly reason: string }
  /** The caller's signal ended it. */
  | { readonly kind: 'aborted'; readonly frames: number };

/** One camera; see the life above. */
export interface Camera {
  /** What is looked at, for logs: a path or a device. */
  readonly name: string;
  /** `true`: a device, whose end is always a loss; `false`: a file, which ends. */
  readonly endless: boolean;
  /** Layout of the frames to come. @throws CameraError when the source cannot be read at all. */
  open(signal: AbortSignal): Promise<FrameFormat>;
  /** Delivers frames until the end of the source, its loss, or the signal. */
  frames(sink: FrameSink, signal: AbortSignal): Promise<CameraEnd>;
}

/** The source cannot be opened. The message is one sentence that names the source and what would be right. */
export class CameraError extends Error {
  override readonly name = 'CameraError';
}

/** Bytes of one frame of this layout. */
export function frameBytes(format: FrameFormat): number {
  const luma = format.width * format.height;
  return format.pixelFormat === 'gray8' ? luma : luma + 2 * (format.width >> 1) * (format.height >> 1);
}
