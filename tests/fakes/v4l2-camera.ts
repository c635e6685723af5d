/** A V4L2 camera that is not there (v4l2-shim.c): ffmpeg's own v4l2 input opens it, faults come and go. */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type CameraFault = 'gone' | 'busy' | 'denied' | 'frozen' | 'black' | 'hangs' | 'garbage';

export interface ShimCamera {
  readonly device: string;
  /** Breaks the camera, or mends it with `null`. */
  set(fault: CameraFault | null): void;
  /** Puts the environment back. */
  remove(): void;
}

/** Builds the shim into `folder` and gives it to every program started from now on; `null` without gcc or headers. */
export function shimCamera(folder: string): ShimCamera | null {
  const library = join(folder, 'v4l2-shim.so');
  const fault = join(folder, 'v4l2-fault');
  const device = '/dev/video42';
  if (existsSync(device)) return null;
  try {
    const source = join(import.meta.dirname, 'v4l2-shim.c');
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { stdio: 'pipe' });
  } catch (error) {
    console.warn(`no V4L2 stand-in: ${String(error).split('\n')[0] ?? ''}`);
    return null;
  }
  const environment = { LD_PRELOAD: library, V4L2_SHIM_DEVICE: device, V4L2_SHIM_FAULT: fault };
  Object.assign(process.env, environment);
  return {
    device,
    set: (word) => {
      if (word === null) rmSync(fault, { force: true });
      else writeFileSync(fault, `${word}\n`);
    },
    remove: () => {
      for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
    },
  };
}
