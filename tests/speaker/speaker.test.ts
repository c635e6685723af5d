/** The speakers: real aplay on ALSA's null device where it is installed, and programs that stand in for it. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ALERT_KINDS } from '../../agent/judge/outcome.ts';
import { configSchema, type WarnConfig } from '../../config/schema.ts';
import { loadClips } from '../../hardware/speaker/clips.ts';
import { openSpeaker, type Cue, type Speaker } from '../../hardware/speaker/index.ts';
import { readClip } from '../../hardware/speaker/wav.ts';

const hasAplay = (process.env['PATH'] ?? '').split(':').some((path) => existsSync(join(path, 'aplay')));
if (!hasAplay) console.log('skipped: what needs aplay, for alsa-utils is not installed');
const MICROSLEEP: Cue = { kind: 'microsleep', severity: 3 };
const NOTICE: Cue = { kind: 'face-lost', severity: 1 };

let folder: string;
let speaker: Speaker | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cabinwatch-speaker-'));
});
afterEach(async () => {
  await speaker?.close();
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

/** A WAV file whose samples are the name: 16-bit, mono. */
function clip(name: string, file = join(folder, `${name}.wav`)): void {
  const data = Buffer.from(name.padEnd(2 * Math.ceil(name.length / 2)));
  const head = Buffer.from('RIFF....WAVEfmt ....................data....', 'latin1');
  const sizes = [
    [16, 16],
    [24, 16_000],
    [28, 32_000],
    [40, data.length],
  ] as const;
  for (const [at, size] of sizes) head.writeUInt32LE(size, at);
  [1, 1].forEach((value, i) => head.writeUInt16LE(value, 20 + 2 * i));
  [2, 16].forEach((value, i) => head.writeUInt16LE(value, 32 + 2 * i));
  writeFileSync(file, Buffer.concat([head, data]));
}

