/**
 * Recordings of any kind that ffmpeg reads, as mono samples -1..1. Kept in memory: voice and voice-open share
 * most of them.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Starting ffmpeg costs more than decoding a clip of three seconds. */
const FILES_PER_CALL = 40;
/** Clips are shorter; of long noises this is enough. */
const MOST_SECONDS = 15;

/** Decoded sounds by file. */
export interface Sounds {
  /** Decodes those of `files` that are not there yet. @throws Error naming the first files that could not be read */
  decode(files: readonly string[]): Promise<void>;
  /** @throws Error when `file` was not decoded before */
  of(file: string): Float32Array;
}

/** @param rateHz of the samples */
export function createSounds(rateHz: number): Sounds {
  const known = new Map<string, Float32Array>();
  return {
    async decode(files) {
      const missing = [...new Set(files)].filter((file) => !known.has(file));
      for (let first = 0; first < missing.length; first += FILES_PER_CALL) {
        const some = missing.slice(first, first + FILES_PER_CALL);
        const decoded = await decodeTogether(some, rateHz);
        some.forEach((file, i) => known.set(file, decoded[i]!));
      }
    },
    of(file) {
      const samples = known.get(file);
      if (!samples) throw new Error(`sound ${file} was not decoded`);
      return samples;
    },
  };
}

async function decodeTogether(files: readonly string[], rateHz: number): Promise<Float32Array[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cabinwatch-sounds-'));
  const out = (index: number): string => join(folder, `${index}.raw`);
  const inputs = files.flatMap((file) => ['-i', file]);
  const how = ['-ac', '1', '-ar', String(rateHz), '-t', String(MOST_SECONDS), '-f', 'f32le'];
  const outputs = files.flatMap((_, i) => ['-map', `${i}:a:0`, ...how, out(i)]);
  try {
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', '-threads', '1', ...inputs, ...outputs]);
    return await Promise.all(files.map(async (_, i) => floats(await readFile(out(i)))));
  } catch (cause) {
    throw new Error(`ffmpeg could not read one of ${files.length} sounds from ${files[0]} on`, { cause });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const floats = (bytes: Uint8Array): Float32Array =>
  new Float32Array(bytes.slice().buffer, 0, bytes.length >> 2);
