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
import { SoundCheck, type SoundCheckConfig } from './sound-check.ts';
import type { WindowQueue } from './window-queue.ts';

/** What the loop needs to know. */
export interface MicrophoneLoopOptions {
  /** A new microphone for each try. */
  readonly makeMicrophone: () => Microphone;
  /** Lives on across tries, so that a lost device shows as a gap. */
  readonly windows: AudioWindows;
  readonly queue: WindowQueue;
  readonly retry: RetryConfig;
  /** When a device counts as muted or stuck. */
  readonly check: SoundCheckConfig;
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
  { windows, queue, check }: MicrophoneLoopOptions,
  noSound: (reason: string) => void,
): DeviceRun<MicrophoneEnd> {
  return {
    endless: microphone.endless,
    run: async (signs, signal) => {
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
      // A file may be as quiet as it likes.
      const listener = microphone.endless ? new SoundCheck(check) : null;
      return microphone.chunks(async (chunk) => {
        const heard = listener?.listen(chunk);
        signs.alive(heard?.fault, heard?.fresh);
        const stuckMs = heard?.stuckMs ?? null;
        if (stuckMs !== null)
          signs.giveUp(
            `the microphone has been stuck at one value for ${(stuckMs / 1000).toFixed(1)} s`,
            stuckMs,
          );
        for (const window of windows.push(chunk)) await queue.put(window, signal);
      }, signal);
    },
  };
}
