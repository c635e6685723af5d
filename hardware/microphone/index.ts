/** The microphone that the settings name. In: `microphone` settings. Out: one that is not opened yet. */
import type { MicrophoneConfig } from '../../config/schema/capture.ts';
import { lpcm16Microphone } from './lpcm16.ts';
import type { Microphone } from './microphone.ts';
import { recordedMicrophone } from './recorded.ts';

export * from './microphone.ts';

/** What the caller knows better than the settings. */
export interface MicrophoneOverrides {
  /** Plays this file, whatever the settings name; for a recorded camera give the video's own file. */
  readonly file?: string;
  readonly pace?: 'own' | 'lossless';
  /** recorded: time of the start of the file on the caller's clock [ms]; give the camera the same. */
  readonly originMs?: number;
}

/** Makes the driver; it starts nothing. A microphone that is switched off is a silent one. */
export function openMicrophone(config: MicrophoneConfig, overrides: MicrophoneOverrides = {}): Microphone {
  const file = overrides.file ?? config.file;
  if (!config.enabled) return silence('microphone.enabled is false');
  if (config.driver === 'lpcm16' && overrides.file === undefined) return lpcm16Microphone(config);
  if (config.driver === 'none' && overrides.file === undefined) return silence('microphone.driver is "none"');
  if (file === undefined) return silence('microphone.file is left out and the camera plays no file');
  return recordedMicrophone({
    ...{ file, pace: overrides.pace ?? 'own', sampleRateHz: config.sampleRateHz },
    ...(overrides.originMs === undefined ? {} : { originMs: overrides.originMs }),
  });
}

/** A microphone that hears nothing and says why. */
function silence(reason: string): Microphone {
  return {
    name: 'none',
    endless: false,
    open: () => Promise.resolve({ kind: 'silent', reason }),
    chunks: () => Promise.resolve({ kind: 'finished', samples: 0, fault: null }),
  };
}
