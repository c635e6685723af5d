/** Every microphone driver against the one contract. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { openMicrophone } from '../../hardware/microphone/index.ts';
import { fakePrograms } from '../fakes/programs.ts';
import { makeMedia, temporaryFolder } from '../hardware/media.ts';
import { microphoneContract } from './microphone.contract.ts';

const folder = temporaryFolder();
const rampFile = join(folder, 'ramp.wav');
const longFile = join(folder, 'long.wav');
const silentFile = join(folder, 'silent.mkv');
const wrongFile = join(folder, 'wrong.wav');
const rampRaw = join(folder, 'ramp.raw');
const fakes = fakePrograms(folder);
const SAMPLES = 16_000 * 0.35;

beforeAll(() => {
  const ramp = `aevalsrc=n/${SAMPLES}:s=16000:d=0.35`;
  makeMedia('-f', 'lavfi', '-i', ramp, '-c:a', 'pcm_s16le', rampFile);
  makeMedia('-i', rampFile, '-f', 's16le', rampRaw);
  makeMedia('-f', 'lavfi', '-i', 'sine=r=16000', '-t', '120', longFile);
  makeMedia('-f', 'lavfi', '-i', 'color=s=16x16', '-frames:v', '2', '-c:v', 'ffv1', silentFile);
  writeFileSync(wrongFile, 'this is no sound');
});

for (const pace of ['own', 'lossless'] as const) {
  const config = configSchema.shape.microphone.parse({ driver: 'recorded' });
  const play = (file: string) => openMicrophone(config, { file, pace });
  microphoneContract(`recorded, ${pace} pace`, () => ({
    ramp: () => play(rampFile),
    samples: SAMPLES,
    ending: { kind: 'finished', fault: null } as const,
    unending: () => play(longFile),
    silent: () => play(silentFile),
    broken: () => play(wrongFile),
    complaint: /wrong\.wav cannot be read as video or sound: \w/,
  }));
}

const schema = configSchema.shape.microphone;
for (const recorder of ['arecord', 'sox'] as const) {
  const config = schema.parse({ driver: 'lpcm16', recorder });
  const record = (name: string, body: string) =>
    fakes.in(fakes.make(recorder, name, body), () => openMicrophone(config));
  microphoneContract(`lpcm16, ${recorder}`, () => ({
    ramp: () => record('ramp', `cat ${rampRaw}`),
    samples: SAMPLES,
    ending: {
      kind: 'failed',
      reason: `${recorder} ended with code 0 after 0.3 s of sound: it gave no reason`,
    } as const,
    unending: () => record('unending', `exec yes`),
    silent: () => openMicrophone({ ...config, enabled: false }),
    broken: () =>
      record('broken', 'echo "arecord: main:830: audio open error: Device or resource busy" >&2; exit 1'),
    complaint:
      /ended with code 1 after 0\.0 s of sound: .*Device or resource busy \(another program uses it\)$/,
  }));
}
