/**
 * Programs that deliver raw frames, as templates of their arguments.
 *
 * In:  `camera` settings, the mode that a V4L2 device shall use. Out: program and arguments, and where
 *      the pixels lie in what it writes.
 *
 * ffmpeg turns, flips and crops by itself; of the others' frames the wanted part is taken while they are
 * copied. A size or shape that a device does not have is filled and cut, never squeezed.
 */
import type { CameraConfig } from '../../config/schema/capture.ts';
import type { Geometry } from './geometry.ts';
import { ffmpegPixelFormat, geometryFilters } from './geometry.ts';
import type { RawLayout } from './raw-layout.ts';
import { gstreamerLayout, packedLayout, piLayout, piWidth } from './raw-layout.ts';
import type { ChosenMode } from './v4l2-modes.ts';

/** A program to start and what to expect of it. */
export interface FrameProgram {
  readonly argv: readonly string[];
  /** It talks on its standard output: the frames come on descriptor 3. */
  readonly talkative: boolean;
  /** Where the pixels lie; `final` = already turned, flipped and cropped. */
  readonly layout: RawLayout | 'final';
}

const FFMPEG = ['ffmpeg', '-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1'];
const LIVE = ['-fflags', 'nobuffer'];
/** -vsync and not -fps_mode: ffmpeg 4.4 of Ubuntu 22.04 (Jetson) does not know the newer name. */
const RAW_OUT = ['-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'];

/** The program that the settings name. @param mode what a V4L2 device shall deliver; `null` = it decides. */
export function frameProgram(
  config: CameraConfig,
  geometry: Geometry,
  mode: ChosenMode | null,
): FrameProgram {
  const { pixelFormat } = geometry.output;
  switch (config.preset) {
    case 'v4l2':
      return { argv: v4l2Argv(config, geometry, mode), talkative: false, layout: 'final' };
    case 'rtsp':
      return { argv: rtspArgv(config, geometry), talkative: false, layout: 'final' };
    case 'rpicam':
      return { argv: rpicamArgv(config), talkative: false, layout: piLayout(config, pixelFormat) };
    case 'jetson':
      // nvarguscamerasrc prints its messages on standard output, whatever -q says.
      return { argv: jetsonArgv(config), talkative: true, layout: gstreamerLayout(config, pixelFormat) };
    case 'none':
      return {
        argv: fillTemplate(config.argv ?? [], config),
        talkative: false,
        layout: packedLayout(config, pixelFormat),
      };
  }
}

/** A V4L2 device read by ffmpeg. Of a device with more than twice the wanted rate every nth frame is used. */
export function v4l2Argv(config: CameraConfig, geometry: Geometry, mode: ChosenMode | null = null): string[] {
  const asked = mode ?? { fps: config.fps, width: config.width, height: config.height };
  const format = mode?.format ?? (config.inputFormat === 'auto' ? null : config.inputFormat);
  const every = Math.max(1, Math.floor((mode?.fps ?? 0) / (config.fps * 0.99)));
  return [
    ...[...FFMPEG, ...LIVE, '-f', 'v4l2'],
    ...(format === null ? [] : ['-input_format', format]),
    ...[
      '-framerate',
      String(asked.fps),
      '-video_size',
      `${asked.width}x${asked.height}`,
      '-i',
      config.device,
    ],
    ...['-map', '0:v:0', '-vf', filters(config, geometry, every), ...RAW_OUT],
  ];
}

/** A network camera: over TCP, since lost packets are torn pictures. */
function rtspArgv(config: CameraConfig, geometry: Geometry): string[] {
  return [
    ...[...FFMPEG, ...LIVE, '-flags', 'low_delay', '-rtsp_transport', 'tcp', '-i', config.url ?? ''],
    ...['-map', '0:v:0', '-vf', filters(config, geometry, 1), ...RAW_OUT],
  ];
}

function filters({ width, height }: CameraConfig, geometry: Geometry, every: number): string {
  return [
    ...(every > 1 ? [`framestep=${every}`] : []),
    `scale=${width}:${height}:force_original_aspect_ratio=increase`,
    `crop=${width}:${height}`,
    `format=${ffmpegPixelFormat(geometry.output.pixelFormat)}`,
    ...geometryFilters(geometry),
  ].join(',');
}

/** Raspberry Pi cameras; --flush: a frame is written when it is there, not when a buffer is full. */
function rpicamArgv({ device, width, height, fps }: CameraConfig): string[] {
  return [
    ...['rpicam-vid', '--camera', cameraNumber(device), '--nopreview', '--timeout', '0', '--flush'],
    ...['--codec', 'yuv420', '--width', String(piWidth(width)), '--height', String(height)],
    ...['--framerate', String(fps), '--output', '-'],
  ];
}

/** CSI cameras of a Jetson; a reader that is late gets the newest frame, not a queue. */
function jetsonArgv({ device, width, height, fps }: CameraConfig): string[] {
  const rate = `${Math.round(fps * 1000)}/1000`;
  const caps = `video/x-raw(memory:NVMM),width=${width},height=${height},framerate=${rate},format=NV12`;
  return [
    ...['gst-launch-1.0', '-q', 'nvarguscamerasrc', `sensor-id=${cameraNumber(device)}`, '!', caps],
    ...['!', 'nvvidconv', '!', `video/x-raw,format=I420,width=${width},height=${height}`],
    ...['!', 'queue', 'max-size-buffers=1', 'leaky=downstream', '!', 'fdsink', 'fd=3', 'sync=false'],
  ];
}

/** "/dev/video1" and "1" are camera 1. */
function cameraNumber(device: string): string {
  return /\d+$/.exec(device)?.[0] ?? '0';
}

/** Fills {device} {width} {height} {fps} in every part; a part is never split, no shell is involved. */
function fillTemplate(template: readonly string[], config: CameraConfig): string[] {
  return template.map((part) =>
    part
      .replaceAll('{device}', config.device)
      .replaceAll('{width}', String(config.width))
      .replaceAll('{height}', String(config.height))
      .replaceAll('{fps}', String(config.fps)),
  );
}
