/**
 * All faces of a still picture, largest first.
 *
 *   picture -> both detectors (front, back) -> [none: again in a black frame] -> mesh, twice -> faces
 *
 * A drive follows one face with the front detector; a still picture is looked at once, so more is tried.
 */
import type { InferenceEngine } from '../../models/engines/engine.ts';
import { leanOf } from '../../models/preprocess/face-boxes.ts';
import { createDetector, mergeOverlapping, overlap, type DetectedFace } from '../perceive/detector.ts';
import { fitHead } from '../perceive/head-pose.ts';
import { createFaceMesh, type FaceLandmarks, type FaceMesh } from '../perceive/mesh.ts';
import type { PictureView } from '../perceive/picture.ts';
import { regionAround, type Region } from '../perceive/region.ts';

/** Picture pixels. */
export interface FoundFace {
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** The mesh's opinion that it is a face, 0-1. */
  readonly score: number;
  readonly angleRad: number;
  /** Of this face alone: not overwritten by the next. */
  readonly landmarks: Pick<FaceLandmarks, 'mesh' | 'rightEye' | 'leftEye' | 'lips'>;
}

export interface FaceFinder {
  find(picture: PictureView): Promise<readonly FoundFace[]>;
  close(): Promise<void>;
}

export interface FaceFinderOptions {
  readonly engine: InferenceEngine;
  /** Absolute paths. */
  readonly files: Readonly<Record<'blazeface' | 'blazeface-back' | 'face-mesh', string>>;
  /** Detector score from which a box is a face. */
  readonly minFaceScore: number;
  /** Mesh score from which it is one. */
  readonly minMeshScore: number;
  /** Side of the mesh's square / longer side of the face's box. */
  readonly regionScale: number;
}

const BACK_SIDE = 256;
/** A picture cut as tightly as FER2013's shows a face in which the detectors see none: they want surroundings. */
const FRAME = 1.6;
/** Two boxes that share more are one face. */
const SAME_FACE_OVERLAP = 0.3;
/** Landmarks that fit no rigid face by this much are none (agent/perceive/face-track.ts). */
const NO_FACE_RESIDUAL_CM = 1;
/** Smaller pictures show no face that can be measured [px]. */
const LEAST_SIDE = 16;
const RIGHT_EYE_OUTER = 33;
const LEFT_EYE_OUTER = 263;

export async function createFaceFinder(options: FaceFinderOptions): Promise<FaceFinder> {
  const { engine, files, minFaceScore } = options;
  const networks = await Promise.all(
    (['blazeface', 'blazeface-back', 'face-mesh'] as const).map((name) => engine.load(files[name])),
  );
  const [front, back, meshNetwork] = networks as [
    (typeof networks)[0],
    (typeof networks)[0],
    (typeof networks)[0],
  ];
  const first = [
    createDetector(front, minFaceScore),
    createDetector(back, minFaceScore, { side: BACK_SIDE }),
  ];
  const framed = [
    createDetector(front, minFaceScore, { frame: FRAME }),
    createDetector(back, minFaceScore, { side: BACK_SIDE, frame: FRAME }),
  ];
  const mesh = createFaceMesh(meshNetwork);
  const measured = async (picture: PictureView, detectors: typeof first) => {
    const boxes: DetectedFace[] = [];
    for (const detector of detectors) boxes.push(...(await detector.detect(picture)));
    const faces: FoundFace[] = [];
    for (const box of mergeOverlapping(boxes)) {
      const face = await measure(mesh, picture, box, options);
      if (face !== null && faces.every((other) => overlap(face.box, other.box) <= SAME_FACE_OVERLAP))
        faces.push(face);
    }
    return faces.sort((a, b) => b.box.height - a.box.height);
  };
  return {
    async find(picture) {
      if (Math.min(picture.width, picture.height) < LEAST_SIDE) return [];
      const faces = await measured(picture, first);
      return faces.length > 0 ? faces : await measured(picture, framed);
    },
    async close() {
      await Promise.all(networks.map((network) => network.close()));
    },
  };
}

async function measure(
  mesh: FaceMesh,
  picture: PictureView,
  box: DetectedFace,
  { regionScale, minMeshScore }: FaceFinderOptions,
): Promise<FoundFace | null> {
  const region: Region = {
    centreX: box.x + box.width / 2,
    centreY: box.y + box.height / 2,
    side: Math.max(box.width, box.height) * regionScale,
    angleRad: box.angleRad,
  };
  const rough = await mesh.measure(picture, region);
  if (rough.score < minMeshScore) return null;
  // The second look has the region that a followed face would have.
  const seen = await mesh.measure(
    picture,
    regionAround(rough.mesh, RIGHT_EYE_OUTER, LEFT_EYE_OUTER, regionScale),
  );
  if (seen.score < minMeshScore || fitHead(seen.mesh).residualCm > NO_FACE_RESIDUAL_CM) return null;
  const [copied, rightEye, leftEye, lips] = [seen.mesh, seen.rightEye, seen.leftEye, seen.lips].map(
    (points) => points.slice(),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const landmarks = { mesh: copied, rightEye, leftEye, lips };
  return { box: boundsOf(copied), score: seen.score, angleRad: leanOf(copied), landmarks };
}

function boundsOf(mesh: Float32Array): FoundFace['box'] {
  const xs = mesh.filter((_, i) => i % 3 === 0);
  const ys = mesh.filter((_, i) => i % 3 === 1);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
