/**
 * Landmarks of one face: the attention mesh on a turned square of the picture.
 * Input: picture and region. Output: points in picture pixels and the network's opinion that this is a face.
 */
import type { Network } from '../../models/engines/engine.ts';
import { floatsOf } from '../../models/engines/engine.ts';
import { createCropper } from './crop.ts';
import type { PictureView } from './picture.ts';
import { toPicture } from './region.ts';
import type { Region } from './region.ts';

/**
 * Points in picture pixels; their order stands in models/face-mesh-points.ts. Left and right are the
 * driver's own. The arrays belong to the mesh and are overwritten by its next run.
 */
export interface FaceLandmarks {
  /** 468 x (x, y, z); z in the same scale as x, negative towards the camera. */
  readonly mesh: Float32Array;
  /** 71 x (x, y). */
  readonly rightEye: Float32Array;
  readonly leftEye: Float32Array;
  /** 80 x (x, y). */
  readonly lips: Float32Array;
  /** 5 x (x, y). */
  readonly rightIris: Float32Array;
  readonly leftIris: Float32Array;
  /** Is it a face? 0-1. */
  score: number;
  /** What the network looked at. */
  region: Region;
}

export interface FaceMesh {
  /** Runs the network once. */
  measure(picture: PictureView, region: Region): Promise<FaceLandmarks>;
}

/** Side of the network's input. */
export const MESH_SIDE = 192;

/** @param network `face-mesh` of models/manifest.ts */
export function createFaceMesh(network: Network): FaceMesh {
  const cropper = createCropper(MESH_SIDE, '0..1', 'edge');
  const feeds = { image: { data: cropper.data, dims: [1, 3, MESH_SIDE, MESH_SIDE] } };
  const landmarks: FaceLandmarks = {
    mesh: new Float32Array(468 * 3),
    rightEye: new Float32Array(71 * 2),
    leftEye: new Float32Array(71 * 2),
    lips: new Float32Array(80 * 2),
    rightIris: new Float32Array(5 * 2),
    leftIris: new Float32Array(5 * 2),
    score: 0,
    region: { centreX: 0, centreY: 0, side: 1, angleRad: 0 },
  };
  return {
    async measure(picture, region) {
      cropper.cut(picture, region);
      const outputs = await network.run(feeds);
      toPicture(floatsOf(outputs, 'mesh'), 3, MESH_SIDE, region, landmarks.mesh);
      for (const name of ['rightEye', 'leftEye', 'lips', 'rightIris', 'leftIris'] as const) {
        toPicture(floatsOf(outputs, name), 2, MESH_SIDE, region, landmarks[name]);
      }
      landmarks.score = 1 / (1 + Math.exp(-floatsOf(outputs, 'faceFlag')[0]!));
      landmarks.region = region;
      return landmarks;
    },
  };
}
