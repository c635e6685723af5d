/**
 * A program named `aplay` that stands before the real one: it notes which clip was to be played, and when.
 *
 * bash starts in a few ms and tells the wall clock by itself; the times are set on the monotonic clock here.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemClock } from '../../../agent/clock.ts';
import { ALERT_KINDS } from '../../../agent/contract/index.ts';

const SCRIPT = `#!/bin/bash
LC_ALL=C
now=$EPOCHREALTIME
echo "$now \${@: -1}" >> "\${0%/*}/played"
`;
/** Both clocks are read one after the other, the wall clock to 1 ms; more than this is a wall clock that was set. */
const CLOCKS_AGREE_MS = 5;

export interface Played {
  /** The clip's name without its ending; an alert's is its kind. */
  readonly clip: string;
  /** When the player ran, monotonic [ms]. */
  readonly atMs: number;
}

export interface Player {
  /** To be searched for programs before all others. */
  readonly path: string;
  /** A clip for each kind of alert. */
  readonly sounds: string;
  /** @throws Error when somebody has set the wall clock meanwhile */
  played(): Played[];
}

export function openPlayer(folder: string): Player {
  const path = join(folder, 'bin');
  const sounds = join(folder, 'sounds');
  for (const made of [path, sounds]) mkdirSync(made, { recursive: true });
  for (const kind of ALERT_KINDS) writeFileSync(join(sounds, `${kind}.wav`), '');
  writeFileSync(join(path, 'aplay'), SCRIPT);
  chmodSync(join(path, 'aplay'), 0o755);
  const offsetMs = wallLessMonotonicMs();
  return {
    path,
    sounds,
    played() {
      if (Math.abs(wallLessMonotonicMs() - offsetMs) > CLOCKS_AGREE_MS) {
        throw new Error('the wall clock was set during the run: the times of the sounds are not known');
      }
      const notes = join(path, 'played');
      const lines = existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : [];
      return lines.map((line) => {
        const [wallS = '', file = ''] = line.split(' ');
        return { clip: basename(file, '.wav'), atMs: Number(wallS) * 1000 - offsetMs };
      });
    },
  };
}

const { monotonicMs } = systemClock();
const wallLessMonotonicMs = (): number => Date.now() - monotonicMs();
