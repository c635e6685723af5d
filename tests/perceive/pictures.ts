/** Real and made pictures for the tests of perception, decoded by ffmpeg as a camera would deliver them. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PixelFormat } from '../../hardware/camera/camera.ts';
import type { PictureView } from '../../agent/perceive/picture.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
export const PORTRAIT = resolve(ROOT, 'tests/fixtures/portrait.png');

/** A clip of the optional data folder, or `null` where it is not there. */
export function clip(name: string): string | null {
  const file = resolve(ROOT, '..', 'shared', 'data', 'videos', name);
  return existsSync(file) ? file : null;
}

/** Raw bytes of a file through a chain of ffmpeg filters. */
export function raw(file: string, filters: string, format: 'yuv420p' | 'gray8' | 'rgb24'): Uint8Array {
  const pixelFormat = format === 'gray8' ? 'gray' : format;
  const args = ['-v', 'error', '-i', file, '-vf', filters, '-pix_fmt', pixelFormat, '-f', 'rawvideo', '-'];
  const { stdout, status, stderr } = spawnSync('ffmpeg', args, { maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(String(stderr));
  return stdout;
}

/** Pictures of a file; the filters must end in the given size. */
export function pictures(
  file: string,
  filters: string,
  width: number,
  height: number,
  pixelFormat: PixelFormat = 'yuv420p',
): PictureView[] {
  const bytes = raw(file, filters, pixelFormat);
  const size = pixelFormat === 'gray8' ? width * height : (width * height * 3) / 2;
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => ({
    pixels: bytes.subarray(i * size, (i + 1) * size),
    width,
    height,
    pixelFormat,
  }));
}

/** The portrait, its face about 200 px tall, through further filters. */
export function portrait(filters = 'null', pixelFormat: PixelFormat = 'yuv420p'): PictureView {
  const [picture] = pictures(PORTRAIT, `scale=960:960,crop=640:480:97:0,${filters}`, 640, 480, pixelFormat);
  return picture!;
}

/** A gray picture from a function of its pixels. */
export function gray(width: number, height: number, luma: (x: number, y: number) => number): PictureView {
  const pixels = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.min(255, Math.max(0, Math.round(luma(i % width, Math.floor(i / width))))),
  );
  return { pixels, width, height, pixelFormat: 'gray8' };
}
