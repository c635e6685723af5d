import { describe, expect, it } from 'vitest';
import { PictureCheck, type PictureCondition } from '../../agent/capture/picture-check.ts';
import { frameBytes, type FrameFormat, type PixelFormat } from '../../hardware/camera/camera.ts';

const format = (pixelFormat: PixelFormat): FrameFormat => ({ width: 64, height: 48, pixelFormat });
const BLACK = { yuv420p: 16, gray8: 0 } as const;

/** A picture with a scene: a ramp, plus `noise` that differs from frame to frame. */
function scene(pixelFormat: PixelFormat, seed: number, contrast = 100): Uint8Array {
  const pixels = new Uint8Array(frameBytes(format(pixelFormat)));
  return pixels.map((_, n) => 60 + ((n % 64) * contrast) / 64 + ((n * 31 + seed * 17) % 3));
}

/** Looks at a frame every 100 ms. */
function look(frames: readonly Uint8Array[], pixelFormat: PixelFormat = 'yuv420p'): PictureCondition[] {
  const check = new PictureCheck(5000);
  return frames.map((pixels, n) => check.look(pixels, format(pixelFormat), n * 100));
}

const times = (count: number, make: (n: number) => Uint8Array) =>
  Array.from({ length: count }, (_, n) => make(n));
const firstFault = (seen: readonly PictureCondition[]) => seen.findIndex((s) => s.fault !== null);

describe.each(['yuv420p', 'gray8'] as const)('the picture check, %s', (pixelFormat) => {
  const black = (n: number) =>
    new Uint8Array(frameBytes(format(pixelFormat))).map((_, at) => BLACK[pixelFormat] + ((at + n) % 2));

  it('has nothing to say about a scene, for however long', () => {
    const seen = look(
      times(200, (n) => scene(pixelFormat, n)),
      pixelFormat,
    );
    expect(seen.every((s) => s.fault === null && s.frozenMs === null)).toBe(true);
    expect(seen.slice(1).every((s) => s.fresh)).toBe(true);
  });

  it('says that the picture is black once that has lasted, and stops when it is over', () => {
    const seen = look(
      [...times(10, (n) => scene(pixelFormat, n)), ...times(80, black), scene(pixelFormat, 1)],
      pixelFormat,
    );
    expect(firstFault(seen)).toBe(10 + 50);
    expect(seen[65]?.fault).toMatch(/^the picture is black/);
    expect(seen.at(-1)?.fault).toBeNull();
  });

  it('says that a bright picture shows nothing', () => {
    const white = (n: number) => new Uint8Array(frameBytes(format(pixelFormat))).fill(200 + (n % 2));
    expect(look(times(60, white), pixelFormat).at(-1)?.fault).toMatch(/^the picture shows nothing/);
  });

  it('calls a picture frozen when not one pixel has changed for so long', () => {
    const still = scene(pixelFormat, 7);
    const seen = look([scene(pixelFormat, 2), ...times(60, () => still)], pixelFormat);
    expect(seen.map((s) => s.frozenMs).find((ms) => ms !== null)).toBe(5000);
    expect(seen.every((s) => s.fault === null)).toBe(true);
    expect(seen.slice(0, 4).map((s) => s.fresh)).toEqual([false, true, false, false]);
  });
});

describe('the picture check', () => {
  it('does not call a black picture that repeats itself frozen: another opening would not help', () => {
    const dark = new Uint8Array(frameBytes(format('gray8')));
    expect(
      look(
        times(80, () => dark),
        'gray8',
      ).every((s) => s.frozenMs === null),
    ).toBe(true);
  });

  it('sees one changed pixel where all the points that it looks at repeat', () => {
    const frames = times(80, (n) => {
      const pixels = scene('gray8', 7);
      pixels[1] = n; // not on the grid
      return pixels;
    });
    expect(look(frames, 'gray8').every((s) => s.frozenMs === null)).toBe(true);
  });

  it('counts the time of one stretch only', () => {
    const still = scene('gray8', 7);
    const frames = [...times(49, () => still), scene('gray8', 2), ...times(49, () => still)];
    expect(look(frames, 'gray8').every((s) => s.frozenMs === null)).toBe(true);
  });
});
