/**
 * Loads the networks that read faces and voices, as far as the settings allow.
 * In: settings. Out: what reads, `null` where nothing may, and one sentence for each that is switched off.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import { networksFor } from '../../models/licence.ts';
import type { TrainedName } from '../../models/manifest.ts';
import { EMOTIONS } from '../../models/preprocess/constants.ts';
import { temperaturesInUse } from '../../models/networks/calibration.ts';
import { createFaceEmotion, createFaceSex } from '../../models/networks/pictures.ts';
import { createVoice } from '../../models/networks/voices.ts';
import { createFaceAffect, createVoiceAffect } from './affect.ts';
import type { FaceAffect, VoiceAffect } from './affect.ts';
import type { NetworkOpener } from './network-opener.ts';

export interface LoadedAffect {
  readonly face: FaceAffect | null;
  readonly voice: VoiceAffect | null;
  /** Why something is not read; empty when all is. */
  readonly switchedOff: readonly string[];
}

/** @throws Error in one sentence naming a file that is missing or wrong */
export async function loadAffect(perceive: PerceiveConfig, opener: NetworkOpener): Promise<LoadedAffect> {
  if (!perceive.affect) return { face: null, voice: null, switchedOff: ['perceive.affect is false'] };
  const { networks, switchedOff } = networksFor(opener.models);
  const { faceEmotion, faceSex, voice } = networks;
  const emotion =
    faceEmotion &&
    createFaceEmotion(await opener.open(faceEmotion), temperaturesInUse(faceEmotion, opener.models));
  const sex = faceSex && createFaceSex(await opener.open(faceSex), temperaturesInUse(faceSex, opener.models));
  const heard =
    voice &&
    createVoice(await opener.open(voice), emotionsOf(voice), temperaturesInUse(voice, opener.models));
  const reasons = [switchedOff.faceEmotion, switchedOff.faceSex, switchedOff.voice];
  return {
    face: emotion && createFaceAffect({ emotion, sex }, perceive),
    voice: heard && createVoiceAffect(heard),
    switchedOff: reasons.filter((reason) => reason !== undefined),
  };
}

/** CREMA-D, the one corpus of `voice-open`, has no surprise. */
const emotionsOf = (name: TrainedName) =>
  name === 'voice-open' ? EMOTIONS.filter((emotion) => emotion !== 'surprise') : EMOTIONS;
