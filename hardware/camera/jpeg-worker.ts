/**
 * Decodes JPEG shots in a thread of its own: the main thread loads no picture library.
 *
 * In (messages): a JPEG, the size [px] and layout it shall have. Out: the raw planes, packed, or what was
 * wrong with it in one sentence. A shot of another shape fills the size and is cut, never squeezed.
 */
import { parentPort } from 'node:worker_threads';
import sharp from 'sharp';
import type { PixelFormat } from './camera.ts';

export interface JpegRequest {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: PixelFormat;
}

export type JpegReply = { readonly pixels: Uint8Array } | { readonly fault: string };

/** One shot at a time, a few a second: more threads and a cache would only cost memory. */
sharp.concurrency(1);
sharp.cache(false);

parentPort?.on('message', (request: JpegRequest) => {
  void decode(request).then((reply) => parentPort?.postMessage(reply));
});

async function decode({ jpeg, width, height, pixelFormat }: JpegRequest): Promise<JpegReply> {
  try {
    const picture = sharp(jpeg).resize(width, height, { fit: 'cover' }).toColourspace('srgb').removeAlpha();
    const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
    const colour = { data, channels: info.channels, width, height };
    return { pixels: pixelFormat === 'gray8' ? grayOf(colour) : yuvOf(colour) };
  } catch (error) {
    return { fault: `the shot is no readable JPEG: ${String(error).split('\n')[0] ?? ''}` };
  }
}

interface Colours {
  readonly data: Uint8Array;
  /** 3, or 1 for a grey JPEG. */
  readonly channels: number;
  readonly width: number;
  readonly height: number;
}

/** Red, green and blue of a pixel are at these offsets. */
const offsets = (channels: number): readonly [number, number, number] =>
  channels < 3 ? [0, 0, 0] : [0, 1, 2];

/** Full range; the weights of BT.601 in 1/256. */
function grayOf({ data, channels, width, height }: Colours): Uint8Array {
  const [r, g, b] = offsets(channels);
  const gray = new Uint8Array(width * height);
  for (let n = 0, at = 0; n < gray.length; n += 1, at += channels)
    gray[n] = (77 * data[at + r]! + 150 * data[at + g]! + 29 * data[at + b]! + 128) >> 8;
  return gray;
}

/** BT.601, limited range, in 1/256; a chroma sample is the mean of its four pixels. */
function yuvOf({ data, channels, width, height }: Colours): Uint8Array {
  const [r, g, b] = offsets(channels);
  const luma = width * height;
  const [chromaWidth, chromaHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const out = new Uint8Array(luma + 2 * chromaWidth * chromaHeight);
  for (let n = 0, at = 0; n < luma; n += 1, at += channels)
    out[n] = 16 + ((66 * data[at + r]! + 129 * data[at + g]! + 25 * data[at + b]! + 128) >> 8);
  const sumAt = (x: number, y: number, channel: number) => {
    const right = x + 1 < width ? channels : 0;
    const below = y + 1 < height ? width * channels : 0;
    const at = (y * width + x) * channels + channel;
    return data[at]! + data[at + right]! + data[at + below]! + data[at + below + right]!;
  };
  for (let y = 0, n = luma; y < height; y += 2) {
    for (let x = 0; x < width; x += 2, n += 1) {
      const [red, green, blue] = [sumAt(x, y, r), sumAt(x, y, g), sumAt(x, y, b)];
      out[n] = 128 + ((-38 * red - 74 * green + 112 * blue + 512) >> 10);
      out[n + chromaWidth * chromaHeight] = 128 + ((112 * red - 94 * green - 18 * blue + 512) >> 10);
    }
  }
  return out;
}
