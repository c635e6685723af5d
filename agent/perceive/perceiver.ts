/**
 * One picture becomes one observation of the driver's face.
 *
 *   picture -> quality -> face-track (detector | mesh) -> head-pose -> eyes, mouth, gaze -> FaceSeen | NoFace
 *                                                           eye-state, mouth-state: now and then
 *
 * Runs in the perceive worker; remembers the tracked face, the lids and what covers the eyes, so frames
 * must come in the order of time. The same frames give the same observations, to the last bit.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import type { InferenceEngine } from '../../models/engines/engine.ts';
import type { FaceAffect } from './affect.ts';
import { createDetector } from './detector.ts';
import type { EyeStates } from './eye-state.ts';
import { createEyes } from './eyes.ts';
import { createFaceTrack } from './face-track.ts';
import type { TrackStats } from './face-track.ts';
import { measureGaze } from './gaze.ts';
import { createFaceMesh } from './mesh.ts';
import type { MouthStates } from './mouth-state.ts';
import { measureMouth } from './mouth.ts';
import type { FaceBox, FaceSeen, NoFace } from './observation.ts';
import { checkPicture } from './picture.ts';
import type { PictureView } from './picture.ts';
import { createQualityMeter } from './quality.ts';

export interface PerceiverOptions {
  readonly engine: InferenceEngine;
  /** Absolute paths of the networks. */
  readonly files: Readonly<Record<'blazeface' | 'face-mesh', string>>;
  readonly config: PerceiveConfig;
  /** Reads what the face expresses; left out or `null` = nothing does. */
  readonly affect?: FaceAffect | null;
  /** Ask the eye and the mouth network; left out or `null` = the landmarks decide alone. */
  readonly states?: { readonly eyes: EyeStates | null; readonly mouth: MouthStates | null };
}

export interface Perceiver {
  /**
   * What is to be seen at `atMs` (monotonic milliseconds). One call at a time. A time that goes back is
   * another stream: nothing of what was seen before counts.
   * @throws Error in one sentence when the picture is not what it claims to be
   */
  face(picture: PictureView, atMs: number): Promise<FaceSeen | NoFace>;
  /** Another stream begins: nothing of what was seen counts. */
  reset(): void;
  stats(): Readonly<TrackStats>;
  /** Frees the networks. */
  close(): Promise<void>;
}

/** Loads the networks. @throws Error naming the file that cannot be loaded */
export async function createPerceiver({
  engine,
  files,
  config,
  affect: faces = null,
  states = { eyes: null, mouth: null },
}: PerceiverOptions): Promise<Perceiver> {
  const blazeFace = await engine.load(files.blazeface);
  const faceMesh = await engine.load(files['face-mesh']);
  const quality = createQualityMeter(config);
  const detector = createDetector(blazeFace, config.minFaceScore);
  const track = createFaceTrack(detector, createFaceMesh(faceMesh), config);
  const eyes = createEyes(config, states.eyes);

  let lastMs = -Infinity;
  const reset = () => {
    quality.reset();
    track.lose();
    eyes.reset();
    faces?.reset();
    states.mouth?.reset();
  };

  return {
    async face(picture, atMs) {
      checkPicture(picture);
      if (atMs < lastMs) reset();
      lastMs = atMs;
      const seen = quality.measure(picture, atMs);
      const face = await track.find(picture, atMs);
      if (face === null) {
        eyes.faceLost();
        return { kind: 'no-face', atMs, quality: seen };
      }
      const { landmarks, head } = face;
      const shown = { ...seen, covered: false }; // the networks find faces in pictures that look black
      const mouth = measureMouth(landmarks, head);
      const { mar } = mouth;
      const yawn = (await states.mouth?.ask(picture, landmarks, mar, atMs)) ?? null;
      const affect = (await faces?.read(picture, landmarks, head.pose, atMs)) ?? null;
      const { leftEye, rightEye } = await eyes.read({ picture, landmarks, head, quality: shown, mar, atMs });
      return {
        kind: 'face-seen',
        atMs,
        box: boxOf(landmarks.mesh, picture),
        confidence: landmarks.score,
        leftEye,
        rightEye,
        mouth: yawn === null ? mouth : { ...mouth, yawn },
        pose: head.pose,
        gaze: measureGaze(landmarks, head, leftEye, rightEye),
        quality: shown,
        ...(affect === null ? {} : { affect }),
      };
    },
    reset,
    stats: () => ({ ...track.stats }),
    async close() {
      await blazeFace.close();
      await faceMesh.close();
    },
  };
}

/** The landmarks' box in fractions of the picture, cut at its edges. */
function boxOf(mesh: Float32Array, { width, height }: PictureView): FaceBox {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < mesh.length; i += 3) {
    left = Math.min(left, mesh[i]!);
    right = Math.max(right, mesh[i]!);
    top = Math.min(top, mesh[i + 1]!);
    bottom = Math.max(bottom, mesh[i + 1]!);
  }
  const x = inUnit(left / width);
  const y = inUnit(top / height);
  return { x, y, width: inUnit(right / width) - x, height: inUnit(bottom / height) - y };
}

const inUnit = (value: number) => Math.min(1, Math.max(0, value));
