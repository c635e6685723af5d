/** The speaker that the configuration names. */
import { fileURLToPath } from 'node:url';
import type { WarnConfig } from '../../config/schema.ts';
import { aplaySpeaker } from './aplay.ts';
import type { Cue, Speaker, SpeakerHealth } from './speaker.ts';

export type { Cue, Speaker } from './speaker.ts';

const OWN_SOUNDS = fileURLToPath(new URL('../sounds/', import.meta.url));

/** @param say where the `log` speaker puts its line */
export function openSpeaker(config: WarnConfig, say: (cue: Cue) => void, onHealth: SpeakerHealth): Speaker {
  switch (config.sound) {
    case 'aplay':
      return aplaySpeaker(config.device, config.folder ?? OWN_SOUNDS, onHealth);
    case 'log':
      return { sound: say, close: () => undefined };
    case 'none':
      return { sound: () => undefined, close: () => undefined };
  }
}
