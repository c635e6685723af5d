/**
 * Programs that write raw frames to standard output, as templates.
 *
 * In:  `camera` settings. Out: program and arguments with {device} {width} {height} {fps} filled in.
 */
import type { CameraConfig } from '../../config/schema/capture.ts';
import type { Geometry } from './geometry.ts';
import { ffmpegPixelFormat, geometryFilters } from './geometry.ts';

/**
 * A V4L2 device read by ffmpeg. The driver of a device may change the wanted size: the picture is then
 * scaled to fill it and cut, never squeezed. {filters} = turn, flip, crop.
 */
const V4L2: readonly string[] = [
  ...['ffmpeg', '-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', '-fflags', 'nobuffer'],
  ...[
    '-f',
    'v4l2',
    '-framerate',
    '{fps}',
    '-video_size',
    '{width}x{height}',
    '-i',
    '{device}',
    '-map',
    '0:v:0',
  ],
  ...['-vf', '{filters}', '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'],
];

/** Program and arguments of the `v4l2` preset; turning, flipping and cropping are done by ffmpeg. */
export function v4l2Argv(config: CameraConfig, geometry: Geometry): string[] {
  const filters = [
    'scale={width}:{height}:force_original_aspect_ratio=increase',
    'crop={width}:{height}',
    `format=${ffmpegPixelFormat(geometry.output.pixelFormat)}`,
    ...geometryFilters(geometry),
  ];
  return fillTemplate(
    V4L2.map((part) => part.replace('{filters}', filters.join(','))),
    config,
  );
}

/** Fills {device} {width} {height} {fps} in every part; a part is never split, no shell is involved. */
export function fillTemplate(template: readonly string[], config: CameraConfig): string[] {
  return template.map((part) =>
    part
      .replaceAll('{device}', config.device)
      .replaceAll('{width}', String(config.width))
      .replaceAll('{height}', String(config.height))
      .replaceAll('{fps}', String(config.fps)),
  );
}
