/** Tiny media files made by ffmpeg in a temporary folder, and what is left of processes and descriptors. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that is removed after the tests of this file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-media-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs ffmpeg; the last argument is the file to make, which is returned. */
export function makeMedia(...args: string[]): string {
  const quietly = ['-nostdin', '-v', 'error', '-y', '-threads', '1'];
  execFileSync('ffmpeg', [...quietly, ...args], { timeout: 60_000 });
  return args.at(-1) ?? '';
}

/** Decodes a file with ffmpeg alone: raw bytes of all frames, for comparison. */
export function decodeRaw(file: string, pixelFormat: string, filters = 'null'): Uint8Array {
  const args = ['-v', 'error', '-i', file, '-vf', filters, '-pix_fmt', pixelFormat];
  return execFileSync('ffmpeg', [...args, '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1']);
}

/** A picture source whose frame n is everywhere `16 + 4 n` bright (n < 50), without loss. */
export const numberedFrames = (width: number, height: number, fps: number, frames: number): string[] => [
  ...['-f', 'lavfi', '-i', `color=black:s=${width}x${height}:r=${fps},format=gray,geq=lum=16+4*N`],
  ...['-frames:v', String(frames)],
];

/** Children of this process, zombies too. */
export function children(): number[] {
  const isOurs = (pid: string) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]) === process.pid;
    } catch {
      return false; // gone while we looked
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isOurs(name))
    .map(Number);
}

/** Open pipes and sockets of this process. */
export function openPipes(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return /^(pipe|socket):/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false;
    }
  }).length;
}
