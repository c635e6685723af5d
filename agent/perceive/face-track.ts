/**
 * From picture to the driver's landmarks, frame after frame.
 *
 *   picture --(no region)--> detector --> driver's face --> region
 *      |                                                      |
 *      +----------------------> mesh <------------------------+
 *                                |   ^
 *                landmarks ------+   |  FEEDBACK EDGE: the next region comes from these landmarks
 *                                +---+
 *
 * The detector runs only while no face is tracked, and now and then to see whether the tracked square
 * still holds the driver: a mesh that has slid off keeps on drawing faces.
 * Units: picture pixels, milliseconds of the capture clock.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import type { DetectedFace, Detector } from './detector.ts';
import { overlap } from './detector.ts';
import { chooseDriver } from './driver-face.ts';
import { fitHead } from './head-pose.ts';
import type { HeadFit } from './head-pose.ts';
import type { FaceLandmarks, FaceMesh } from './mesh.ts';
import type { PictureView } from './picture.ts';
import { regionAround } from './region.ts';
import type { Region } from './region.ts';

/** Counters since the start. */
export interface TrackStats {
  /** Runs of the detector. */
  detections: number;
  /** Runs of the mesh. */
  meshes: number;
  /** Times that a tracked face was given up. */
  lost: number;
}

export interface TrackedFace {
  readonly landmarks: FaceLandmarks;
  readonly head: HeadFit;
}

export interface FaceTrack {
  /** The driver in this picture, `null` if there is none. */
  find(picture: PictureView, atMs: number): Promise<TrackedFace | null>;
  /** Forget the tracked face: the next picture is searched as a whole. */
  lose(): void;
  readonly stats: Readonly<TrackStats>;
}

/** Outer corners of the eyes in the mesh: the line that shall lie level. */
const RIGHT_EYE_OUTER = 33;
const LEFT_EYE_OUTER = 263;
/** Landmarks that fit no rigid face by this much are drawn into a headrest (measured: faces <= .5). */
const NO_FACE_RESIDUAL_CM = 1;
/** A smaller square holds no face that can be measured. */
const LEAST_SIDE_PX = 32;
/** The tracked face and the detector's are the same one from this overlap on (boxes differ in extent). */
const SAME_FACE_OVERLAP = 0.1;

export function createFaceTrack(detector: Detector, mesh: FaceMesh, config: PerceiveConfig): FaceTrack {
  const stats: TrackStats = { detections: 0, meshes: 0, lost: 0 };
  let region: Region | null = null; // the feedback edge
  let detectedMs = -Infinity;

  const detect = async (picture: PictureView, atMs: number) => {
    detectedMs = atMs;
    stats.detections++;
    return detector.detect(picture);
  };
  const measure = async (picture: PictureView, from: Region): Promise<TrackedFace | null> => {
    stats.meshes++;
    const landmarks = await mesh.measure(picture, from);
    if (landmarks.score < config.minTrackScore) return null;
    const next = regionAround(landmarks.mesh, RIGHT_EYE_OUTER, LEFT_EYE_OUTER, config.regionScale);
    const head = fitHead(landmarks.mesh);
    if (!isPlausible(next, head, picture)) return null;
    region = next;
    return { landmarks, head };
  };
  const search = async (picture: PictureView, atMs: number): Promise<TrackedFace | null> => {
    if (atMs - detectedMs < config.detectEveryMs) return null;
    const driver = chooseDriver(await detect(picture, atMs), config.seat);
    return driver && measure(picture, regionOf(driver, config));
  };

  return {
    stats,
    async find(picture, atMs) {
      if (region !== null && atMs - detectedMs >= config.verifyEveryMs) {
        region = reseat(region, await detect(picture, atMs), config);
      }
      if (region === null) return search(picture, atMs);
      const tracked = await measure(picture, region);
      if (tracked !== null) return tracked;
      region = null;
      stats.lost++;
      return search(picture, atMs);
    },
    lose() {
      region = null;
      detectedMs = -Infinity;
    },
  };
}

/** Where the mesh looks first after a detection (MediaPipe: the box x 1.5, level eyes). */
function regionOf(face: DetectedFace, config: PerceiveConfig): Region {
  return {
    centreX: face.x + face.width / 2,
    centreY: face.y + face.height / 2,
    side: Math.max(face.width, face.height) * config.regionScale,
    angleRad: face.angleRad,
  };
}

function isPlausible(region: Region, head: HeadFit, picture: PictureView): boolean {
  return (
    region.side >= LEAST_SIDE_PX &&
    head.residualCm <= NO_FACE_RESIDUAL_CM &&
    region.centreX > 0 &&
    region.centreY > 0 &&
    region.centreX < picture.width &&
    region.centreY < picture.height
  );
}

/**
 * Stays with the tracked face unless the detector sees the driver elsewhere: another seat's face when the
 * seat is configured, any other face when it does not see the tracked one at all. A detector that sees
 * nothing proves nothing: the mesh follows darker and more turned faces than it does.
 */
function reseat(tracked: Region, faces: readonly DetectedFace[], config: PerceiveConfig): Region {
  const driver = chooseDriver(faces, config.seat);
  if (driver === null) return tracked;
  const side = tracked.side / config.regionScale;
  const box = { x: tracked.centreX - side / 2, y: tracked.centreY - side / 2, width: side, height: side };
  const isTracked = (face: DetectedFace) => overlap(face, box) >= SAME_FACE_OVERLAP;
  const stays = config.seat === 'any' ? faces.some(isTracked) : isTracked(driver);
  return stays ? tracked : regionOf(driver, config);
}
