/**
 * Camera and microphone as one source: opened, kept open, delivered as streams of captured items.
 *
 * In:  settings, the files that stand in for devices, the pace.
 * Out: `streams` for the flow: picture and sound merged in the order of their times where nothing may be
 *      lost, side by side where the newest counts.
 */
import type { CameraConfig, MicrophoneConfig } from '../../config/schema.ts';
import { frameBytes, openCamera, type CameraEnd, type FrameFormat } from '../../hardware/camera/index.ts';
import { openMicrophone } from '../../hardware/microphone/index.ts';
import { AudioWindows } from './audio-window.ts';
import { runCamera } from './camera-loop.ts';
import { FrameRing, type RingPolicy } from './frame-ring.ts';
import { inOrder } from './in-order.ts';
import type { DeviceHealth } from './keep-open.ts';
import { runMicrophone, type MicrophoneLoopEnd } from './microphone-loop.ts';
import { framesOf, windowsOf, type Captured } from './streams.ts';
import { WindowQueue } from './window-queue.ts';

export interface SourceOptions {
  readonly camera: CameraConfig;
  readonly microphone: MicrophoneConfig;
  /** Time of the start of a recorded file on the caller's clock [ms]. */
  readonly originMs: number;
  readonly signal: AbortSignal;
  readonly onCamera: (health: DeviceHealth) => void;
  readonly onMicrophone: (health: DeviceHealth) => void;
}

export interface Source {
  /** What is looked at: a path or a device. */
  readonly name: string;
  readonly format: FrameFormat;
  /** `lossless`: time is what the items say, and nothing else may move it. */
  readonly policy: RingPolicy;
  readonly ring: FrameRing;
  /** Starts the devices; each stream is to be read to its end. */
  start(): { readonly streams: readonly AsyncIterable<Captured>[]; readonly ended: Promise<SourceEnd> };
}

export interface SourceEnd {
  readonly camera: CameraEnd;
  readonly microphone: MicrophoneLoopEnd;
}

/** One written, one waiting, one read, and one that the merge holds back. */
const SLOTS = 4;

/**
 * Looks at the camera and makes room for its frames; nothing runs yet.
 * @throws CameraError in one sentence when a recorded file cannot be played at all
 */
export async function openSource(options: SourceOptions): Promise<Source> {
  const { camera, microphone, originMs, signal } = options;
  const pace = camera.driver === 'recorded' ? camera.pace : 'own';
  const policy = pace === 'lossless' ? 'lossless' : 'newest';
  const makeCamera = () => openCamera(camera, { originMs });
  const looked = makeCamera();
  const format = await looked.open(signal);
  const ring = new FrameRing(frameBytes(format), SLOTS, policy);
  const queue = new WindowQueue(policy);
  const soundFile = microphone.file ?? camera.file;
  const makeMicrophone = () =>
    openMicrophone(microphone, { pace, originMs, ...(soundOf(microphone, soundFile) ?? {}) });
  const windows = new AudioWindows(microphone);

  const start = () => {
    const cameraEnd = runCamera({
      makeCamera,
      sink: ring,
      retry: camera,
      badPictureAfterMs: camera.badPictureAfterMs,
      signal,
      onHealth: options.onCamera,
    });
    const ended = Promise.all([
      cameraEnd.finally(() => ring.finish()),
      runMicrophone({
        makeMicrophone,
        windows,
        queue,
        retry: microphone,
        check: microphone,
        signal,
        onHealth: options.onMicrophone,
      }),
    ]).then(([cameraEnded, microphoneEnded]) => ({ camera: cameraEnded, microphone: microphoneEnded }));
    const [frames, sound] = [framesOf(ring, signal), windowsOf(queue, signal)];
    return { streams: policy === 'lossless' ? [inOrder(frames, sound)] : [frames, sound], ended };
  };
  return { name: looked.name, policy, format, ring, start };
}

/** The recorded microphone hears the video's own sound where it is given no file. */
const soundOf = (config: MicrophoneConfig, file: string | undefined): { file: string } | null =>
  config.driver === 'recorded' && file !== undefined ? { file } : null;
