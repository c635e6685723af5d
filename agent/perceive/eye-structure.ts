/**
 * Does the picture show an eye where the mesh says there is one?
 * Input: the luma plane and the 71 points of an eye in picture pixels. Output: how dark the darkest spot
 * between the lids is against the skin below, and that skin against the cheek.
 *
 * An open eye has a pupil, a closed one a line of lashes: both are much darker than the skin around.
 * Reflections, a hand and dark lenses are not, though the mesh draws an eye there all the same.
 */
import { EYE } from '../../models/face-mesh-points.ts';
import type { PictureView } from './picture.ts';

/** Luma ratios; black is 0. */
export interface EyeStructure {
  /** Darkest luma between the lids / mean luma of the skin below: about .2-.5 where an eye is seen. */
  readonly darkest: number;
  /** Skin right below the eye / cheek: about .5-.9, below .4 behind dark lenses. */
  readonly socket: number;
  /** Mean luma of the cheek, 0-1. */
  readonly cheek: number;
}

/** Lid pairs 2 to 6 of 7: the outermost lie in the corners, which are dark by themselves. */
const MIDDLE_PAIRS = EYE.lidPairs.slice(1, 6);
/** The outer two of the three lines lie so far off the middle, as a share of the opening ... */
const OFF_MIDDLE = 0.2;
/** ... but at least this share of the eye's width, for closed eyes. */
const LEAST_OFFSET = 0.016;
/** Lower edge of the second ring without its corners: skin right below the lower lid. */
const SKIN_BELOW = EYE.secondRing.slice(1, 8);
/** Luma differences are measured against at least this much, or a black picture would divide by noise. */
const LEAST_LUMA = 4;

/** @param cheek mesh indices of points on the cheek of that side; @param mesh 468 x 3, picture pixels */
export function eyeStructure(
  picture: PictureView,
  eye: Float32Array,
  mesh: Float32Array,
  cheek: readonly number[],
): EyeStructure {
  const below = meanAt(picture, eye, 2, SKIN_BELOW);
  const skin = meanAt(picture, mesh, 3, cheek);
  return {
    darkest: darkestBetweenLids(picture, eye) / Math.max(below, LEAST_LUMA),
    socket: below / Math.max(skin, LEAST_LUMA),
    cheek: skin / whiteOf(picture),
  };
}

/**
 * The lowest luma on three lines between the lids, looked at between the pairs of points too: the points
 * are a pixel or two off at times, and a pupil or a line of lashes is not much more than that.
 */
function darkestBetweenLids(picture: PictureView, eye: Float32Array): number {
  const cornerX = eye[EYE.innerCorner * 2]! - eye[EYE.outerCorner * 2]!;
  const cornerY = eye[EYE.innerCorner * 2 + 1]! - eye[EYE.outerCorner * 2 + 1]!;
  const leastPx = LEAST_OFFSET * Math.hypot(cornerX, cornerY);
  let darkest = Infinity;
  for (let half = 0; half < 2 * MIDDLE_PAIRS.length - 1; half++) {
    const a = MIDDLE_PAIRS[half >> 1]!;
    const b = MIDDLE_PAIRS[(half + 1) >> 1]!;
    const upperX = (eye[a[0] * 2]! + eye[b[0] * 2]!) / 2;
    const upperY = (eye[a[0] * 2 + 1]! + eye[b[0] * 2 + 1]!) / 2;
    const lowerX = (eye[a[1] * 2]! + eye[b[1] * 2]!) / 2;
    const lowerY = (eye[a[1] * 2 + 1]! + eye[b[1] * 2 + 1]!) / 2;
    const x = (upperX + lowerX) / 2;
    const y = (upperY + lowerY) / 2;
    let offX = OFF_MIDDLE * (lowerX - upperX);
    let offY = OFF_MIDDLE * (lowerY - upperY);
    if (Math.hypot(offX, offY) < leastPx) {
      offX = 0;
      offY = leastPx;
    }
    darkest = Math.min(
      darkest,
      lumaAt(picture, x, y),
      lumaAt(picture, x - offX, y - offY),
      lumaAt(picture, x + offX, y + offY),
    );
  }
  return darkest;
}

function meanAt(
  picture: PictureView,
  points: Float32Array,
  stride: 2 | 3,
  indices: readonly number[],
): number {
  let sum = 0;
  for (const index of indices) sum += lumaAt(picture, points[index * stride]!, points[index * stride + 1]!);
  return sum / indices.length;
}

/** Luma above black, interpolated, of picture coordinates (pixel centres lie at .5); the edge repeats. */
function lumaAt({ pixels, width, height, pixelFormat }: PictureView, x: number, y: number): number {
  const left = Math.min(Math.max(x - 0.5, 0), width - 1.001);
  const top = Math.min(Math.max(y - 0.5, 0), height - 1.001);
  const column = Math.floor(left);
  const row = Math.floor(top);
  const fx = left - column;
  const fy = top - row;
  const i = row * width + column;
  const upper = pixels[i]! * (1 - fx) + pixels[i + 1]! * fx;
  const lower = pixels[i + width]! * (1 - fx) + pixels[i + width + 1]! * fx;
  return Math.max(0, upper * (1 - fy) + lower * fy - (pixelFormat === 'gray8' ? 0 : 16));
}

const whiteOf = ({ pixelFormat }: PictureView) => (pixelFormat === 'gray8' ? 255 : 219);
