/**
 * Loads the networks that read eyes and mouth, as far as the settings allow. What is not read is told from the
 * landmarks alone.
 * In: settings. Out: what asks the networks, `null` where nothing may, and one sentence for each that is off.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import { networksFor } from '../../models/licence.ts';
import { temperaturesInUse } from '../../models/networks/calibration.ts';
import { createEyeState, createMouth } from '../../models/networks/pictures.ts';
import { createEyeStates } from './eye-state.ts';
import type { EyeStates } from './eye-state.ts';
import { createMouthStates } from './mouth-state.ts';
import type { MouthStates } from './mouth-state.ts';
import type { NetworkOpener } from './network-opener.ts';

export interface LoadedStates {
  readonly eyes: EyeStates | null;
  readonly mouth: MouthStates | null;
  /** Why something is not read; empty when all is. */
  readonly switchedOff: readonly string[];
}

/** @throws Error in one sentence naming a file that is missing or wrong */
export async function loadStates(perceive: PerceiveConfig, opener: NetworkOpener): Promise<LoadedStates> {
  const { networks, switchedOff } = networksFor(opener.models);
  const eyeState = perceive.eyeState ? networks.eyeState : null;
  const mouth = perceive.mouthState ? networks.mouth : null;
  const reasons = [
    perceive.eyeState ? switchedOff.eyeState : 'perceive.eyeState is false',
    perceive.mouthState ? switchedOff.mouth : 'perceive.mouthState is false',
  ];
  const eyesLooker =
    eyeState && createEyeState(await opener.open(eyeState), temperaturesInUse(eyeState, opener.models));
  const mouthLooker = mouth && createMouth(await opener.open(mouth), temperaturesInUse(mouth, opener.models));
  return {
    eyes: eyesLooker && createEyeStates(eyesLooker, perceive),
    mouth: mouthLooker && createMouthStates(mouthLooker, perceive),
    switchedOff: reasons.filter((reason) => reason !== undefined),
  };
}
