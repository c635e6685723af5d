/** The speakers: real aplay on ALSA's null device where it is installed, and programs that stand in for it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configSchema, type WarnConfig } from '../../config/schema.ts';
import { openSpeaker, type Cue, type Speaker } from '../../hardware/speaker/index.ts';

const hasAplay = (process.env['PATH'] ?? '').split(':').some((path) => existsSync(join(path, 'aplay')));
if (!hasAplay) console.log('skipped: what needs aplay, for alsa-utils is not installed');
const MICROSLEEP: Cue = { kind: 'microsleep', severity: 3 };
const NOTICE: Cue = { kind: 'face-lost', severity: 1 };

let folder: string;
let speaker: Speaker | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cabinwatch-speaker-'));
});
afterEach(() => {
  speaker?.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function open(warn: Partial<WarnConfig>) {
  const said: Cue[] = [];
  const health: (string | null)[] = [];
  const config = { ...configSchema.parse({}).warn, ...warn };
  speaker = openSpeaker(
    config,
    (cue) => said.push(cue),
    (fault) => health.push(fault),
  );
  return { speaker, said, health };
}

/** An `aplay` that writes its arguments into a file and then does as it is told. */
function standIn(does: string): () => string[] {
  const log = join(folder, 'played');
  writeFileSync(join(folder, 'aplay'), `#!/bin/sh\necho "$@" >> ${log}\n${does}\n`);
  chmodSync(join(folder, 'aplay'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
  return () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(5);
};

describe('aplay', () => {
  it.skipIf(!hasAplay).each([1, 2, 3] as const)('plays the sound of severity %i', async (severity) => {
    const { speaker, health } = open({ sound: 'aplay', device: 'null' });
    speaker.sound({ kind: 'distraction', severity });
    await until(() => health.length > 0);
    expect(health).toEqual([null]);
  });

  it.skipIf(!hasAplay)('says in one sentence that its device is not there', async () => {
    const { speaker, health } = open({ sound: 'aplay', device: 'nowhere' });
    speaker.sound(MICROSLEEP);
    await until(() => health.length > 0);
    expect(health).toEqual([expect.stringMatching(/^aplay on nowhere failed: .+$/)]);
  });

  it('takes the sound of a kind where there is one, else that of the severity', async () => {
    const played = standIn('exit 0');
    writeFileSync(join(folder, 'microsleep.wav'), '');
    const { speaker, health } = open({ sound: 'aplay', device: 'hw:1', folder });
    speaker.sound(MICROSLEEP);
    await until(() => health.length === 1);
    speaker.sound(NOTICE);
    await until(() => health.length === 2);
    expect(played()).toEqual([
      `-q -D hw:1 ${join(folder, 'microsleep.wav')}`,
      `-q -D hw:1 ${join(folder, 'notice.wav')}`,
    ]);
  });

  it('ends a sound for a newer one, which is no fault', async () => {
    // As aplay does: ended by a signal, it says so and exits with 1.
    const played = standIn(
      'case "$*" in *notice*) exit 0;; esac; trap "echo Aborted by signal >&2; exit 1" TERM; while :; do sleep 0.02; done',
    );
    const { speaker, health } = open({ sound: 'aplay', folder });
    speaker.sound(MICROSLEEP);
    await until(() => played().length === 1);
    speaker.sound(NOTICE);
    await until(() => health.length > 0);
    await sleep(200);
    expect(health).toEqual([null]);
  });

  it('stops what sounds when it is closed', async () => {
    const played = standIn(
      `trap "echo ended >> ${join(folder, 'end')}; exit 1" TERM; while :; do sleep 0.02; done`,
    );
    const { speaker, health } = open({ sound: 'aplay', folder });
    speaker.sound(MICROSLEEP);
    await until(() => played().length === 1);
    speaker.close();
    await until(() => existsSync(join(folder, 'end')));
    expect(health).toEqual([]);
  });

  it('is tried again after it failed, and says that it is well again', async () => {
    standIn(
      `[ -e ${join(folder, 'plugged-in')} ] || { echo 'aplay: main:831: no such device' >&2; exit 1; }`,
    );
    const { speaker, health } = open({ sound: 'aplay', folder });
    speaker.sound(MICROSLEEP);
    await until(() => health.length === 1);
    writeFileSync(join(folder, 'plugged-in'), '');
    speaker.sound(MICROSLEEP);
    await until(() => health.length === 2);
    expect(health).toEqual(['aplay on default failed: aplay: main:831: no such device', null]);
  });

  it('says that it is not installed, once and in words that help', async () => {
    vi.stubEnv('PATH', folder);
    const { speaker, health } = open({ sound: 'aplay' });
    expect(() => speaker.sound(MICROSLEEP)).not.toThrow();
    await until(() => health.length > 0);
    await sleep(100);
    expect(health).toEqual(['aplay is not installed: apt-get install alsa-utils']);
  });
});

describe('the others', () => {
  it('log writes a line a cue, none nothing', () => {
    const logged = open({ sound: 'log' });
    logged.speaker.sound(MICROSLEEP);
    expect(logged.said).toEqual([MICROSLEEP]);
    const silent = open({ sound: 'none' });
    silent.speaker.sound(MICROSLEEP);
    expect([silent.said, silent.health]).toEqual([[], []]);
  });
});

it('comes with a short sound for each severity', () => {
  const sounds = new URL('../../hardware/sounds/', import.meta.url).pathname;
  for (const name of ['notice', 'warning', 'critical']) {
    const file = join(sounds, `${name}.wav`);
    const argv = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file];
    const seconds = Number(execFileSync('ffprobe', argv, { encoding: 'utf8' }));
    expect([name, seconds > 0.05 && seconds < 3]).toEqual([name, true]);
  }
});
