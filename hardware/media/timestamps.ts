/**
 * Times of ffmpeg's output, which raw pictures and raw sound do not carry.
 *
 * In:  the side channel (descriptor 3), to which the filters below write one line a frame.
 * Out: the time of frame n in milliseconds from the start of the file, `NaN` where the file gives none.
 *
 * The line of a frame is written before the frame itself, so waiting for it never waits for long.
 */
import type { Readable } from 'node:stream';

/** Filter chain that writes `frame:n pts:<microseconds>` for every video frame to descriptor 3. */
export const VIDEO_TIMES =
  'settb=1/1000000,metadata=mode=add:key=cabinwatch:value=1,' +
  'metadata=mode=print:key=cabinwatch:file=pipe\\\\:3:direct=1';

/** The same for sound. */
export const AUDIO_TIMES =
  'asettb=1/1000000,ametadata=mode=add:key=cabinwatch:value=1,' +
  'ametadata=mode=print:key=cabinwatch:file=pipe\\\\:3:direct=1';

/** Times in the order of the frames. */
export interface Timestamps {
  /** Time of the next frame [ms], `NaN` if it has none, `null` when the channel ended before it. */
  next(): number | null | Promise<number | null>;
}

/** Reads the side channel until it ends. One caller asks `next` at a time. */
export function readTimestamps(side: Readable): Timestamps {
  const times: number[] = [];
  let rest = '';
  let ended = false;
  let wake: (() => void) | null = null;
  const answer = () => times.shift() ?? null;
  side.setEncoding('latin1');
  side.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('frame:')) times.push(lineMs(line));
    if (times.length > 0) wake?.();
  });
  side.once('close', () => {
    ended = true;
    wake?.();
  });
  return {
    next: () => {
      if (times.length > 0 || ended) return answer();
      return new Promise((resolve) => {
        wake = () => {
          wake = null;
          resolve(answer());
        };
      });
    },
  };
}

function lineMs(line: string): number {
  const pts = /pts:(-?\d+)/.exec(line)?.[1];
  return pts === undefined ? Number.NaN : Number(pts) / 1000;
}
