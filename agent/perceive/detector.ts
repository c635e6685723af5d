/**
 * Finds faces in a whole picture: BlazeFace (front, 128 x 128, or back, 256 x 256, for small ones).
 * Input: a picture. Output: faces with box, eyes and score, best first, in picture pixels.
 * The network sees the picture letterboxed in black, as it was trained (MediaPipe face_detection_front).
 */
import type { Network } from '../../models/engines/engine.ts';
import { floatsOf } from '../../models/engines/engine.ts';
import { createCropper } from './crop.ts';
import type { PictureView } from './picture.ts';
import type { Region } from './region.ts';
import { letterbox } from './region.ts';

/** A face as the detector sees it, picture pixels. */
export interface DetectedFace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** 0-1. */
  readonly score: number;
  /** Angle of the line from the eye on the picture's left to the one on its right. */
  readonly angleRad: number;
}

export interface Detector {
  /** Every face with at least the score, best first; empty when there is none. */
  detect(picture: PictureView): Promise<readonly DetectedFace[]>;
}

/** Side of the front network's input. */
export const DETECTOR_SIDE = 128;

/** How a still picture is looked at differently from a drive's. */
export interface DetectorView {
  /** Side of the network's input: 128 front, 256 back. */
  readonly side?: number;
  /** The picture is shown in a black frame, so many times as large: a face that fills it is found that way. */
  readonly frame?: number;
}
/** Boxes that overlap more belong to one face (MediaPipe: min_suppression_threshold 0.3). */
const SAME_FACE_OVERLAP = 0.3;
/** Numbers per anchor: x, y, width, height and six points; the first two are the eyes. */
const BOX_VALUES = 16;

/**
 * @param network BlazeFace: `image` [1,3,side,side] in -1..1 -> `scores` [1,896,1] (logits), `boxes` [1,896,16]
 * @param minScore score from which a box is a face, 0-1
 */
export function createDetector(network: Network, minScore: number, view: DetectorView = {}): Detector {
  const { side = DETECTOR_SIDE, frame = 1 } = view;
  const cropper = createCropper(side, '-1..1', 'black');
  const feeds = { image: { data: cropper.data, dims: [1, 3, side, side] } };
  return {
    async detect(picture) {
      const whole = letterbox(picture.width, picture.height);
      const region = { ...whole, side: whole.side * frame };
      cropper.cut(picture, region);
      const outputs = await network.run(feeds);
      const boxes = decodeFaces(floatsOf(outputs, 'scores'), floatsOf(outputs, 'boxes'), minScore, side);
      return mergeOverlapping(boxes).map((face) => toPicturePixels(face, region, side));
    },
  };
}

/** Middle of anchor `index` in network pixels: 16 x 16 cells with 2 anchors each, then 8 x 8 with 6. */
export function anchorCentre(
  index: number,
  side: number = DETECTOR_SIDE,
): { readonly x: number; readonly y: number } {
  const fine = index < 512;
  const cells = fine ? 16 : 8;
  const cell = fine ? index >> 1 : Math.floor((index - 512) / 6);
  const step = side / cells;
  return { x: ((cell % cells) + 0.5) * step, y: (Math.floor(cell / cells) + 0.5) * step };
}

/** Boxes in network pixels whose score reaches `minScore`, in anchor order. */
export function decodeFaces(
  logits: Float32Array,
  boxes: Float32Array,
  minScore: number,
  side: number = DETECTOR_SIDE,
): DetectedFace[] {
  const minLogit = Math.log(minScore / (1 - minScore));
  const faces: DetectedFace[] = [];
  for (let i = 0; i < logits.length; i++) {
    if (!(logits[i]! >= minLogit)) continue;
    const anchor = anchorCentre(i, side);
    const at = i * BOX_VALUES;
    const width = boxes[at + 2]!;
    const height = boxes[at + 3]!;
    faces.push({
      x: anchor.x + boxes[at]! - width / 2,
      y: anchor.y + boxes[at + 1]! - height / 2,
      width,
      height,
      score: 1 / (1 + Math.exp(-logits[i]!)),
      angleRad: Math.atan2(boxes[at + 7]! - boxes[at + 5]!, boxes[at + 6]! - boxes[at + 4]!),
    });
  }
  return faces;
}

/**
 * One face per group of overlapping boxes, as the mean weighted by score (MediaPipe: WEIGHTED
 * suppression): steadier than keeping the best box alone.
 */
export function mergeOverlapping(faces: readonly DetectedFace[]): DetectedFace[] {
  let rest = [...faces].sort((a, b) => b.score - a.score);
  const merged: DetectedFace[] = [];
  while (rest.length > 0) {
    const best = rest[0]!;
    const group = rest.filter((face) => face === best || overlap(face, best) > SAME_FACE_OVERLAP);
    rest = rest.filter((face) => !group.includes(face));
    merged.push(meanFace(group, best.score));
  }
  return merged;
}

function meanFace(group: readonly DetectedFace[], score: number): DetectedFace {
  const total = group.reduce((sum, face) => sum + face.score, 0);
  const mean = (of: (face: DetectedFace) => number) =>
    group.reduce((sum, face) => sum + of(face) * face.score, 0) / total;
  return {
    x: mean((f) => f.x),
    y: mean((f) => f.y),
    width: mean((f) => f.width),
    height: mean((f) => f.height),
    score,
    angleRad: Math.atan2(
      mean((f) => Math.sin(f.angleRad)),
      mean((f) => Math.cos(f.angleRad)),
    ),
  };
}

/** Shared area of two boxes / area of both together, 0-1. */
export function overlap(
  a: Pick<DetectedFace, 'x' | 'y' | 'width' | 'height'>,
  b: Pick<DetectedFace, 'x' | 'y' | 'width' | 'height'>,
): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

function toPicturePixels(face: DetectedFace, region: Region, side: number): DetectedFace {
  const scale = region.side / side;
  return {
    x: face.x * scale + region.centreX - region.side / 2,
    y: face.y * scale + region.centreY - region.side / 2,
    width: face.width * scale,
    height: face.height * scale,
    score: face.score,
    angleRad: face.angleRad,
  };
}
