/**
 * Is what the camera delivers a picture? Without any network, on the thread that receives the frames.
 *
 * In:  the luma plane of each frame of a device, with its time [ms].
 * Out: whether it is new, and what is wrong with it once that has lasted: black, without structure
 *      (covered, blinded), frozen. 768 points are looked at, about 0.01 ms a frame.
 */
import type { FrameFormat } from '../../hardware/camera/camera.ts';

/** What is to be said of the newest frame. */
export interface PictureCondition {
  /** It differs from the frame before; the first one has none before it. */
  readonly fresh: boolean;
  /** One sentence, `null` while all is well or it has not lasted. */
  readonly fault: string | null;
  /** The same picture for so long [ms] that the device must be opened anew; else `null`. */
  readonly frozenMs: number | null;
}

const COLUMNS = 32;
const ROWS = 24;
const POINTS = COLUMNS * ROWS;
/**
 * Luma spread below which there is no picture [share of full scale]. A quarter of what perception calls
 * covered when it finds no face (perceive.coveredContrastBelow): a dark cabin must not count (choice).
 */
const NO_STRUCTURE = 0.008;
/** Mean luma below which a picture without structure is called black: perceive.darkBelow [share of full scale]. */
const BLACK = 0.06;

const FINE: PictureCondition = { fresh: true, fault: null, frozenMs: null };

/** Watches the frames of one device, from opening to its end. */
export class PictureCheck {
  readonly #afterMs: number;
  #emptySinceMs: number | null = null;
  #frozenSinceMs = Number.NEGATIVE_INFINITY;
  #hash: number | null = null;
  /** Luma of the frame from which on the grid has not changed; empty until it repeats. */
  #kept = new Uint8Array(0);

  /** @param afterMs what lasts so long is said [ms] */
  constructor(afterMs: number) {
    this.#afterMs = afterMs;
  }

  /** Looks at one frame. */
  look(pixels: Uint8Array, format: FrameFormat, atMs: number): PictureCondition {
    const grid = readGrid(pixels, format);
    const isFirst = this.#hash === null;
    const isNew = this.#isNew(pixels.subarray(0, format.width * format.height), grid.hash);
    const fresh = isNew && !isFirst;
    if (isNew) this.#frozenSinceMs = atMs;
    if (grid.contrast < NO_STRUCTURE) {
      this.#emptySinceMs ??= atMs;
      if (atMs - this.#emptySinceMs < this.#afterMs) return fresh ? FINE : { ...FINE, fresh };
      return { fresh, fault: grid.brightness < BLACK ? DARK : EMPTY, frozenMs: null };
    }
    this.#emptySinceMs = null;
    if (isNew) return { ...FINE, fresh };
    const sameMs = atMs - this.#frozenSinceMs;
    const isFrozen = sameMs >= this.#afterMs;
    return { fresh, fault: null, frozenMs: isFrozen ? sameMs : null };
  }

  /** The grid answers for nearly every frame; only where it repeats are all pixels compared. */
  #isNew(luma: Uint8Array, hash: number): boolean {
    const sameGrid = hash === this.#hash;
    this.#hash = hash;
    if (!sameGrid) {
      this.#kept = new Uint8Array(0);
      return true;
    }
    if (this.#kept.length === luma.length && Buffer.compare(this.#kept, luma) !== 0) {
      this.#kept = luma.slice();
      return true;
    }
    if (this.#kept.length !== luma.length) this.#kept = luma.slice();
    return false;
  }
}

const DARK = 'the picture is black: is the lens covered, the light off or the infrared lamp out?';
const EMPTY = 'the picture shows nothing: is the lens covered or blinded?';

interface Grid {
  readonly brightness: number;
  readonly contrast: number;
  /** FNV-1a of the points. */
  readonly hash: number;
}

function readGrid(pixels: Uint8Array, { width, height, pixelFormat }: FrameFormat): Grid {
  const [black, span] = pixelFormat === 'gray8' ? [0, 255] : [16, 219];
  let sum = 0;
  let squares = 0;
  let hash = 0x811c9dc5;
  for (let row = 0; row < ROWS; row += 1) {
    const start = Math.floor(((row + 0.5) * height) / ROWS) * width;
    for (let column = 0; column < COLUMNS; column += 1) {
      const value = pixels[start + Math.floor(((column + 0.5) * width) / COLUMNS)]!;
      sum += value;
      squares += value * value;
      hash = Math.imul(hash ^ value, 0x01000193);
    }
  }
  const mean = sum / POINTS;
  const variance = Math.max(0, squares / POINTS - mean * mean);
  return { brightness: (mean - black) / span, contrast: Math.sqrt(variance) / span, hash };
}
