/**
 * The one place that says how turning, mirroring and cropping change a picture.
 *
 * In:  size of the source [px] and the `camera` settings.
 * Out: size of what is delivered, the crop in pixels of the upright picture, ffmpeg filters that do it.
 *
 * Order: turn clockwise, flip back, crop. For yuv420p the crop lies on even pixels and has even sides
 * (one chroma sample covers 2 x 2), so a picture of odd size loses its last column or row.
 */
import type { CameraConfig } from '../../config/schema/capture.ts';
import type { FrameFormat, PixelFormat } from './camera.ts';

/** The settings that change the picture. */
export type View = Pick<CameraConfig, 'rotateDeg' | 'mirror' | 'crop'>;

/** Size [px]. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What happens to each picture. */
export interface Geometry {
  readonly source: Size;
  readonly rotateDeg: CameraConfig['rotateDeg'];
  readonly mirror: boolean;
  /** Size after turning. */
  readonly upright: Size;
  /** The part of the upright picture that is delivered [px]. */
  readonly crop: Size & { readonly x: number; readonly y: number };
  readonly output: FrameFormat;
}

/** Works out the geometry for a source of this size. */
export function geometryOf(source: Size, view: View, pixelFormat: PixelFormat): Geometry {
  const sideways = view.rotateDeg === 90 || view.rotateDeg === 270;
  const upright = sideways ? { width: source.height, height: source.width } : { ...source };
  const grid = pixelFormat === 'yuv420p' ? 2 : 1;
  const part = view.crop ?? { x: 0, y: 0, width: 1, height: 1 };
  const across = cropSide(part.x, part.width, upright.width, grid);
  const down = cropSide(part.y, part.height, upright.height, grid);
  const crop = { x: across.from, y: down.from, width: across.size, height: down.size };
  return {
    source,
    rotateDeg: view.rotateDeg,
    mirror: view.mirror,
    upright,
    crop,
    output: { width: crop.width, height: crop.height, pixelFormat },
  };
}

/** ffmpeg filters for turn, flip and crop; the picture must have the source's size and our layout. */
export function geometryFilters(geometry: Geometry): string[] {
  const { crop, upright } = geometry;
  const whole = crop.width === upright.width && crop.height === upright.height;
  return [
    ...TURNS[geometry.rotateDeg],
    ...(geometry.mirror ? ['hflip'] : []),
    ...(whole ? [] : [`crop=${crop.width}:${crop.height}:${crop.x}:${crop.y}`]),
  ];
}

/** ffmpeg's name of a layout. */
export function ffmpegPixelFormat(pixelFormat: PixelFormat): string {
  return pixelFormat === 'gray8' ? 'gray' : pixelFormat;
}

const TURNS: Record<CameraConfig['rotateDeg'], readonly string[]> = {
  0: [],
  90: ['transpose=clock'],
  180: ['hflip', 'vflip'],
  270: ['transpose=cclock'],
};

/** One side of the crop on the grid: never outside the picture, never empty. */
function cropSide(
  start: number,
  share: number,
  length: number,
  grid: number,
): { from: number; size: number } {
  const onGrid = (px: number) => Math.floor(Math.round(px * 1000) / 1000 / grid) * grid; // 0.3 * 640 = 192
  const from = Math.min(onGrid(start * length), onGrid(length) - grid);
  const size = Math.min(onGrid(share * length), onGrid(length) - from);
  return { from, size: Math.max(size, grid) };
}
