/**
 * Which network of ours answers which question, by the licence switch `models.licence`.
 * Input: the settings. Output: a network or none for each purpose, and for each none one sentence why.
 *
 * With `any-use` no network whose weights are for research is offered, however useful: the voice is heard
 * by `voice-open`, eyes and mouth are read from the landmarks alone, faces have no emotion and no sex.
 */
import type { ModelsConfig } from '../config/schema.ts';
import { TRAINED } from './manifest.ts';
import type { LicenceClass, TrainedName } from './manifest.ts';
import { hasWeights } from './network-file.ts';

/** What a network of ours is asked on the drive. */
export type Purpose = 'eyeState' | 'mouth' | 'faceEmotion' | 'faceSex' | 'voice';

/** Who answers. `networks[p]` is null exactly when `switchedOff[p]` says why. */
export interface Offer {
  readonly networks: Readonly<Record<Purpose, TrainedName | null>>;
  readonly switchedOff: Readonly<Partial<Record<Purpose, string>>>;
}

/** For each purpose the networks that can answer, the best first. */
const CANDIDATES: Readonly<Record<Purpose, readonly TrainedName[]>> = {
  eyeState: ['eye-state'],
  mouth: ['mouth'],
  faceEmotion: ['face-emotion'],
  faceSex: ['face-sex'],
  voice: ['voice', 'voice-open'],
};

/**
 * @param models the section of the settings; a network of the user's own counts by the licence said there
 * @param isThere whether a network has weights; left out = looks into models/weights
 */
export function networksFor(
  models: Pick<ModelsConfig, 'licence' | 'custom'>,
  isThere: (name: TrainedName) => boolean = hasWeights,
): Offer {
  const networks = {} as Record<Purpose, TrainedName | null>;
  const switchedOff: Partial<Record<Purpose, string>> = {};
  for (const purpose of Object.keys(CANDIDATES) as Purpose[]) {
    const faults = CANDIDATES[purpose].map((name) => ({ name, fault: whyNot(name, models, isThere) }));
    networks[purpose] = faults.find(({ fault }) => fault === null)?.name ?? null;
    if (networks[purpose] === null) switchedOff[purpose] = faults.map(({ fault }) => fault).join('; ');
  }
  return { networks, switchedOff };
}

/** The licence class that counts for `name`: the user's own network's, if one stands in its place. */
export const licenceInUse = (name: TrainedName, models: Pick<ModelsConfig, 'custom'>): LicenceClass =>
  models.custom[name]?.licence ?? TRAINED[name].licenceClass;

function whyNot(
  name: TrainedName,
  models: Pick<ModelsConfig, 'licence' | 'custom'>,
  isThere: (name: TrainedName) => boolean,
): string | null {
  if (models.licence === 'any-use' && licenceInUse(name, models) === 'research')
    return `network '${name}' is for research only and models.licence is any-use`;
  if (models.custom[name] === undefined && !isThere(name))
    return `network '${name}' has not been trained yet`;
  return null;
}
