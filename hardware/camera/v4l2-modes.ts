/**
 * What a V4L2 camera offers, and which of it fits best.
 *
 * In:  the lists that `v4l2-ctl --list-formats-ext` and `ffmpeg -f v4l2 -list_formats all` print; the
 *      wanted size [px] and rate [1/s].
 * Out: one mode to ask for, or `null` where nothing is known: the driver of the device then decides.
 */
import { CAMERA_FORMATS, type CameraConfig } from '../../config/schema/capture.ts';
import type { Size } from './geometry.ts';

export type CameraFormat = (typeof CAMERA_FORMATS)[number];

/** What is offered from the first to the second value, both included. */
type Range = readonly [number, number];

/** One format at one size, or at any size within a range. */
export interface OfferedMode {
  readonly format: CameraFormat;
  readonly width: Range;
  readonly height: Range;
  /** Rates [1/s]; `null` = not told (ffmpeg's list has none). */
  readonly rates: readonly Range[] | null;
}

/** What to ask for. */
export interface ChosenMode extends Size {
  readonly format: CameraFormat;
  readonly fps: number;
}

export type Wanted = Pick<CameraConfig, 'width' | 'height' | 'fps' | 'pixelFormat' | 'inputFormat'>;

/** What the isochronous endpoint of USB 2 carries at most: 24.576 MB/s; less is always possible [bytes/s]. */
const USB2_BYTES_PER_S = 24_000_000;
/** 29.97 does for 30. */
const NEARLY = 0.98;

const BYTES_PER_PIXEL: Record<CameraFormat, number> = {
  yuyv422: 2,
  uyvy422: 2,
  nv12: 1.5,
  yuv420p: 1.5,
  gray: 1,
  mjpeg: 0.25,
};

/**
 * The best of what is offered. In this order: it reaches the wanted rate (blinks are lost below it), it
 * covers the wanted size, it has the fewest pixels, it needs no decoding, its rate is the lowest that
 * does (longer exposure in the dark, less work).
 */
export function chooseMode(offered: readonly OfferedMode[], wanted: Wanted): ChosenMode | null {
  const candidates = offered
    .filter(({ format }) => wanted.inputFormat === 'auto' || format === wanted.inputFormat)
    .map((mode) => candidate(mode, wanted));
  candidates.sort((a, b) => compare(a.rank, b.rank));
  return candidates[0]?.mode ?? null;
}

interface Candidate {
  readonly mode: ChosenMode;
  /** Compared from the first to the last; smaller is better. */
  readonly rank: readonly number[];
}

function candidate({ format, width, height, rates }: OfferedMode, wanted: Wanted): Candidate {
  const size = { width: within(width, wanted.width), height: within(height, wanted.height) };
  const area = size.width * size.height;
  const bearable = USB2_BYTES_PER_S / (area * BYTES_PER_PIXEL[format]);
  const fps = rateNear(rates ?? [[0, bearable]], wanted.fps);
  const reaches = fps >= wanted.fps * NEARLY;
  const covers = size.width >= wanted.width && size.height >= wanted.height;
  const order = wanted.pixelFormat === 'gray8' ? GRAY_FIRST : COLOUR_FIRST;
  return {
    mode: { ...size, format, fps },
    rank: [reaches ? 0 : 1, reaches ? 0 : -fps, covers ? 0 : 1, covers ? area : -area, order(format), fps],
  };
}

const COLOUR_FIRST = (format: CameraFormat): number =>
  format === 'gray' ? 9 : CAMERA_FORMATS.indexOf(format);
const GRAY_FIRST = (format: CameraFormat): number =>
  format === 'gray' ? -1 : CAMERA_FORMATS.indexOf(format);

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, n) => value !== b[n]);
  return at === -1 ? 0 : a[at]! - b[at]!;
}

function within([least, most]: Range, wanted: number): number {
  return Math.min(most, Math.max(least, wanted));
}

/** The lowest offered rate that does, else the highest. */
function rateNear(rates: readonly Range[], wanted: number): number {
  const enough = rates.filter(([, most]) => most >= wanted * NEARLY);
  if (enough.length === 0) return Math.max(0, ...rates.map(([, most]) => most));
  return Math.min(...enough.map((range) => within(range, wanted)));
}

const FOURCC: Readonly<Record<string, CameraFormat>> = {
  YUYV: 'yuyv422',
  UYVY: 'uyvy422',
  NV12: 'nv12',
  YU12: 'yuv420p',
  GREY: 'gray',
  MJPG: 'mjpeg',
  JPEG: 'mjpeg',
};

/** Reads `v4l2-ctl --list-formats-ext`; formats that we do not take (H264, Bayer) are left out. */
export function parseV4l2Ctl(text: string): OfferedMode[] {
  const modes: { format: CameraFormat; width: Range; height: Range; rates: Range[] }[] = [];
  let format: CameraFormat | undefined;
  for (const line of text.split('\n')) {
    const fourcc = /^\s*\[\d+\]: '(.{4})'/.exec(line)?.[1];
    if (fourcc !== undefined) format = FOURCC[fourcc];
    const size = /Size: (?:Discrete|Continuous|Stepwise) (\d+)x(\d+)(?: - (\d+)x(\d+))?/.exec(line);
    if (size !== null && format !== undefined) {
      const [w0, h0, w1, h1] = size.slice(1).map(Number);
      modes.push({ format, width: [w0!, w1 || w0!], height: [h0!, h1 || h0!], rates: [] });
    }
    const rate = /Interval: .*\(([\d.]+)(?:-([\d.]+))? fps\)/.exec(line);
    if (rate !== null && format !== undefined) {
      const [low, high] = rate.slice(1).map(Number);
      modes.at(-1)?.rates.push([low!, high || low!]);
    }
  }
  return modes.map((mode) => (mode.rates.length === 0 ? { ...mode, rates: null } : mode));
}

/** Reads `ffmpeg -f v4l2 -list_formats all`: sizes without rates. */
export function parseFfmpegList(text: string): OfferedMode[] {
  return text.split('\n').flatMap((line) => {
    const [, name, sizes] = /(?:Raw|Compressed) *: *(\w+) :.*? : (.*)$/.exec(line) ?? [];
    const format = CAMERA_FORMATS.find((known) => known === name);
    if (format === undefined || sizes === undefined) return [];
    return [...sizes.matchAll(/\{(\d+)-(\d+), \d+\}\/\{(\d+)-(\d+), \d+\}|(\d+)x(\d+)/g)].map((match) => {
      const [w0, w1, h0, h1, w, h] = match.slice(1).map(Number);
      const discrete = match[5] !== undefined;
      const width: Range = discrete ? [w!, w!] : [w0!, w1!];
      return { format, width, height: discrete ? [h!, h!] : [h0!, h1!], rates: null };
    });
  });
}
