/**
 * A program named `aplay` that stands before the real one: it notes which clip was to be played, and when.
 *
 * bash starts in a few ms and tells the wall clock by itself; the times are set on the monotonic clock here.
 * A clip comes over standard input: its samples spell its name (played at full volume they stay what they are).
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { systemClock } from '../../../agent/clock.ts';
import { ALERT_KINDS } from '../../../agent/contract/index.ts';

const SCRIPT = `#!/bin/bash
LC_ALL=C
now=$EPOCHREALTIME
clip=\${@: -1}
[ "$clip" = - ] && clip=$(tail -c +45 | tr -d ' ')
echo "$now $clip" >> "\${0%/*}/played"
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
  for (const kind of ALERT_KINDS) writeFileSync(join(sounds, `${kind}.wav`), spelt(kind));
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

/** A WAV file, 16-bit mono at 16 kHz, whose samples are the letters of the name. */
function spelt(name: string): Buffer {
  const samples = Buffer.from(name.length % 2 === 0 ? name : `${name} `);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  [1, 1].forEach((value, i) => head.writeUInt16LE(value, 20 + 2 * i));
  [16_000, 32_000].forEach((value, i) => head.writeUInt32LE(value, 24 + 4 * i));
  [2, 16].forEach((value, i) => head.writeUInt16LE(value, 32 + 2 * i));
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

const { monotonicMs } = systemClock();
const wallLessMonotonicMs = (): number => Date.now() - monotonicMs();
