/** Picture files of every kind become the same upright RGB; what cannot be read is said in one sentence. */
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { grayOf, isPicture, readPicture, viewOf } from '../../agent/examine/picture-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-pictures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

/** Left half dark, right half light, 40 x 20. */
const PIXELS = Uint8Array.from({ length: 40 * 20 * 3 }, (_, i) => (Math.floor(i / 3) % 40 < 20 ? 30 : 220));
const halves = () => sharp(PIXELS, { raw: { width: 40, height: 20, channels: 3 } });
const corners = async (file: string) => {
  const { rgb, width, height } = await readPicture(file);
  const red = (x: number, y: number) => rgb[(y * width + x) * 3];
  return { width, height, values: [red(1, 1), red(width - 2, 1), red(1, height - 2)] };
};

describe('a picture file', () => {
  it.each<[string, (picture: Sharp) => Sharp]>([
    ['rgb.png', (picture) => picture],
    ['gray.png', (picture) => picture.toColourspace('b-w')],
    ['deep.png', (picture) => picture.toColourspace('rgb16')],
    ['alpha.png', (picture) => picture.ensureAlpha(1)],
    ['lossless.webp', (picture) => picture.webp({ lossless: true })],
    ['print.tiff', (picture) => picture.tiff({ compression: 'none' })],
    ['small.gif', (picture) => picture.gif()],
  ])('%s has its levels, whatever its depth and colours', async (name, format) => {
    await format(halves()).toFile(at(name));
    expect(await isPicture(at(name))).toBe(true);
    const { width, height, values } = await corners(at(name));
    expect([width, height]).toEqual([40, 20]);
    values.forEach((value, i) => expect(Math.abs(value! - [30, 220, 30][i]!)).toBeLessThanOrEqual(1));
  });

  it('is set upright as its camera says', async () => {
    // Orientation 6: to be turned clockwise, so that the left half lies above.
    await halves().withMetadata({ orientation: 6 }).png().toFile(at('turned.png'));
    const { width, height, values } = await corners(at('turned.png'));
    expect([width, height]).toEqual([20, 40]);
    expect(values).toEqual([30, 30, 220]);
    expect(await readPicture(at('turned.png'))).toMatchObject({ fullWidth: 20, fullHeight: 40 });
  });

  it('is shrunk to 2048 pixels, and knows how large it was', async () => {
    await halves().resize(6000, 3000, { kernel: 'nearest' }).jpeg().toFile(at('large.jpg'));
    expect(await readPicture(at('large.jpg'))).toMatchObject({
      ...{ width: 2048, height: 1024 },
      ...{ fullWidth: 6000, fullHeight: 3000 },
    });
  });

  it.each([
    ['cut.png', /cut\.png is a damaged picture: /],
    ['text.png', /text\.png is no picture that can be read: /],
    ['empty.png', /empty\.png is empty \(0 bytes\)/],
    ['none.png', /none\.png cannot be opened \(ENOENT\)/],
    [
      'wide.webp',
      /wide\.webp has 16000x8000 pixels; a webp that must be unpacked whole may have 100 million/,
    ],
  ])('%s is refused in one sentence', async (name, sentence) => {
    if (name === 'cut.png') {
      const noise = Uint8Array.from({ length: 100 * 100 * 3 }, (_, i) => (i * 7919) % 256);
      await sharp(noise, { raw: { width: 100, height: 100, channels: 3 } })
        .png()
        .toFile(at(name));
      truncateSync(at(name), Math.floor(statSync(at(name)).size / 2));
    }
    if (name === 'text.png') writeFileSync(at(name), 'no picture');
    if (name === 'empty.png') writeFileSync(at(name), '');
    if (name === 'wide.webp') {
      const create = { width: 16_000, height: 8000, channels: 3, background: '#777' } as const;
      await sharp({ create, limitInputPixels: false }).webp({ effort: 0 }).toFile(at(name));
    }
    await expect(readPicture(at(name))).rejects.toThrow(sentence);
  });

  it('is no device and no folder', async () => {
    expect(await isPicture('/dev/zero')).toBe(false);
    expect(await isPicture(folder)).toBe(false);
  });
});

describe('what the networks get of it', () => {
  const picture = {
    rgb: PIXELS.subarray(0, 39 * 19 * 3),
    width: 39,
    height: 19,
    fullWidth: 39,
    fullHeight: 19,
  };
  it('is a view with even sides in the range of a camera', () => {
    const view = viewOf({ ...picture, rgb: new Uint8Array(39 * 19 * 3).fill(255) });
    expect([view.width, view.height, view.pixelFormat]).toEqual([38, 18, 'yuv420p']);
    expect(view.pixels).toHaveLength(38 * 18 * 1.5);
    expect([view.pixels[0], view.pixels.at(-1)]).toEqual([235, 128]);
  });
  it('keeps red apart from blue', () => {
    const red = Uint8Array.from({ length: 20 * 20 * 3 }, (_, i) => (i % 3 === 0 ? 255 : 0));
    const view = viewOf({ rgb: red, width: 20, height: 20, fullWidth: 20, fullHeight: 20 });
    const [u, v] = [view.pixels[400]!, view.pixels[500]!];
    expect([u, v].map((value) => Math.round(value / 10))).toEqual([9, 24]); // BT.601: 90, 240
  });
  it('is gray by the weights of training', () => {
    const pixels = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 10, 10]);
    const gray = grayOf({ rgb: pixels, width: 4, height: 1, fullWidth: 4, fullHeight: 1 });
    expect([...gray.pixels]).toEqual([76, 150, 29, 10]);
  });
});
