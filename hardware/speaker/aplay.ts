/**
 * A clip by ALSA's aplay, one at a time; it comes from memory over aplay's standard input.
 *
 * A device without a mixer (`hw:`) belongs to one program at a time, so the old one has ended before the new
 * one begins: SIGTERM, then SIGKILL, within the time that a warning can wait.
 */
import { spawn } from 'node:child_process';
import { hinted } from '../device-hints.ts';
import type { Clips } from './clips.ts';
import type { Speaker, SpeakerHealth } from './speaker.ts';

/** aplay is given so long to end after SIGTERM [ms]; it needs a few, and a decision must sound within 200. */
const END_MS = 50;
/** And so long after SIGKILL [ms]; one that hangs in its driver does not hold up the next. */
const KILL_MS = 25;
/** A clip that takes so much longer than it is hangs [ms] (a USB card takes up to 1 s to wake). */
const LATE_MS = 4000;

interface Play {
  /** Resolves when the program is gone. */
  readonly over: Promise<void>;
  /** Ends it, with nothing more to say; resolves when the device is free, or will not be. */
  stop(): Promise<void>;
}

/** @param device ALSA device */
export function aplaySpeaker(device: string, clips: Clips, onHealth: SpeakerHealth): Speaker {
  let playing: Play | null = null;
  let newest = 0;
  const report = (fault: string | null): void => onHealth(fault ?? clips.fault);
  if (clips.fault !== null) report(null);

  return {
    async sound(cue) {
      const turn = ++newest;
      await playing?.stop();
      if (turn !== newest) return;
      const clip = clips.of(cue);
      if (clip === null) {
        report(`there is no sound for ${cue.kind}`);
        return;
      }
      const mine = play(device, clip.wav, clip.lengthMs, report);
      playing = mine;
      await mine.over;
      if (playing === mine) playing = null;
    },
    async close() {
      newest += 1;
      await playing?.stop();
    },
  };
}

function play(device: string, wav: Buffer, lengthMs: number, report: SpeakerHealth): Play {
  const child = spawn('aplay', ['-q', '-D', device, '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
  let words = '';
  let silent = false;
  const say = (fault: string | null): void => {
    if (!silent) report(fault);
    silent = true;
  };
  child.stderr.on('data', (text: Buffer) => (words = (words + text.toString()).slice(-300)));
  child.stdin.on('error', () => undefined); // it ended before it had read all: its exit tells why
  child.stdin.end(wav);
  const hung = setTimeout(() => {
    say(`aplay on ${device} hangs`);
    child.kill('SIGKILL');
  }, lengthMs + LATE_MS);
  const over = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error: NodeJS.ErrnoException) => {
      say(error.code === 'ENOENT' ? 'aplay is not installed: apt-get install alsa-utils' : error.message);
      resolve();
    });
  }).finally(() => clearTimeout(hung));
  child.once('close', (code, signal) => {
    const why = words.trim().split('\n').at(-1) || (signal ?? `status ${code ?? '?'}`);
    say(code === 0 ? null : `aplay on ${device} failed: ${hinted(why)}`);
  });
  return {
    over,
    async stop() {
      // One that is ended for the next sound has nothing to say: aplay takes SIGTERM for a failure.
      silent = true;
      child.kill('SIGTERM');
      if (await within(over, END_MS)) return;
      child.kill('SIGKILL');
      await within(over, KILL_MS);
    },
  };
}

async function within(event: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const came = await Promise.race([event.then(() => true), late]);
  clearTimeout(timer);
  return came;
}
