/**
 * Camera of single shots by fswebcam, for devices that nothing else opens: one to three pictures a
 * second, enough to see a face and where it looks, too few for blinks.
 *
 * In:  `camera` settings. Out: frames with the time at which their first byte arrived less `latencyMs`.
 *
 * The next shot is begun when the last one was taken, at most `fps` times a second. A shot that fails is
 * a lost camera.
 */
import type { CameraConfig } from '../../config/schema/capture.ts';
import { monotonicMs, sleep } from '../monotonic.ts';
import type { Camera, CameraEnd, FrameSink, FrameSlot } from './camera.ts';
import { type Geometry, geometryOf } from './geometry.ts';
import { type JpegDecoder, startJpegDecoder } from './jpeg-decoder.ts';
import { placementOf } from './placement.ts';
import { shotCommand, takeShot } from './shot.ts';

/** Makes the camera; nothing is started yet. @param nowMs the clock of arrival [ms]. */
export function stillsCamera(config: CameraConfig, nowMs: () => number = monotonicMs): Camera {
  const { output } = geometryOf(config, config, config.pixelFormat);
  return {
    name: config.device,
    endless: true,
    // async, so that a wrong setting is a rejection
    open: async () => {
      shotCommand(config);
      return Promise.resolve(output);
    },
    frames: (sink, signal) => shoot(config, nowMs, sink, signal),
  };
}

interface Studio {
  readonly config: CameraConfig;
  readonly geometry: Geometry;
  readonly command: string;
  readonly decoder: JpegDecoder;
  readonly nowMs: () => number;
}

async function shoot(
  config: CameraConfig,
  nowMs: () => number,
  sink: FrameSink,
  signal: AbortSignal,
): Promise<CameraEnd> {
  if (signal.aborted) return { kind: 'aborted', frames: 0 };
  const decoder = startJpegDecoder();
  const geometry = geometryOf(config, config, config.pixelFormat);
  const studio = { config, geometry, command: shotCommand(config), decoder, nowMs };
  const stop = () => void decoder.close();
  signal.addEventListener('abort', stop);
  try {
    return await series(studio, sink, signal);
  } finally {
    signal.removeEventListener('abort', stop);
    await decoder.close();
  }
}

async function series(studio: Studio, sink: FrameSink, signal: AbortSignal): Promise<CameraEnd> {
  for (let frames = 0; ;) {
    const begunMs = monotonicMs();
    const got = await oneFrame(studio, sink, signal);
    if (got === 'published') frames += 1;
    if (signal.aborted || got === 'aborted') return { kind: 'aborted', frames };
    if (got !== 'published') return { kind: 'failed', frames, reason: got.fault };
    await sleep(begunMs + 1000 / studio.config.fps - monotonicMs(), signal);
  }
}

/** Publishes one frame unless the signal or a fault comes first. */
async function oneFrame(
  studio: Studio,
  sink: FrameSink,
  signal: AbortSignal,
): Promise<'published' | 'aborted' | { readonly fault: string }> {
  const { config, geometry, command, decoder, nowMs } = studio;
  const slot = await freeSlot(sink, signal);
  if (slot === null) return 'aborted';
  let published = false;
  try {
    const shot = await takeShot(command, config.stillsTimeoutMs, nowMs, signal);
    if (shot.kind === 'failed') return { fault: shot.reason };
    const { width, height, pixelFormat } = config;
    const reply = await decoder.decode({ jpeg: shot.jpeg, width, height, pixelFormat });
    if ('fault' in reply) return reply;
    if (signal.aborted) return 'aborted';
    placementOf(geometry)(reply.pixels, 0, reply.pixels.length, 0, slot.bytes);
    sink.publish(slot, shot.arrivedMs - config.latencyMs, geometry.output);
    published = true;
    return 'published';
  } finally {
    if (!published) sink.abandon(slot);
  }
}

/** A slot, or `null` when the signal came first. */
async function freeSlot(sink: FrameSink, signal: AbortSignal): Promise<FrameSlot | null> {
  while (!signal.aborted) {
    const slot = sink.claim();
    if (slot !== null) return slot;
    await sink.free(signal);
  }
  return null;
}
