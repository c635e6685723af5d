/** `cabinwatch run` from start to end: the drive begins or one sentence says why not. */
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeMedia } from '../hardware/media.ts';
import { commandLine, temporaryFolder } from './command-line.ts';

const folder = temporaryFolder();
const cabinwatch = commandLine(folder);

/** Runs a recording without a broker. */
function run(recording: string) {
  const file = join(folder, `${recording}.yaml`);
  const camera = `camera: { driver: recorded, file: ${recording}, pace: lossless }`;
  writeFileSync(file, `dataDir: data-${recording}\nlogLevel: error\n${camera}\nconsole: { port: 0 }\n`);
  return cabinwatch.run(['run', '--config', file]);
}

it('ends with the drive', async () => {
  makeMedia('-f', 'lavfi', '-i', 'testsrc=s=160x120:r=5:d=1', '-c:v', 'ffv1', join(folder, 'drive.mkv'));
  expect(await run('drive.mkv')).toEqual({ status: 0, out: '', err: '' });
});

it('does not start again and again with a recording that cannot be played', async () => {
  const { status, err } = await run('none.mkv');
  expect(status).toBe(1);
  expect(err).toMatch(
    /^cabinwatch run: \S+none\.mkv does not exist: give the path of a video or sound file\n$/,
  );
});
