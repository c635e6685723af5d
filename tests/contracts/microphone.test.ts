/** Every microphone driver against the one contract. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { openMicrophone } from '../../hardware/microphone/index.ts';
import { makeMedia, temporaryFolder } from '../hardware/media.ts';
import { microphoneContract } from './microphone.contract.ts';

const folder = temporaryFolder();
const rampFile = join(folder, 'ramp.wav');
const longFile = join(folder, 'long.wav');
const silentFile = join(folder, 'silent.mkv');
const wrongFile = join(folder, 'wrong.wav');
const SAMPLES = 16_000 * 0.35;

beforeAll(() => {
  const ramp = `aevalsrc=n/${SAMPLES}:s=16000:d=0.35`;
  makeMedia('-f', 'lavfi', '-i', ramp, '-c:a', 'pcm_s16le', rampFile);
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
    unending: () => play(longFile),
    silent: () => play(silentFile),
    broken: () => play(wrongFile),
    complaint: /wrong\.wav cannot be read as video or sound: \w/,
  }));
}