/** An `aplay` that writes its arguments and what it got after the header into a file, and does as it is told. */
function standIn(does: string): () => string[] {
  const log = join(folder, 'played');
  writeFileSync(
    join(folder, 'aplay'),
    `#!/bin/bash\nclip=$(tail -c +45 | LC_ALL=C tr -cd a-z- | head -c 30)\necho "$* $clip" >> ${log}\n${does}\n`,
  );
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
    await speaker.sound({ kind: 'distraction', severity });
    await until(() => health.length > 0);
    expect(health).toEqual([null]);
  });

  it.skipIf(!hasAplay)('says in one sentence that its device is not there', async () => {
    const { speaker, health } = open({ sound: 'aplay', device: 'nowhere' });
    await speaker.sound(MICROSLEEP);
    await until(() => health.length > 0);
    expect(health).toEqual([expect.stringMatching(/^aplay on nowhere failed: .+$/)]);
  });

  it('takes the sound of a kind and severity, else of the kind, else of the severity, else its own', async () => {
    const played = standIn('exit 0');
    const volume = { notice: 1, warning: 1, critical: 1 };
    for (const name of ['distraction', 'distraction-critical', 'warning']) clip(name);
    const { speaker } = open({ sound: 'aplay', device: 'hw:1', folder, volume });
    await speaker.sound({ kind: 'distraction', severity: 3 });
    await speaker.sound({ kind: 'distraction', severity: 2 });
    await speaker.sound({ kind: 'drowsiness', severity: 2 });
    expect(played()).toEqual([
      '-q -D hw:1 - distraction-critical',
      '-q -D hw:1 - distraction',
      '-q -D hw:1 - warning',
    ]);
    const own = join(import.meta.dirname, '../../hardware/sounds/face-lost.wav');
    writeFileSync(join(folder, 'aplay'), `#!/bin/sh\ncat > ${join(folder, 'got')}\n`);
    await speaker.sound(NOTICE);
    expect(readFileSync(join(folder, 'got'))).toEqual(readFileSync(own));
  });

  it('plays a severity at its volume', async () => {
    writeFileSync(join(folder, 'aplay'), `#!/bin/sh\ncat > ${join(folder, 'got')}\n`);
    chmodSync(join(folder, 'aplay'), 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
    clip('warning');
    const { speaker } = open({ sound: 'aplay', folder, volume: { notice: 1, warning: 0.5, critical: 1 } });
    await speaker.sound({ kind: 'drowsiness', severity: 2 });
    const [before, after] = ['warning.wav', 'got'].map((name) => readFileSync(join(folder, name)));
    expect(after?.subarray(0, 44)).toEqual(before?.subarray(0, 44));
    for (const at of [44, 46, 48, 50])
      expect(after?.readInt16LE(at)).toBe(Math.round((before?.readInt16LE(at) ?? 0) / 2));
  });

  it('plays from memory: a disk that stands still delays no warning', async () => {
    const played = standIn('exit 0');
    clip('microsleep');
    const { speaker } = open({ sound: 'aplay', folder });
    rmSync(join(folder, 'microsleep.wav'));
    await speaker.sound(MICROSLEEP);
    expect(played()).toEqual(['-q -D default - microsleep']);
  });

  it.each([
    ['microsleep.wav', 'ID3, not RIFF', /^sounds left out: microsleep\.wav: it is no WAV file$/],
    ['wake-up.wav', '', /^sounds left out: wake-up\.wav: no alert is called so$/],
  ])('says that a file of the folder cannot be used: %s', async (name, content, words) => {
    const played = standIn('exit 0');
    clip('critical');
    writeFileSync(join(folder, name), content);
    const { speaker, health } = open({ sound: 'aplay', folder });
    await speaker.sound({ kind: 'unresponsive', severity: 3 });
    expect(played()).toEqual(['-q -D default - critical']);
    await until(() => health.length === 2);
    expect(health).toEqual([expect.stringMatching(words), health[0]]);
  });

  it('says that the folder is missing, and plays its own', async () => {
    const played = standIn('exit 0');
    const { speaker, health } = open({ sound: 'aplay', folder: join(folder, 'nowhere') });
    expect(health).toEqual([expect.stringMatching(/^sounds left out: folder .*nowhere: ENOENT/)]);
    await speaker.sound(MICROSLEEP);
    expect(played()).toHaveLength(1);
  });

  it('ends a sound for a newer one, which is no fault', async () => {
    // As aplay does: ended by a signal, it says so and exits with 1.
    const played = standIn(
      'case "$*$clip" in *notice*) exit 0;; esac; trap "echo Aborted by signal >&2; exit 1" TERM; while :; do sleep 0.02; done',
    );
    ['critical', 'notice', 'face-lost', 'microsleep'].forEach((name) =>
      clip(name === 'face-lost' ? 'notice' : name, join(folder, `${name}.wav`)),
    );
    const { speaker, health } = open({
      sound: 'aplay',
      folder,
      volume: { notice: 1, warning: 1, critical: 1 },
    });
    const first = speaker.sound(MICROSLEEP);
    await until(() => played().length === 1);
    await speaker.sound(NOTICE);
    await first;
    await until(() => health.length > 0);
    await sleep(200);
    expect(health).toEqual([null]);
  });

  it('lets the old one end before the new one opens the device, even one that takes its time', async () => {
    // A device without a mixer: whoever finds it taken fails. The first holds it for a while after SIGTERM.
    const device = join(folder, 'device');
    const played = standIn(
      `mkdir ${device} 2>/dev/null || { echo 'Device or resource busy' >&2; exit 1; }
case "$clip" in notice) rmdir ${device}; exit 0;; esac
trap "sleep 0.02; rmdir ${device}; exit 1" TERM; while :; do sleep 0.01; done`,
    );
    for (const name of ['microsleep', 'face-lost'])
      clip(name === 'face-lost' ? 'notice' : name, join(folder, `${name}.wav`));
    const { speaker, health } = open({
      sound: 'aplay',
      folder,
      volume: { notice: 1, warning: 1, critical: 1 },
    });
    void speaker.sound(MICROSLEEP);
    await until(() => existsSync(device));
    await speaker.sound(NOTICE);
    await until(() => health.length > 0);
    expect([played().length, health]).toEqual([2, [null]]);
  });

  it('does not wait for ever for one that does not end', async () => {
    const played = standIn('trap "" TERM; while :; do sleep 0.02; done');
    const { speaker } = open({ sound: 'aplay', folder });
    void speaker.sound(MICROSLEEP);
    await until(() => played().length === 1);
    void speaker.sound(MICROSLEEP);
    await until(() => played().length === 2);
  });

  it('plays the newest alone when several come at once', async () => {
    const played = standIn('trap "exit 1" TERM; while :; do sleep 0.02; done');
    for (const name of ['microsleep', 'sleep', 'lockout']) clip(name);
    const { speaker } = open({ sound: 'aplay', folder });
    void speaker.sound(MICROSLEEP);
    await until(() => played().length === 1);
    void speaker.sound({ kind: 'sleep', severity: 3 });
    void speaker.sound({ kind: 'lockout', severity: 3 });
    await until(() => played().length === 2);
    expect(played()[1]).toBe('-q -D default - lockout');
  });

  it('stops what sounds when it is closed', async () => {
    const played = standIn(
      `trap "echo ended >> ${join(folder, 'end')}; exit 1" TERM; while :; do sleep 0.02; done`,
    );
    const { speaker, health } = open({ sound: 'aplay', folder });
    void speaker.sound(MICROSLEEP);
    await until(() => played().length === 1);
    await speaker.close();
    await until(() => existsSync(join(folder, 'end')));
    expect(health).toEqual([]);
  });

  it('is tried again after it failed, and says that it is well again', async () => {
    standIn(
      `[ -e ${join(folder, 'plugged-in')} ] || { echo 'aplay: main:831: no such device' >&2; exit 1; }`,
    );
    const { speaker, health } = open({ sound: 'aplay', folder });
    await speaker.sound(MICROSLEEP);
    await until(() => health.length === 1);
    writeFileSync(join(folder, 'plugged-in'), '');
    await speaker.sound(MICROSLEEP);
    await until(() => health.length === 2);
    expect(health).toEqual([
      'aplay on default failed: aplay: main:831: no such device (is it plugged in?)',
      null,
    ]);
  });

  it('says that it is not installed, once and in words that help', async () => {
    vi.stubEnv('PATH', folder);
    const { speaker, health } = open({ sound: 'aplay' });
    await speaker.sound(MICROSLEEP);
    await sleep(100);
    expect(health).toEqual(['aplay is not installed: apt-get install alsa-utils']);
  });
});

