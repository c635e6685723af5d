/**
 * Camera that plays a file: any video that ffmpeg reads, with the file's own timestamps.
 *
 * In:  path, view settings, pace.
 * Out: every frame of the file in order; times in milliseconds from the start of the file (all its
 *      streams, so that picture and sound match) plus `originMs`.
 *
 * Pace `own`: each frame is published when its time has come on the monotonic clock; `originMs` is the
 * clock's time of the start of the file. Pace `lossless`: as fast as the sink has free slots.
 */
import type { CameraConfig } from '../../config/schema/capture.ts';
import type { MediaInfo, VideoInfo } from '../media/probe.ts';
import { endOfFile } from '../media/end-of-file.ts';
import { localInput, MediaError, probeMedia } from '../media/probe.ts';
import { readTimestamps, VIDEO_TIMES } from '../media/timestamps.ts';
import { monotonicMs, sleep } from '../monotonic.ts';
import type { Subprocess } from '../subprocess.ts';
import { startSubprocess } from '../subprocess.ts';
import type { Camera, CameraEnd, FrameSink, PixelFormat } from './camera.ts';
import { CameraError, frameBytes } from './camera.ts';
import { pumpProgram } from './frame-pump.ts';
import type { Geometry, View } from './geometry.ts';
import { ffmpegPixelFormat, geometryFilters, geometryOf } from './geometry.ts';
import { copyAsIs } from './placement.ts';
/** What a recorded camera needs to know. */
export interface RecordedCameraOptions extends View {
  readonly file: string;
  readonly pace: CameraConfig['pace'];
  /** Layout of colour files; a file without colour is always delivered as `gray8`. */
  readonly pixelFormat: PixelFormat;
  /** Time of the start of the file on the caller's clock [ms]; left out = 0 (lossless), else the first frame comes now. */
  readonly originMs?: number;
}

/** ffmpeg decodes with so many threads: one carries more than 20 times real time at 640x480. */
const DECODER_THREADS = '1';

/** Makes the camera; nothing is opened yet. */
export function recordedCamera(options: RecordedCameraOptions): Camera {
  let plan: Plan | null = null;
  return {
    name: options.file,
    endless: false,
    open: async (signal) => {
      plan = await planOf(options, signal);
      return plan.geometry.output;
    },
    frames: async (sink, signal) => {
      if (plan === null) throw new Error('recorded camera: frames() before open()');
      if (signal.aborted) return { kind: 'aborted', frames: 0 };
      return play(plan, options, sink, signal);
    },
  };
}

interface Plan {
  readonly video: VideoInfo;
  readonly geometry: Geometry;
}

async function planOf(options: RecordedCameraOptions, signal: AbortSignal): Promise<Plan> {
  const video = videoOf(await probe(options.file, signal), options.file);
  const pixelFormat = video.gray ? 'gray8' : options.pixelFormat;
  return { video, geometry: geometryOf(video, options, pixelFormat) };
}

async function probe(file: string, signal: AbortSignal): Promise<MediaInfo> {
  try {
    return await probeMedia(file, signal);
  } catch (error) {
    if (error instanceof MediaError) throw new CameraError(error.message, { cause: error });
    throw error;
  }
}

function videoOf(info: MediaInfo, file: string): VideoInfo {
  if (info.video !== null) return info.video;
  const what = info.audio !== null ? ', only sound' : '';
  throw new CameraError(`${file} has no video stream${what}: give a file with a picture`);
}

async function play(
  { video, geometry }: Plan,
  options: RecordedCameraOptions,
  sink: FrameSink,
  signal: AbortSignal,
): Promise<CameraEnd> {
  const program = startSubprocess(ffmpegArgv(options.file, video, geometry), true);
  const clock = frameClock(program, video, options, signal);
  const plan = {
    sourceBytes: frameBytes(geometry.output),
    place: copyAsIs,
    format: geometry.output,
    began: () => undefined,
    timeOf: clock.next,
  };
  const { pumped, exit, complaints } = await pumpProgram(program, sink, plan, signal);
  const { frames } = pumped;
  if (signal.aborted) return { kind: 'aborted', frames };
  const end = endOfFile(
    { file: options.file, endMs: video.endMs, what: 'picture' },
    clock.lastMs(),
    exit,
    complaints,
  );
  return { ...end, frames };
}

function ffmpegArgv(file: string, video: VideoInfo, geometry: Geometry): string[] {
  const { source, output } = geometry;
  const colours =
    video.otherColours && output.pixelFormat === 'yuv420p' ? ':out_color_matrix=bt601:out_range=tv' : '';
  const filters = [
    // Squares the pixels, and keeps the size should it change within the file; else it does nothing.
    `scale=${source.width}:${source.height}${colours}`,
    `format=${ffmpegPixelFormat(output.pixelFormat)}`,
    ...geometryFilters(geometry),
    VIDEO_TIMES,
  ];
  return [
    ...['ffmpeg', '-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', DECODER_THREADS],
    ...localInput(file),
    // -vsync and not -fps_mode: ffmpeg 4.4 of Ubuntu 22.04 (Jetson) does not know the newer name.
    ...['-map', '0:V:0', '-vf', filters.join(','), '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
  ];
}

/** Gives each frame its time, and with pace `own` gives it when that time has come. */
function frameClock(
  program: Subprocess,
  video: VideoInfo,
  options: RecordedCameraOptions,
  signal: AbortSignal,
): { next: () => Promise<number | null>; lastMs: () => number | null } {
  const times = program.side === null ? null : readTimestamps(program.side);
  const own = options.pace === 'own';
  let originMs = options.originMs ?? (own ? null : 0);
  let last: number | null = null;
  const next = async () => {
    const said = await times?.next();
    if (said === undefined || said === null) return null;
    last = following(last, said, video.frameMs);
    originMs ??= monotonicMs() - last;
    const atMs = originMs + last;
    if (own) await sleep(atMs - monotonicMs(), signal);
    return atMs;
  };
  return { next, lastMs: () => last };
}

/** Time never stands still or runs back: a missing time is one frame on, a time that is not later 1 ms on. */
function following(lastMs: number | null, saidMs: number, frameMs: number): number {
  if (lastMs === null) return Number.isNaN(saidMs) ? 0 : saidMs;
  if (Number.isNaN(saidMs)) return lastMs + frameMs;
  return saidMs > lastMs ? saidMs : lastMs + 1;
}
