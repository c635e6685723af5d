/**
 * Loads the networks that read faces and voices, as far as the settings allow.
 * In: settings. Out: what reads, `null` where nothing may, and one sentence for each that is switched off.
 */
import type { ModelsConfig, PerceiveConfig } from '../../config/schema.ts';
import { loadNetwork } from '../../models/engines/load.ts';
import type { Engines } from '../../models/engines/load.ts';
import { networksFor } from '../../models/licence.ts';
import type { TrainedName } from '../../models/manifest.ts';
import { networkFiles } from '../../models/network-file.ts';
import { EMOTIONS } from '../../models/preprocess/constants.ts';
import { temperaturesInUse } from '../../models/networks/calibration.ts';
import { createFaceEmotion, createFaceSex } from '../../models/networks/pictures.ts';
import { createVoice } from '../../models/networks/voices.ts';
import { createFaceAffect, createVoiceAffect } from './affect.ts';
import type { FaceAffect, VoiceAffect } from './affect.ts';

export interface LoadedAffect {
  readonly face: FaceAffect | null;
  readonly voice: VoiceAffect | null;
  /** Why something is not read; empty when all is. */
  readonly switchedOff: readonly string[];
}

/** @throws Error in one sentence naming a file that is missing or wrong */
export async function loadAffect(
  models: ModelsConfig,
  perceive: PerceiveConfig,
  engines: Engines,
): Promise<LoadedAffect> {
  if (!perceive.affect) return { face: null, voice: null, switchedOff: ['perceive.affect is false'] };
  const { networks, switchedOff } = networksFor(models);
  const load = async (name: TrainedName) => loadNetwork((await networkFiles([name], models))[name], engines);
  const { faceEmotion, faceSex, voice } = networks;
  const emotion =
    faceEmotion && createFaceEmotion(await load(faceEmotion), temperaturesInUse(faceEmotion, models));
  const sex = faceSex && createFaceSex(await load(faceSex), temperaturesInUse(faceSex, models));
  const heard = voice && createVoice(await load(voice), emotionsOf(voice), temperaturesInUse(voice, models));
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
