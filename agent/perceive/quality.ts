/**
 * What can be said of a picture without any network: dark, blurred, covered, frozen.
 * Input: the luma plane and the time of the frame. Output: FrameQuality; luma in shares of full scale.
 * 3,072 points of a coarse grid are looked at, each with its four neighbours: about 0.03 ms.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import type { FrameQuality } from './observation.ts';
import type { PictureView } from './picture.ts';

/** Watches one camera; remembers the picture before, for `frozen`. */
export interface QualityMeter {
  measure(picture: PictureView, atMs: number): FrameQuality;
  /** Another stream begins. */
  reset(): void;
}

export const GRID_COLUMNS = 64;
export const GRID_ROWS = 48;
const POINTS = GRID_COLUMNS * GRID_ROWS;

export function createQualityMeter(config: PerceiveConfig): QualityMeter {
  const freeze = new FreezeWatch();
  return {
    measure(picture, atMs) {
      const grid = readGrid(picture);
      const frozenMs = freeze.unchangedMs(picture, grid.hash, atMs);
      const dark = grid.brightness < config.darkBelow;
      return {
        brightness: grid.brightness,
        contrast: grid.contrast,
        sharpness: grid.sharpness,
        dark,
        // A dark picture is soft by nature; its edges say nothing about the lens.
        blurred: !dark && grid.sharpness < config.blurredBelow,
        covered: grid.contrast < config.coveredContrastBelow,
        frozen: frozenMs >= config.frozenAfterMs,
      };
    },
    reset: () => freeze.reset(),
  };
}

interface Grid {
  readonly brightness: number;
  readonly contrast: number;
  readonly sharpness: number;
  /** FNV-1a of all luma values that were looked at. */
  readonly hash: number;
}

/** A picture without any contrast has no sharpness either. */
const LEAST_VARIANCE = 1;
/** Variance that rounding to whole luma steps adds to the Laplacian: 1/12 times 16 + 4. */
const ROUNDING = 20 / 12;
/** Neighbours lie so far apart that a lens, not the number of pixels, decides about edges. */
const EDGE_PER_WIDTH = 1 / 640;

function readGrid({ pixels, width, height, pixelFormat }: PictureView): Grid {
  const step = Math.max(1, Math.round(width * EDGE_PER_WIDTH));
  const below = step * width;
  const black = pixelFormat === 'gray8' ? 0 : 16;
  const span = pixelFormat === 'gray8' ? 255 : 219;
  let sum = 0;
  let squares = 0;
  let edges = 0;
  let edgeSquares = 0;
  let hash = 0x811c9dc5;
  for (let row = 0; row < GRID_ROWS; row++) {
    const y = Math.min(Math.max(step, Math.floor(((row + 0.5) * height) / GRID_ROWS)), height - 1 - step);
    for (let column = 0; column < GRID_COLUMNS; column++) {
      const x = Math.min(
        Math.max(step, Math.floor(((column + 0.5) * width) / GRID_COLUMNS)),
        width - 1 - step,
      );
      const i = y * width + x;
      const value = pixels[i]!;
      const edge =
        4 * value - pixels[i - step]! - pixels[i + step]! - pixels[i - below]! - pixels[i + below]!;
      sum += value;
      squares += value * value;
      edges += edge;
      edgeSquares += edge * edge;
      hash = Math.imul(hash ^ value ^ (edge << 8), 0x01000193);
    }
  }
  const mean = sum / POINTS;
  const variance = Math.max(0, squares / POINTS - mean * mean);
  const edgeMean = edges / POINTS;
  return {
    brightness: Math.min(1, Math.max(0, (mean - black) / span)),
    contrast: Math.sqrt(variance) / span,
    sharpness:
      Math.max(0, edgeSquares / POINTS - edgeMean * edgeMean - ROUNDING) / Math.max(variance, LEAST_VARIANCE),
    hash,
  };
}

/**
 * Since when every pixel is the same. The hash of the grid answers for nearly every frame; only where it
 * repeats is the whole luma plane kept and compared, so that lids that move in a noiseless film count.
 */
class FreezeWatch {
  #hash: number | null = null;
  #sinceMs = 0;
  #kept = new Uint8Array(0);
  #isKept = false;

  unchangedMs(picture: PictureView, hash: number, atMs: number): number {
    const luma = picture.pixels.subarray(0, picture.width * picture.height);
    if (hash !== this.#hash) {
      this.#hash = hash;
      this.#begin(atMs);
    } else if (!this.#isKept) this.#keep(luma);
    else if (Buffer.compare(luma, this.#kept) !== 0) {
      this.#begin(atMs);
      this.#keep(luma);
    }
    return atMs - this.#sinceMs;
  }

  reset(): void {
    this.#hash = null;
  }

  #begin(atMs: number): void {
    this.#sinceMs = atMs;
    this.#isKept = false;
  }

  #keep(luma: Uint8Array): void {
    if (this.#kept.length !== luma.length) this.#kept = new Uint8Array(luma.length);
    this.#kept.set(luma);
    this.#isKept = true;
  }
}
