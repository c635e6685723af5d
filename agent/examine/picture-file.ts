/**
 * Picture files of any kind and size as RGB, upright, at most 2048 pixels a side.
 * Decoding is bounded in memory: large pictures are shrunk while they are read.
 */
import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import { grayOfRgb, packed, type GrayPicture } from '../../models/preprocess/gray-picture.ts';
import type { PictureView } from '../perceive/picture.ts';

/** A file that cannot be used; the message is one sentence that names it. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/** Interleaved, 3 bytes a pixel. */
export interface RgbPicture {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Size of the file's own picture, upright. */
  readonly fullWidth: number;
  readonly fullHeight: number;
}

/** Longest side that is kept [px]: faces from 3 % of it are found. */
const LONGEST_SIDE = 2048;
/** Read row by row and shrunk on the way (JPEG and PNG, not progressive): 25,000 x 25,000. */
const MOST_PIXELS_STREAMED = 625e6;
/** What must be unpacked whole. */
const MOST_PIXELS_WHOLE = 100e6;
/** Kinds that libvips reads row by row. */
const STREAMED = ['jpeg', 'png'];

/** @returns whether the file's content is a picture that can be decoded, whatever its name says */
export async function isPicture(file: string): Promise<boolean> {
  try {
    if (!(await stat(file)).isFile()) return false; // a device would be read for ever
    const { width, height } = await sharp(file, { limitInputPixels: false }).metadata();
    return width > 0 && height > 0;
  } catch {
    return false;
  }
}

/** @throws UnreadableFile in one sentence */
export async function readPicture(file: string): Promise<RgbPicture> {
  const full = await checkedSize(file);
  try {
    const { data, info } = await sharp(file, {
      limitInputPixels: false,
      sequentialRead: true,
      failOn: 'error',
    })
      .autoOrient()
      .resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const rgb = info.channels === 3 ? new Uint8Array(data) : tripled(data);
    return { rgb, width: info.width, height: info.height, ...full };
  } catch (cause) {
    throw new UnreadableFile(`${file} is a damaged picture: ${firstLine(cause)}`, { cause });
  }
}

async function checkedSize(file: string): Promise<Pick<RgbPicture, 'fullWidth' | 'fullHeight'>> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new UnreadableFile(`${file} cannot be opened (${codeOf(cause)})`, { cause });
  });
  if (!found.isFile()) throw new UnreadableFile(`${file} is not an ordinary file`);
  if (found.size === 0) throw new UnreadableFile(`${file} is empty (0 bytes)`);
  const picture = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new UnreadableFile(`${file} is no picture that can be read: ${firstLine(cause)}`, { cause });
    });
  const { width, height, format } = picture;
  const streamed = STREAMED.includes(format) && !picture.isProgressive;
  const most = streamed ? MOST_PIXELS_STREAMED : MOST_PIXELS_WHOLE;
  if (width * height > most) {
    const kind = streamed ? format : `${format} that must be unpacked whole`;
    throw new UnreadableFile(
      `${file} has ${width}x${height} pixels; a ${kind} may have ${most / 1e6} million at most`,
    );
  }
  return { fullWidth: picture.autoOrient.width, fullHeight: picture.autoOrient.height };
}

const tripled = (gray: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: gray.length * 3 }, (_, i) => gray[Math.floor(i / 3)]!);

/** What the networks for crops see. */
export function grayOf({ rgb, width, height }: RgbPicture): GrayPicture {
  const pixels = new Uint8Array(width * height);
  grayOfRgb(rgb, pixels);
  return packed(pixels, width, height);
}

/** What a camera would deliver: planes of BT.601, limited range; an odd last row or column is left out. */
export function viewOf(picture: RgbPicture): PictureView {
  const [width, height] = [picture.width & ~1, picture.height & ~1];
  const pixels = new Uint8Array((width * height * 3) / 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels[y * width + x] = luma(picture, x, y);
  }
  const quarter = (width * height) / 4;
  for (let y = 0, i = width * height; y < height; y += 2) {
    for (let x = 0; x < width; x += 2, i++) {
      const at = (y * picture.width + x) * 3;
      const [r, g, b] = [picture.rgb[at]!, picture.rgb[at + 1]!, picture.rgb[at + 2]!];
      pixels[i] = 128 - 0.148 * r - 0.291 * g + 0.439 * b + 0.5;
      pixels[i + quarter] = 128 + 0.439 * r - 0.368 * g - 0.071 * b + 0.5;
    }
  }
  return { pixels, width, height, pixelFormat: 'yuv420p' };
}

function luma({ rgb, width }: RgbPicture, x: number, y: number): number {
  const at = (y * width + x) * 3;
  return 16 + 0.257 * rgb[at]! + 0.504 * rgb[at + 1]! + 0.098 * rgb[at + 2]! + 0.5;
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown';
const firstLine = (cause: unknown): string => (cause as Error).message.split('\n')[0] ?? '';
