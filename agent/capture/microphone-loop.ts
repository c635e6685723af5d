/**
 * Runs the microphone for as long as the watch lasts and cuts its sound into windows.
 *
 * In:  a way to make a microphone, lengths of the windows, the queue that takes them.
 * Out: windows in the queue; health when it changes; the end of a recorded file, or why there is no sound.
 */
import type { Microphone, MicrophoneEnd } from '../../hardware/microphone/microphone.ts';
import { MicrophoneError } from '../../hardware/microphone/microphone.ts';
import type { AudioWindows } from './audio-window.ts';
import type { DeviceHealth, DeviceRun, RetryConfig } from './keep-open.ts';
import { keepOpen } from './keep-open.ts';
import type { WindowQueue } from './window-queue.ts';

/** What the loop needs to know. */
export interface MicrophoneLoopOptions {
  /** A new microphone for each try. */
  readonly makeMicrophone: () => Microphone;
  /** Lives on across tries, so that a lost device shows as a gap. */
  readonly windows: AudioWindows;
  readonly queue: WindowQueue;
  readonly retry: RetryConfig;
  readonly signal: AbortSignal;
  readonly onHealth: (health: DeviceHealth) => void;
  readonly random?: () => number;
}

/** How it ended: as the microphone did, or `silent` when there was never any sound to hear. */
export type MicrophoneLoopEnd = MicrophoneEnd | { readonly kind: 'silent'; readonly reason: string };

/** A device is tried again for ever, until the signal; a file is played once. Finishes the queue at the end. */
export async function runMicrophone(options: MicrophoneLoopOptions): Promise<MicrophoneLoopEnd> {
  const { queue, windows, signal } = options;
  const silences: string[] = [];
  try {
    const makeRun = () => microphoneRun(options.makeMicrophone(), options, (reason) => silences.push(reason));
    const end = await keepOpen({ ...options, makeRun });
    const last = windows.flush();
    if (last !== null) await queue.put(last, signal);
    return silences[0] === undefined ? end : { kind: 'silent', reason: silences[0] };
  } finally {
    queue.finish();
  }
}

function microphoneRun(
  microphone: Microphone,
  { windows, queue }: MicrophoneLoopOptions,
  noSound: (reason: string) => void,
): DeviceRun<MicrophoneEnd> {
  return {
    endless: microphone.endless,
    run: async (alive, signal) => {
      try {
        const source = await microphone.open(signal);
        if (source.kind === 'silent') {
          noSound(source.reason);
          return { kind: 'finished', samples: 0, fault: null };
        }
      } catch (error) {
        if (signal.aborted) return { kind: 'aborted', samples: 0 };
        if (error instanceof MicrophoneError) return { kind: 'failed', samples: 0, reason: error.message };
        throw error;
      }
      return microphone.chunks(async (chunk) => {
        alive();
        for (const window of windows.push(chunk)) await queue.put(window, signal);
      }, signal);
    },
  };
}
