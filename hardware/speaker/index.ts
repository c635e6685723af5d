/** The speaker that the configuration names. */
import { fileURLToPath } from 'node:url';
import type { WarnConfig } from '../../config/schema.ts';
import { aplaySpeaker } from './aplay.ts';
import { loadClips } from './clips.ts';
import type { Cue, Speaker, SpeakerHealth } from './speaker.ts';

export { together } from './speaker.ts';
export type { Cue, Speaker } from './speaker.ts';

const OWN_SOUNDS = fileURLToPath(new URL('../sounds/', import.meta.url));

/** @param say where the `log` speaker puts its line */
export function openSpeaker(config: WarnConfig, say: (cue: Cue) => void, onHealth: SpeakerHealth): Speaker {
  const nothing = { close: () => Promise.resolve() };
  switch (config.sound) {
    case 'aplay': {
      const folders = config.folder === undefined ? [OWN_SOUNDS] : [config.folder, OWN_SOUNDS];
      return aplaySpeaker(config.device, loadClips(folders, config.volume), onHealth);
    }
    case 'log':
      return {
        ...nothing,
        sound(cue) {
          say(cue);
          return Promise.resolve();
        },
      };
    case 'none':
      return { ...nothing, sound: () => Promise.resolve() };
  }
}
