/**
 * Where the pixels lie in a raw frame as a program writes it: rows may be padded, wider than wanted, or
 * carry colour that nobody asked for.
 *
 * In:  size of the visible picture [px]. Out: first byte and row length of each plane [bytes].
 */
import type { PixelFormat } from './camera.ts';
import type { Size } from './geometry.ts';

/** One plane. */
export interface RawPlane {
  /** Byte of the first visible pixel, from the start of the frame. */
  readonly start: number;
  /** From one row to the next [bytes]. */
  readonly stride: number;
}

/** One frame in the stream. */
export interface RawLayout {
  /** Bytes of a whole frame, padding included. */
  readonly bytes: number;
  readonly luma: RawPlane;
  /** U and V; `null` where they are not wanted or not there. */
  readonly chroma: readonly [RawPlane, RawPlane] | null;
  /** Luma runs from 16 to 235 and is to be stretched to 0-255 (gray8 out of a video format). */
  readonly stretch: boolean;
}

/** No padding at all: the layout of `FrameFormat`; odd sizes have rounded-up chroma, as in ffmpeg. */
export function packedLayout({ width, height }: Size, pixelFormat: PixelFormat): RawLayout {
  if (pixelFormat === 'gray8') {
    return { bytes: width * height, luma: { start: 0, stride: width }, chroma: null, stretch: false };
  }
  return i420Layout({ width, height }, width, Math.ceil(width / 2), 0, pixelFormat);
}

/**
 * Planar YUV 4:2:0 with padded rows.
 * @param stride, chromaStride bytes from row to row. @param leftPx columns left out at the left, even.
 */
export function i420Layout(
  { height }: Size,
  stride: number,
  chromaStride: number,
  leftPx: number,
  pixelFormat: PixelFormat,
): RawLayout {
  const rows = Math.ceil(height / 2);
  const u = stride * height;
  const v = u + chromaStride * rows;
  const chroma = (start: number): RawPlane => ({ start: start + leftPx / 2, stride: chromaStride });
  const gray = pixelFormat === 'gray8';
  return {
    bytes: v + chromaStride * rows,
    luma: { start: leftPx, stride },
    chroma: gray ? null : [chroma(u), chroma(v)],
    stretch: gray,
  };
}

/**
 * Raspberry Pi cameras: rows are multiples of 64 bytes on the Pi 4 (rpicam-apps issue 188: 780 px came as
 * 832). The next multiple of 64 is therefore asked for, which is unpadded, and the middle of it taken.
 */
export const PI_ROW_BYTES = 64;

/** Width to ask a Raspberry Pi camera for [px]. */
export function piWidth(width: number): number {
  return roundUp(width, PI_ROW_BYTES);
}

export function piLayout(size: Size, pixelFormat: PixelFormat): RawLayout {
  const asked = piWidth(size.width);
  const leftPx = Math.floor((asked - size.width) / 4) * 2;
  return i420Layout(size, asked, asked / 2, leftPx, pixelFormat);
}

/** GStreamer's I420: rows are multiples of 4 bytes, odd heights are rounded up to even (its "Raw Video Media Types"). */
export function gstreamerLayout(size: Size, pixelFormat: PixelFormat): RawLayout {
  const rows = { width: size.width, height: roundUp(size.height, 2) };
  const chromaStride = roundUp(roundUp(size.width, 2) / 2, 4);
  return i420Layout(rows, roundUp(size.width, 4), chromaStride, 0, pixelFormat);
}

function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
