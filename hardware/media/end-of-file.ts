/**
 * What to make of the end of an ffmpeg that read a file: it exits with 0 for many a damaged one.
 *
 * In:  what the file promised, how far it was read, how ffmpeg ended and what it complained about.
 * Out: `finished` with or without a fault, or `failed`; sentences for people.
 */
import { basename } from 'node:path';
import type { Complaints, Exit } from '../subprocess.ts';
import { NO_FFMPEG } from './probe.ts';

/** A file that complained and stops so much before its stated end has ended early [ms]. */
const EARLY_MS = 1000;

/** What was read. */
export interface FileRead {
  readonly file: string;
  /** End of the stream as the file states it [ms]; `null` = unknown. */
  readonly endMs: number | null;
  /** What there should have been one of at least. */
  readonly what: 'picture' | 'sound';
}

/** How it ended. */
export type EndOfFile =
  | { readonly kind: 'finished'; readonly fault: string | null }
  | { readonly kind: 'failed'; readonly reason: string };

/** @param lastMs time of the last picture or sound that was read, `null` = not one [ms]. */
export function endOfFile(
  read: FileRead,
  lastMs: number | null,
  exit: Exit,
  complaints: Complaints,
): EndOfFile {
  if (exit.kind === 'not-started') {
    const reason = exit.code === 'ENOENT' ? NO_FFMPEG : `ffmpeg could not be started: ${exit.code}`;
    return { kind: 'failed', reason };
  }
  const { file, endMs, what } = read;
  const complaint = complaints.first.replace(`file:${file}: `, '').replace(/\.$/, '');
  const why = complaint === '' ? 'no reason given' : complaint;
  if (lastMs === null) {
    const stream = what === 'picture' ? 'a video' : 'an audio';
    return { kind: 'failed', reason: `${file} has ${stream} stream without one readable ${what}: ${why}` };
  }
  const broken = exit.kind !== 'exited' || exit.code !== 0;
  const early = complaint !== '' && endMs !== null && lastMs < endMs - EARLY_MS;
  if (broken || early) {
    const whole = endMs === null ? '' : ` of ${inSeconds(endMs)}`;
    return {
      kind: 'finished',
      fault: `${basename(file)} ended early at ${inSeconds(lastMs)}${whole}, it is damaged or incomplete: ${why}`,
    };
  }
  return {
    kind: 'finished',
    fault: complaint === '' ? null : `${basename(file)} has damaged parts: ${complaint}`,
  };
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
