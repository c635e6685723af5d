/**
 * What a face and a voice express, asked of the affect networks at fixed rates of their own.
 *
 *   picture + landmarks -> crops -> face-emotion, face-sex -> Affect
 *   window of speech -> log-mel -> voice -> Affect
 *
 * Answers are calibrated probabilities (temperatures from validation data). Of the two heads of `face-emotion`
 * the one after FER+ votes is taken: the more truthful one. Nothing here is stored or logged.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import type { Probabilities } from '../../models/networks/classifier.ts';
import type { FaceEmotion, Looker } from '../../models/networks/pictures.ts';
import type { VoiceNetwork } from '../../models/networks/voices.ts';
import { EMOTIONS, type Emotion, type Sex } from '../../models/preprocess/constants.ts';
import { faceBox, headBox } from '../../models/preprocess/face-boxes.ts';
import { packed } from '../../models/preprocess/gray-picture.ts';
import { createLogMel, MEL_BANDS, trimSilence } from '../../models/preprocess/log-mel.ts';
import { createBoxCutter } from '../../models/preprocess/turned-box.ts';
import type { AudioWindow } from '../capture/audio-window.ts';
import type { Affect, HeadPose } from './observation.ts';
import type { FaceLandmarks } from './mesh.ts';
import type { PictureView } from './picture.ts';

/** Reads faces, not in every frame. */
export interface FaceAffect {
  /** `null` when it is not time yet, or when the head is turned too far. One call at a time. */
  read(picture: PictureView, landmarks: FaceLandmarks, pose: HeadPose, atMs: number): Promise<Affect | null>;
  /** Another stream begins: it is time. */
  reset(): void;
}

/** Reads voices. */
export interface VoiceAffect {
  /** What the speech of a window expresses. One call at a time. */
  read(window: AudioWindow): Promise<Affect>;
}

/** The networks that answer; `null` = switched off. */
export interface FaceNetworks {
  readonly emotion: Looker<FaceEmotion>;
  readonly sex: Looker<Probabilities<Sex>> | null;
}

/** Most pixels of a crop's side: twice the 64 of the larger network is enough to average over. */
const LONGEST_CROP_PX = 128;

export function createFaceAffect(
  { emotion, sex }: FaceNetworks,
  { affectEveryMs, affectYawDeg }: PerceiveConfig,
): FaceAffect {
  const cutter = createBoxCutter(LONGEST_CROP_PX);
  let askedMs = -Infinity;
  return {
    async read({ pixels, width, height }, { mesh }, pose, atMs) {
      if (atMs - askedMs < affectEveryMs || Math.abs(pose.yawDeg) > affectYawDeg) return null;
      askedMs = atMs;
      // The luma plane comes first in both layouts, and is a gray picture.
      const luma = packed(pixels, width, height);
      const { ferplus } = await emotion.of(cutter.cut(luma, faceBox(mesh)));
      const female = sex === null ? null : (await sex.of(cutter.cut(luma, headBox(mesh)))).female;
      return { probabilities: ofAll(ferplus), female };
    },
    reset() {
      askedMs = -Infinity;
    },
  };
}

export function createVoiceAffect(voice: VoiceNetwork): VoiceAffect {
  const logMel = createLogMel();
  let decibels = new Float32Array(0);
  return {
    async read({ samples }) {
      const needed = logMel.frames(samples.length) * MEL_BANDS;
      if (decibels.length < needed) decibels = new Float32Array(needed);
      const frames = logMel.decibels(samples, decibels);
      const [from, to] = trimSilence(decibels, 0, frames);
      const { emotion, sex } = await voice.of(decibels, from, to);
      return { probabilities: ofAll(emotion), female: sex.female };
    },
  };
}

/** A network that does not know an emotion gives it nothing. */
const ofAll = (named: Partial<Record<string, number>>): Record<Emotion, number> =>
  Object.fromEntries(EMOTIONS.map((emotion) => [emotion, named[emotion] ?? 0])) as Record<Emotion, number>;
