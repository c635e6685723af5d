/** An arecord whose microphone breaks and mends while it records: it says what the real one says. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakePrograms, type FakePrograms } from './programs.ts';

export type MicrophoneFault = 'gone' | 'busy' | 'denied' | 'muted' | 'stuck' | 'hangs';

export interface FakeMicrophone {
  /** Breaks the microphone, or mends it with `null`; from then on it is the arecord of this test. */
  set(fault: MicrophoneFault | null): void;
}

/** A tenth of a second of sound, over and over. */
const BYTES = 3200;

export function fakeMicrophone(folder: string, fakes: FakePrograms = fakePrograms(folder)): FakeMicrophone {
  const fault = join(folder, 'microphone-fault');
  const file = (name: string, value: (n: number) => number) => {
    const bytes = Buffer.alloc(BYTES);
    for (let n = 0; n < BYTES / 2; n += 1) bytes.writeInt16LE(value(n), 2 * n);
    writeFileSync(join(folder, name), bytes);
  };
  file('sound', (n) => Math.round(3000 * Math.sin(n / 7)));
  file('muted', () => 0);
  file('stuck', () => -12_345);
  const bin = fakes.make(
    'arecord',
    'faults',
    `cd ${folder}
fault() { word=ok; [ -f ${fault} ] && read word <${fault}; }
leave() { echo "arecord: $1" >&2; exit 1; }
fault
case $word in
  gone) leave "main:830: audio open error: No such file or directory";;
  busy) leave "main:830: audio open error: Device or resource busy";;
  denied) leave "main:830: audio open error: Permission denied";;
esac
while :; do
  fault
  case $word in
    gone) leave "pcm_read:2221: read error: No such device";;
    muted) cat muted;;
    stuck) cat stuck;;
    hangs) ;;
    *) cat sound;;
  esac
  sleep 0.1
done`,
  );
  return {
    set: (word) => {
      fakes.in(bin, () => undefined);
      if (word === null) rmSync(fault, { force: true });
      else writeFileSync(fault, `${word}\n`);
    },
  };
}
