/**
 * One still picture by fswebcam.
 *
 * In:  `camera` settings. Out: a JPEG in memory: it goes through a pipe, never through a file.
 *
 * node-webcam words the command; we run it, because its own way (exec) leaves a hung fswebcam behind and
 * breaks binary output. It is a shell string: whatever is in it must be free of all that a shell reads.
 */
import NodeWebcam from 'node-webcam';
import type { CameraConfig } from '../../config/schema/capture.ts';
import { hinted } from '../device-hints.ts';
import { startSubprocess } from '../subprocess.ts';
import { CameraError } from './camera.ts';

/** What no shell takes for anything but a word. */
const PLAIN = /^[A-Za-z0-9 _./:-]+$/;
/** A JPEG of 3840x2160 at this quality has about 4 MB; more is no picture [bytes]. */
const MOST_BYTES = 32_000_000;
const QUALITY = 95;

/** The shell command of one shot. @throws CameraError when a setting could be more than a word. */
export function shotCommand(config: CameraConfig): string {
  const { device, width, height, stillsSkip, pixelFormat } = config;
  const webcam = new NodeWebcam.FSWebcam({
    ...{ device, width, height, skip: stillsSkip, greyscale: pixelFormat === 'gray8' },
    // Not quiet: only then does fswebcam say why there is no picture.
    ...{ output: 'jpeg', quality: QUALITY, verbose: true },
  });
  const command = webcam.generateSh('-').trim();
  if (!PLAIN.test(command) || device.startsWith('-') || device.includes(' '))
    throw new CameraError(
      `camera.device ${JSON.stringify(device)} is no device: wanted a path such as /dev/video0`,
    );
  return command;
}

export type Shot =
  | { readonly kind: 'jpeg'; readonly jpeg: Uint8Array; readonly arrivedMs: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** Takes it; nothing of fswebcam is left when this settles, whatever happens. Never rejects. */
export async function takeShot(
  command: string,
  timeoutMs: number,
  nowMs: () => number,
  signal: AbortSignal,
): Promise<Shot> {
  const program = startSubprocess(['sh', '-c', `exec ${command}`]);
  const stop = () => void program.end(0);
  const given = { up: false };
  const timer = setTimeout(() => {
    given.up = true;
    stop();
  }, timeoutMs);
  signal.addEventListener('abort', stop);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let arrivedMs = 0;
  try {
    for await (const part of program.stdout as AsyncIterable<Uint8Array>) {
      if (bytes === 0) arrivedMs = nowMs();
      bytes += part.length;
      if (bytes > MOST_BYTES) break;
      parts.push(part);
    }
  } catch {
    // The stream was closed before its end: we ended the program.
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
  const exit = await program.end(given.up ? 0 : timeoutMs);
  if (given.up)
    return { kind: 'failed', reason: `fswebcam took longer than ${timeoutMs / 1000} s for a shot` };
  const right = exit.kind === 'exited' && exit.code === 0 && bytes > 0 && bytes <= MOST_BYTES;
  if (right) return { kind: 'jpeg', jpeg: Buffer.concat(parts), arrivedMs };
  // fswebcam ends with 0 and an empty picture when there is no camera; 127 is the shell's "not found".
  if (exit.kind === 'exited' && exit.code === 127)
    return { kind: 'failed', reason: 'fswebcam is not installed: apt-get install fswebcam' };
  const said = program.complaints().error;
  return {
    kind: 'failed',
    reason: `fswebcam took no picture: ${said === '' ? 'it gave no reason' : hinted(said)}`,
  };
}
