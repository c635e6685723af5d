import { expect, it } from 'vitest';
import type { AudioWindow } from '../../agent/capture/audio-window.ts';
import { clippedShare, levelDbfs, SILENCE_DBFS } from '../../agent/perceive/level.ts';
import { VAD_FRAME, type Vad } from '../../agent/perceive/vad.ts';
import { createVoice } from '../../agent/perceive/voice.ts';
import { affectOf } from '../stories/affect.ts';

/** Says "speech" for frames whose first sample is loud, and remembers what it was given. */
function fakeVad(): Vad & { heard: number; resets: number } {
  let rest: number[] = [];
  return {
    heard: 0,
    resets: 0,
    hear(samples) {
      this.heard += samples.length;
      rest.push(...samples);
      const probabilities: number[] = [];
      for (; rest.length >= VAD_FRAME; rest = rest.slice(VAD_FRAME))
        probabilities.push(rest[0]! > 0.5 ? 1 : 0);
      return Promise.resolve(probabilities);
    },
    reset() {
      this.resets += 1;
      rest = [];
    },
  };
}

const RATE = 16_000;
/** Sound that speaks from 2 s to 4 s. */
const sound = Float32Array.from({ length: 8 * RATE }, (_, i) => (i >= 2 * RATE && i < 4 * RATE ? 0.9 : 0.1));
const windowEndingAt = (endS: number, gap = false): AudioWindow => ({
  samples: sound.slice((endS - 3) * RATE, endS * RATE),
  sampleRateHz: RATE,
  atMs: endS * 1000,
  windowMs: 3000,
  gap,
});
const options = { vadThreshold: 0.5, clippedAt: 0.95, affectSpeechShare: 0.3 };

it('hears every sample once although windows overlap', async () => {
  const vad = fakeVad();
  const voice = createVoice(vad, options);
  for (const endS of [3, 4, 5, 6]) await voice.hear(windowEndingAt(endS));
  expect(vad.heard).toBe(6 * RATE);
  expect(vad.resets).toBe(1);
});

it('gives the share of speech in each window', async () => {
  const voice = createVoice(fakeVad(), options);
  const shares = [];
  for (const endS of [3, 4, 5, 6, 7]) shares.push((await voice.hear(windowEndingAt(endS))).speechShare);
  const expected = [1 / 3, 2 / 3, 2 / 3, 1 / 3, 0];
  shares.forEach((share, i) => expect(Math.abs(share - expected[i]!)).toBeLessThan(0.02));
});

it('begins anew after a hole', async () => {
  const vad = fakeVad();
  const voice = createVoice(vad, options);
  await voice.hear(windowEndingAt(3));
  const seen = await voice.hear(windowEndingAt(8, true));
  expect(vad.resets).toBe(2);
  expect(seen).toMatchObject({ gap: true, speechShare: 0 });
});

it('measures level and clipping', () => {
  expect(levelDbfs(new Float32Array(100).fill(0.1))).toBeCloseTo(-20);
  expect(levelDbfs(new Float32Array(100))).toBe(SILENCE_DBFS);
  expect(clippedShare(Float32Array.of(1, -1, 0.2, 0), 0.99)).toBe(0.5);
});

it('asks what a voice expresses only where there is speech enough and no hole', async () => {
  const read: number[] = [];
  const affect = {
    read: (window: AudioWindow) => {
      read.push(window.atMs);
      return Promise.resolve(affectOf({ neutral: 1 }));
    },
  };
  const voice = createVoice(fakeVad(), { ...options, affect, affectSpeechShare: 0.5 });
  const seen = [];
  for (const endS of [3, 4, 5, 6, 7]) seen.push(await voice.hear(windowEndingAt(endS)));
  expect(read).toEqual([4000, 5000]);
  expect(seen.map((window) => 'affect' in window)).toEqual([false, true, true, false, false]);
  await createVoice(fakeVad(), { ...options, affect }).hear(windowEndingAt(5, true));
  expect(read).toHaveLength(2);
});
