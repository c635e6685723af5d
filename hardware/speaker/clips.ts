/**
 * The sound of each cue, read once at the start: a disk that stands still delays no warning.
 *
 * In:  folders of WAV files: the user's, then the program's own for what the user's has nothing for.
 * Out: for a cue `<kind>-<severity>.wav`, else `<kind>.wav`, else `<severity>.wav`, at its volume.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ALERT_KINDS } from '../../agent/judge/outcome.ts';
import type { WarnConfig } from '../../config/schema.ts';
import type { Cue } from './speaker.ts';
import { atVolume, readClip, type Clip } from './wav.ts';

/** How severities are called in files and settings. */
export const SEVERITY_NAMES = { 1: 'notice', 2: 'warning', 3: 'critical' } as const;
/** Longest clip [ms]: the next alert may wait for its end. */
const MAX_LENGTH_MS = 10_000;
/** 10 s of 48 kHz stereo and a header [bytes]. */
const MAX_BYTES = 2_000_000;
const SEVERITIES = Object.values(SEVERITY_NAMES);
const NAMES: ReadonlySet<string> = new Set([
  ...SEVERITIES,
  ...ALERT_KINDS.flatMap((kind) => [kind, ...SEVERITIES.map((severity) => `${kind}-${severity}`)]),
]);

export interface Clips {
  /** A whole WAV file at the cue's volume; `null` = there is none at all. */
  of(cue: Cue): { readonly wav: Buffer; readonly lengthMs: number } | null;
  /** Why some of the user's files are not used, in one sentence; `null` = all are. */
  readonly fault: string | null;
}

/** Reads the folders; a file that cannot be played is a fault and the next best one takes its place. */
export function loadClips(folders: readonly string[], volume: WarnConfig['volume']): Clips {
  const faults: string[] = [];
  const read = folders.map((folder) => readFolder(folder, faults));
  return {
    of({ kind, severity }) {
      const name = SEVERITY_NAMES[severity];
      const wanted = [`${kind}-${name}`, kind, name];
      const [clip] = read.flatMap((clips) => wanted.flatMap((one) => clips.get(one) ?? []));
      return clip === undefined ? null : { wav: atVolume(clip, volume[name]), lengthMs: clip.lengthMs };
    },
    fault: faults.length === 0 ? null : `sounds left out: ${faults.join('; ')}`,
  };
}

function readFolder(folder: string, faults: string[]): ReadonlyMap<string, Clip> {
  const clips = new Map<string, Clip>();
  let files: string[] = [];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.wav'));
  } catch (error) {
    faults.push(`folder ${folder}: ${(error as Error).message}`);
  }
  for (const file of files.sort()) {
    const name = basename(file, '.wav');
    const clip = NAMES.has(name) ? readFile(join(folder, file)) : 'no alert is called so';
    if (typeof clip === 'string') faults.push(`${file}: ${clip}`);
    else clips.set(name, clip);
  }
  return clips;
}

function readFile(file: string): Clip | string {
  try {
    if (statSync(file).size > MAX_BYTES) return `it is larger than ${MAX_BYTES} bytes`;
    const clip = readClip(readFileSync(file));
    const tooLong = typeof clip !== 'string' && clip.lengthMs > MAX_LENGTH_MS;
    return tooLong ? `it is longer than ${MAX_LENGTH_MS / 1000} s` : clip;
  } catch (error) {
    return (error as Error).message;
  }
}
