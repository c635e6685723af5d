/**
 * A box that may lie askew, cut out of a gray picture and set upright.
 * Units: picture pixels (origin: top left corner of the top left pixel), radians.
 */
import { packed, type GrayPicture } from './gray-picture.ts';

/** Centred box, turned by `angleRad` (positive = clockwise on the screen). */
export interface TurnedBox {
  readonly centreX: number;
  readonly centreY: number;
  readonly width: number;
  readonly height: number;
  readonly angleRad: number;
}

/** Cuts boxes; keeps its buffer between calls. */
export interface BoxCutter {
  /**
   * About as many pixels as the box has in the picture (fewer beyond `longest`), between four neighbours
   * interpolated; outside of the picture its edge goes on. Overwritten by the next cut.
   */
  cut(picture: GrayPicture, box: TurnedBox): GrayPicture;
}

/** @param longest most pixels of a cut's side: enough for the network's own shrinking to average over */
export function createBoxCutter(longest: number): BoxCutter {
  const pixels = new Uint8Array(longest * longest);
  return {
    cut(picture, box) {
      const scale = Math.min(1, longest / Math.max(box.width, box.height));
      const width = Math.max(1, Math.round(box.width * scale));
      const height = Math.max(1, Math.round(box.height * scale));
      const stepX = box.width / width;
      const stepY = box.height / height;
      const cos = Math.cos(box.angleRad);
      const sin = Math.sin(box.angleRad);
      for (let v = 0; v < height; v++) {
        const down = (v + 0.5) * stepY - box.height / 2;
        for (let u = 0; u < width; u++) {
          const right = (u + 0.5) * stepX - box.width / 2;
          const x = box.centreX + right * cos - down * sin - 0.5;
          const y = box.centreY + right * sin + down * cos - 0.5;
          pixels[v * width + u] = levelAt(picture, x, y);
        }
      }
      return packed(pixels, width, height);
    },
  };
}

/** @param x, y from the middle of the first pixel */
function levelAt({ pixels, width, height, stride }: GrayPicture, x: number, y: number): number {
  const insideX = Math.min(width - 1, Math.max(0, x));
  const insideY = Math.min(height - 1, Math.max(0, y));
  const left = Math.min(width - 2, Math.floor(insideX));
  const top = Math.min(height - 2, Math.floor(insideY));
  const fx = insideX - left;
  const fy = insideY - top;
  const at = top * stride + left;
  const above = pixels[at]! * (1 - fx) + pixels[at + 1]! * fx;
  const below = pixels[at + stride]! * (1 - fx) + pixels[at + stride + 1]! * fx;
  return Math.round(above * (1 - fy) + below * fy);
}
