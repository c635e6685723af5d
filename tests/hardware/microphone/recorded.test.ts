import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../config/schema.ts';
import type { MicrophoneOverrides } from '../../../hardware/microphone/index.ts';
import { openMicrophone } from '../../../hardware/microphone/index.ts';
import type { MicrophoneEnd } from '../../../hardware/microphone/microphone.ts';
import { monotonicMs } from '../../../hardware/monotonic.ts';
import { makeMedia, temporaryFolder } from '../media.ts';

const folder = temporaryFolder();
const path = (name: string) => join(folder, name);
const config = configSchema.shape.microphone.parse({ driver: 'recorded' });
const { signal } = new AbortController();

interface Heard {
  readonly sound: readonly number[];
  readonly chunks: readonly { atMs: number; endMs: number }[];
  readonly end: MicrophoneEnd;
}

async function listen(file: string, overrides: MicrophoneOverrides = {}): Promise<Heard> {
  const microphone = openMicrophone(config, { file, pace: 'lossless', ...overrides });
  expect(await microphone.open(signal)).toMatchObject({ kind: 'sound' });
  const sound: number[] = [];
  const chunks: { atMs: number; endMs: number }[] = [];
  const end = await microphone.chunks(({ samples, atMs }) => {
    sound.push(...samples);
    chunks.push({ atMs, endMs: atMs + samples.length / 16 });
  }, signal);
  return { sound, chunks, end };
}

const loudest = (sound: readonly number[]) =>
  sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('a recorded microphone', () => {
  it('mixes and resamples whatever the file holds, without clipping', async () => {
    const tone = 'sin(2*PI*440*t)';
    const both = `aevalsrc=${tone}|${tone}:s=44100:d=1`;
    for (const codec of ['pcm_s16le', 'pcm_f32le'] as const) {
      const file = makeMedia('-f', 'lavfi', '-i', both, '-c:a', codec, path(`${codec}.wav`));
      const { sound } = await listen(file);
      expect(sound.length).toBe(16_000);
      expect(loudest(sound)).toBeGreaterThan(0.9); // full scale in both channels
      expect(loudest(sound)).toBeLessThan(1.05); // overshoot of the resampler, no sum of the channels
    }
  });

  it('takes the sound of a video, at the times of its picture', async () => {
    const picture = ['-f', 'lavfi', '-i', 'color=s=16x16:r=10:d=2'];
    const late = ['-itsoffset', '0.7', '-f', 'lavfi', '-i', 'sine=d=1'];
    const file = makeMedia(...picture, ...late, '-c:v', 'ffv1', '-c:a', 'pcm_s16le', path('video.mkv'));
    const { chunks, end } = await listen(file);
    expect(chunks[0]?.atMs).toBeCloseTo(700, -1);
    expect(chunks.at(-1)?.endMs).toBeCloseTo(1700, -1);
    expect(end).toMatchObject({ kind: 'finished', fault: null });
  });

  it('shows a hole in the sound in the times', async () => {
    const holed = ['-af', "aselect='lt(t,0.5)+gte(t,0.9)'"];
    const file = makeMedia(
      '-f',
      'lavfi',
      '-i',
      'sine=r=16000:d=1.4',
      ...holed,
      '-c:a',
      'pcm_s16le',
      path('hole.mkv'),
    );
    const { chunks, sound } = await listen(file);
    const holes = chunks.flatMap((chunk, n) => (n > 0 ? [chunk.atMs - chunks[n - 1]!.endMs] : []));
    const wide = holes.filter((ms) => ms > 40);
    expect(wide.length).toBe(1);
    expect(Math.abs(wide[0]! - 448)).toBeLessThan(20); // frames of 64 ms: 0.512 s to 0.960 s are missing
    expect(sound.length / 16).toBeCloseTo(1400 - 448, 0);
    expect(chunks.at(-1)?.endMs).toBeCloseTo(1400, -1);
  });

  it('hands over no sound before its time when it keeps its own pace', async () => {
    const file = makeMedia('-f', 'lavfi', '-i', 'sine=d=0.3', path('short.wav'));
    const originMs = monotonicMs() + 30;
    const microphone = openMicrophone(config, { file, pace: 'own', originMs });
    await microphone.open(signal);
    const earlyMs: number[] = [];
    await microphone.chunks(({ samples, atMs }) => {
      earlyMs.push(atMs + samples.length / 16 - monotonicMs());
    }, signal);
    expect(earlyMs.length).toBe(15);
    expect(Math.max(...earlyMs)).toBeLessThan(2); // a timer may be 1 ms early
  });

  it('says where a file ends too early', async () => {
    const whole = makeMedia('-f', 'lavfi', '-i', 'sine=d=8', '-c:a', 'flac', path('whole.mka'));
    writeFileSync(path('cut.mka'), readFileSync(whole).subarray(0, 60_000));
    const { end } = await listen(path('cut.mka'));
    expect(end.kind === 'finished' && end.fault).toMatch(
      /^cut\.mka ended early at \d\.\d s of 8\.0 s, .*: \w/,
    );
    expect(end.samples).toBeGreaterThan(16_000);
  });
});

describe('a microphone that is not there', () => {
  it('is silent and says why', async () => {
    const schema = configSchema.shape.microphone;
    const silent = (settings: object) => openMicrophone(schema.parse(settings)).open(signal);
    expect(await silent({})).toEqual({ kind: 'silent', reason: 'microphone.driver is "none"' });
    expect(await silent({ enabled: false, driver: 'recorded', file: 'x.wav' })).toMatchObject({
      kind: 'silent',
    });
    expect(await silent({ driver: 'recorded' })).toMatchObject({ kind: 'silent' });
  });
});
