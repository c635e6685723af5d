/**
 * The stretch of the demo drive that holds a microsleep and a sleep, as often as wanted one after the other.
 *
 * In:  the demo drive and its list of events. Out: a recording of its own and what truly happens in it.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readTruth } from '../../../agent/replay/score-input.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const DEMO = join(FIXTURES, 'drive.mp4');
/** Holds `microsleep` and `sleep` of the demo drive, with open eyes before and after [s]. */
const FROM_S = 203;
const TO_S = 225;
/** The frame rate of the default configuration: half of the demo drive's, so that a busy machine keeps up. */
const FPS = 15;

export interface ClosedEyes {
  readonly kind: 'microsleep' | 'sleep';
  /** Seconds of the recording. */
  readonly startS: number;
  readonly endS: number;
}

export interface Drive {
  readonly file: string;
  readonly seconds: number;
  readonly closures: readonly ClosedEyes[];
}

/** @throws Error with ffmpeg's complaint */
export async function makeDrive(folder: string, times: number): Promise<Drive> {
  const once = join(folder, 'once.mkv');
  const file = join(folder, 'drive.mkv');
  await ffmpeg(
    ...['-ss', String(FROM_S), '-t', String(TO_S - FROM_S), '-i', DEMO, '-r', String(FPS)],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-c:a', 'pcm_s16le', once],
  );
  await ffmpeg('-stream_loop', String(times - 1), '-i', once, '-c', 'copy', file);
  // A few hundredths longer than what was asked for: frames and packets of sound are whole.
  const periodS = await lengthS(once);
  const closures = closuresOfOne();
  const all = Array.from({ length: times }, (_, n) => closures.map((one) => later(one, n * periodS)));
  return { file, seconds: times * periodS, closures: all.flat() };
}

async function lengthS(file: string): Promise<number> {
  const argv = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file];
  return Number((await promisify(execFile)('ffprobe', argv)).stdout);
}

function closuresOfOne(): ClosedEyes[] {
  const truth = readTruth(readFileSync(DEMO.replace(/mp4$/, 'events.csv'), 'utf8'), 'drive.events.csv');
  const closures = truth
    .filter(({ startS, endS }) => startS > FROM_S && endS < TO_S)
    .flatMap(({ kind, startS, endS }) =>
      kind === 'microsleep' || kind === 'sleep' ? [later({ kind, startS, endS }, -FROM_S)] : [],
    );
  if (closures.length === 2) return closures;
  throw new Error(
    `the demo drive has ${closures.length} closures of the eyes between ${FROM_S} and ${TO_S} s, not 2: choose another stretch`,
  );
}

const later = ({ kind, startS, endS }: ClosedEyes, byS: number): ClosedEyes => ({
  kind,
  startS: startS + byS,
  endS: endS + byS,
});

async function ffmpeg(...argv: string[]): Promise<void> {
  await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...argv]);
}
