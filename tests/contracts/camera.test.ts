/** Every camera driver against the one contract. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import { openCamera } from '../../hardware/camera/index.ts';
import { fakePrograms } from '../fakes/programs.ts';
import { decodeRaw, makeMedia, numberedFrames, temporaryFolder } from '../hardware/media.ts';
import { cameraContract } from './camera.contract.ts';

const folder = temporaryFolder();
const numberedFile = join(folder, 'numbered.mkv');
const longFile = join(folder, 'long.mkv');
const rawFile = join(folder, 'numbered.gray');
const wrongFile = join(folder, 'wrong.mkv');
const FRAMES = 12;
const FORMAT = { width: 48, height: 32, pixelFormat: 'gray8' } as const;

beforeAll(() => {
  makeMedia(...numberedFrames(48, 32, 25, FRAMES), '-c:v', 'ffv1', numberedFile);
  makeMedia(
    '-f',
    'lavfi',
    '-i',
    'color=gray:s=48x32:r=25,format=gray',
    '-t',
    '120',
    '-c:v',
    'ffv1',
    longFile,
  );
  writeFileSync(rawFile, decodeRaw(numberedFile, 'gray'));
  writeFileSync(wrongFile, 'this is no video');
});

const schema = configSchema.shape.camera;

for (const pace of ['own', 'lossless'] as const) {
  const play = (file: string) => openCamera(schema.parse({ driver: 'recorded', file, pace }));
  cameraContract(`recorded, ${pace} pace`, () => ({
    numbered: () => play(numberedFile),
    frames: FRAMES,
    format: FORMAT,
    unending: () => play(longFile),
    broken: () => play(wrongFile),
    complaint: /wrong\.mkv cannot be read as video or sound: \w/,
  }));
}

/** The schema's smallest picture is larger than a fast test needs; geometry comes from the settings alone. */
const pipe = (argv: string[]) =>
  openCamera({
    ...schema.parse({ driver: 'pipe', preset: 'none', argv, pixelFormat: 'gray8' }),
    ...{ width: FORMAT.width, height: FORMAT.height },
  });

cameraContract('pipe', () => ({
  numbered: () => pipe(['cat', rawFile]),
  frames: FRAMES,
  format: FORMAT,
  unending: () => pipe(['sh', '-c', `while cat "${rawFile}"; do sleep 0.05; done | cat`]),
  broken: () => pipe(['sh', '-c', 'echo starting >&2; echo the cable is out >&2; exit 3']),
  complaint: /^camera program "sh" ended with code 3 after 0 frames: the cable is out$/,
}));

const fakes = fakePrograms(folder);
/** fswebcam takes a shot a call: the nth picture, then no more camera. */
const fswebcam = (name: string, body: string) => fakes.make('fswebcam', name, body);

beforeAll(() => {
  makeMedia('-i', numberedFile, '-pix_fmt', 'gray', '-q:v', '1', join(folder, 'shot-%d.jpg'));
});

cameraContract('stills', () => {
  const stills = (bin: string) =>
    fakes.in(bin, () =>
      openCamera({
        ...schema.parse({ driver: 'stills', pixelFormat: 'gray8', fps: 60 }),
        ...{ width: FORMAT.width, height: FORMAT.height },
      }),
    );
  const count = join(folder, `shots-${randomUUID()}`);
  const next = `n=$(($(cat ${count} 2>/dev/null || echo 0)+1)); echo $n >${count}; f=${folder}/shot-$n.jpg`;
  return {
    numbered: () => stills(fswebcam('numbered', `${next}; [ -f $f ] && cat $f || rm ${count}`)),
    frames: FRAMES,
    format: FORMAT,
    unending: () => stills(fswebcam('unending', `cat ${folder}/shot-1.jpg`)),
    broken: () =>
      stills(fswebcam('broken', 'printf "\\033[31mstat: No such file or directory\\033[0m\\n" >&2')),
    complaint: /^fswebcam took no picture: stat: No such file or directory \(is it plugged in\?\)$/,
  };
});
