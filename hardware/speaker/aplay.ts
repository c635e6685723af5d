/** A sound file by ALSA's aplay, one at a time: a new cue ends the one that sounds. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Cue, Speaker, SpeakerHealth } from './speaker.ts';

const NAMES = { 1: 'notice', 2: 'warning', 3: 'critical' } as const;

/**
 * @param device ALSA device
 * @param folder holds `<kind>.wav`, or at least notice.wav, warning.wav and critical.wav
 */
export function aplaySpeaker(device: string, folder: string, onHealth: SpeakerHealth): Speaker {
  let playing: ChildProcess | null = null;

  const stop = (): void => {
    playing?.kill('SIGTERM');
    playing = null;
  };
  return {
    sound(cue) {
      stop();
      const child = spawn('aplay', ['-q', '-D', device, fileFor(cue, folder)], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      playing = child;
      let words = '';
      child.stderr.on('data', (text: Buffer) => (words = (words + text.toString()).slice(-300)));
      // One that was ended for the next sound has nothing to say: aplay takes SIGTERM for a failure.
      const ended = (fault: string | null): void => {
        if (playing !== child) return;
        playing = null;
        onHealth(fault);
      };
      child.on('error', (error: NodeJS.ErrnoException) =>
        ended(error.code === 'ENOENT' ? 'aplay is not installed: apt-get install alsa-utils' : error.message),
      );
      child.on('close', (code, signal) => {
        const why = words.trim().split('\n').at(-1) || (signal ?? `status ${code ?? '?'}`);
        ended(code === 0 ? null : `aplay on ${device} failed: ${why}`);
      });
    },
    close: stop,
  };
}

/** A clip of its own for a kind, else the one of its severity. */
function fileFor(cue: Cue, folder: string): string {
  const own = join(folder, `${cue.kind}.wav`);
  return existsSync(own) ? own : join(folder, `${NAMES[cue.severity]}.wav`);
}