describe('the others', () => {
  it('log writes a line a cue, none nothing', async () => {
    const logged = open({ sound: 'log' });
    await logged.speaker.sound(MICROSLEEP);
    expect(logged.said).toEqual([MICROSLEEP]);
    const silent = open({ sound: 'none' });
    await silent.speaker.sound(MICROSLEEP);
    expect([silent.said, silent.health]).toEqual([[], []]);
  });
});

describe('the sounds that come along', () => {
  const folder = join(import.meta.dirname, '../../hardware/sounds');
  const clips = readdirSync(folder).filter((file) => file.endsWith('.wav'));

  it('have one for each severity and each kind of alert', () => {
    const wanted = ['notice', 'warning', 'critical', ...ALERT_KINDS].map((name) => `${name}.wav`);
    expect(wanted.filter((name) => !clips.includes(name))).toEqual([]);
  });

  it('are all used, short, loud and small', () => {
    expect(loadClips([folder], { notice: 1, warning: 1, critical: 1 }).fault).toBeNull();
    let bytes = 0;
    for (const name of clips) {
      const wav = readFileSync(join(folder, name));
      bytes += wav.length;
      const clip = readClip(wav);
      if (typeof clip === 'string') throw new Error(`${name}: ${clip}`);
      // Shorter than the pause between two critical ones; peak -1 dB, which sox keeps to within a few steps.
      expect([name, clip.lengthMs > 100 && clip.lengthMs < 3000]).toEqual([name, true]);
      const samples = new Int16Array(
        wav.buffer.slice(wav.byteOffset + clip.fromByte, wav.byteOffset + clip.toByte),
      );
      const peak = samples.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0) / 32_768;
      expect([name, peak > 0.85 && peak < 0.95]).toEqual([name, true]);
    }
    expect(bytes).toBeLessThan(1_000_000);
  });
});
