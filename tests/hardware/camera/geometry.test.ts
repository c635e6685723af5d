import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { configSchema } from '../../../config/schema.ts';
import { openCamera } from '../../../hardware/camera/index.ts';
import type { Size, View } from '../../../hardware/camera/geometry.ts';
import { ffmpegPixelFormat, geometryFilters, geometryOf } from '../../../hardware/camera/geometry.ts';
import { placementOf } from '../../../hardware/camera/placement.ts';
import { packedLayout } from '../../../hardware/camera/raw-layout.ts';
import type { PixelFormat } from '../../../hardware/camera/camera.ts';
import { frameBytes } from '../../../hardware/camera/camera.ts';
import { decodeRaw, makeMedia, temporaryFolder } from '../media.ts';
import { play } from './play.ts';

const folder = temporaryFolder();
const even = join(folder, 'even.mkv');
const odd = join(folder, 'odd.mkv');
const CROP = { x: 0.2, y: 0.1, width: 0.55, height: 0.7 };
const TURNS = [0, 90, 180, 270] as const;

const VIEWS: View[] = TURNS.flatMap((rotateDeg) =>
  [false, true].flatMap((mirror) => [undefined, CROP].map((crop) => ({ rotateDeg, mirror, crop }))),
);
const named = (view: View) =>
  `${view.rotateDeg} deg${view.mirror ? ', mirrored' : ''}${view.crop === undefined ? '' : ', cropped'}`;

beforeAll(() => {
  const picture = ['-frames:v', '1', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p'];
  makeMedia('-f', 'lavfi', '-i', 'testsrc2=s=64x48', ...picture, even);
  makeMedia('-f', 'lavfi', '-i', 'testsrc=s=63x47', ...picture, odd);
});

/** One frame through our own placement, in stretches of `cut` bytes. */
function place(raw: Uint8Array, geometry: ReturnType<typeof geometryOf>, cut: number): Uint8Array {
  const out = new Uint8Array(frameBytes(geometry.output));
  const put = placementOf(geometry);
  expect(raw.length).toBe(packedLayout(geometry.source, geometry.output.pixelFormat).bytes);
  for (let at = 0; at < raw.length; at += cut) put(raw, at, Math.min(raw.length, at + cut), at, out);
  return out;
}

/** ffmpeg's own pictures of a file for every view, made in one run. */
function references(file: string, size: Size, pixelFormat: PixelFormat): Uint8Array[] {
  const name = (n: number) => join(folder, `${pixelFormat}-${size.width}-${n}.raw`);
  const outputs = VIEWS.flatMap((view, n) => {
    const filters = geometryFilters(geometryOf(size, view, pixelFormat));
    const chain = [`format=${ffmpegPixelFormat(pixelFormat)}`, ...filters].join(',');
    return ['-map', '0:v', '-vf', chain, '-f', 'rawvideo', name(n)];
  });
  makeMedia('-i', file, ...outputs);
  return VIEWS.map((_, n) => readFileSync(name(n)));
}

describe('turning, flipping and cropping', () => {
  const sources = [
    ['yuv420p', { width: 64, height: 48 }, even],
    ['gray8', { width: 64, height: 48 }, even],
    ['yuv420p', { width: 63, height: 47 }, odd],
    ['gray8', { width: 63, height: 47 }, odd],
  ] as const;
  for (const [pixelFormat, size, file] of sources) {
    it(`gives the same picture by ffmpeg and by our own copy: ${pixelFormat}, ${size.width}x${size.height}`, () => {
      const raw = decodeRaw(file, ffmpegPixelFormat(pixelFormat));
      for (const [n, wanted] of references(file, size, pixelFormat).entries()) {
        const geometry = geometryOf(size, VIEWS[n]!, pixelFormat);
        expect(wanted.length).toBe(frameBytes(geometry.output));
        for (const cut of [raw.length, 1000, 7]) {
          const placed = place(raw, geometry, cut);
          expect(Buffer.compare(placed, wanted), `${named(VIEWS[n]!)}, cut into ${cut} bytes`).toBe(0);
        }
      }
    });
  }

  it('turns clockwise, and flips what is upright', () => {
    // A B     turned 90 degrees clockwise: C A     and then flipped: A C
    // C D                                  D B                       B D
    const picture = Uint8Array.of(1, 2, 3, 4);
    const size = { width: 2, height: 2 };
    const view = (rotateDeg: View['rotateDeg'], mirror: boolean): View => ({
      rotateDeg,
      mirror,
      crop: undefined,
    });
    const result = (v: View) => [...place(picture, geometryOf(size, v, 'gray8'), 4)];
    expect(result(view(90, false))).toEqual([3, 1, 4, 2]);
    expect(result(view(90, true))).toEqual([1, 3, 2, 4]);
    expect(result(view(270, false))).toEqual([2, 4, 1, 3]);
    expect(result(view(180, false))).toEqual([4, 3, 2, 1]);
  });

  it('keeps the crop of a colour picture even and inside', () => {
    const crop = (x: number, width: number) =>
      geometryOf(
        { width: 641, height: 480 },
        { rotateDeg: 0, mirror: false, crop: { x, y: 0, width, height: 1 } },
        'yuv420p',
      ).crop;
    expect(crop(0.3, 0.7)).toMatchObject({ x: 192, width: 448 });
    expect(crop(0.9, 0.1)).toMatchObject({ x: 576, width: 64 });
    expect(crop(0, 1)).toMatchObject({ x: 0, width: 640 });
    expect(crop(1, 0.1)).toMatchObject({ x: 639 - (639 % 2), width: 2 });
  });
});

describe('both drivers', () => {
  it('deliver the same picture for the same settings', async () => {
    const view = { rotateDeg: 90, mirror: true, crop: CROP };
    const schema = configSchema.shape.camera;
    const file = join(folder, 'small.mkv');
    makeMedia(
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=160x120',
      '-frames:v',
      '3',
      '-c:v',
      'ffv1',
      '-pix_fmt',
      'yuv420p',
      file,
    );
    const recorded = await play(
      openCamera(schema.parse({ driver: 'recorded', file, pace: 'lossless', ...view })),
    );
    const argv = ['ffmpeg', '-v', 'error', '-i', file, '-f', 'rawvideo', '-s', '{width}x{height}', 'pipe:1'];
    const settings = { driver: 'pipe', preset: 'none', argv, width: 160, height: 120, ...view };
    const piped = await play(openCamera(schema.parse(settings)));
    expect(piped.format).toEqual(recorded.format);
    expect(recorded.pixels.length).toBe(3 * frameBytes(recorded.format));
    expect(Buffer.compare(piped.pixels, recorded.pixels)).toBe(0);
  });
});
