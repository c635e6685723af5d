/** The camera that the settings name. In: `camera` settings. Out: a camera that is not opened yet. */
import type { CameraConfig } from '../../config/schema/capture.ts';
import type { Camera } from './camera.ts';
import { CameraError } from './camera.ts';
import { pipeCamera } from './pipe.ts';
import { recordedCamera } from './recorded.ts';
import { stillsCamera } from './stills.ts';

export * from './camera.ts';

/** What the caller knows better than the settings. */
export interface CameraOverrides {
  /** Plays this file, whatever the settings name. */
  readonly file?: string;
  readonly pace?: CameraConfig['pace'];
  /** recorded: time of the start of the file on the caller's clock [ms]; give the microphone the same. */
  readonly originMs?: number;
}

/** Makes the driver; it starts nothing. @throws CameraError when the settings name no file. */
export function openCamera(config: CameraConfig, overrides: CameraOverrides = {}): Camera {
  if (overrides.file === undefined) {
    if (config.driver === 'pipe') return pipeCamera(config);
    if (config.driver === 'stills') return stillsCamera(config);
  }
  const file = overrides.file ?? config.file;
  if (file === undefined)
    throw new CameraError('camera.file is missing: driver "recorded" needs a video file');
  return recordedCamera({
    ...{ file, pace: overrides.pace ?? config.pace, pixelFormat: config.pixelFormat },
    ...{ rotateDeg: config.rotateDeg, mirror: config.mirror, crop: config.crop },
    ...(overrides.originMs === undefined ? {} : { originMs: overrides.originMs }),
  });
}
