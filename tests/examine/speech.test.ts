/** Speech cut out of a stream of sound; the detector is a stand-in that takes loud for speech. */
import { describe, expect, it } from 'vitest';
import { createSpeechCutter, windowTimes, type Utterance } from '../../agent/examine/speech.ts';
import { VAD_FRAME, type Vad } from '../../agent/perceive/vad.ts';
import { MEL_BANDS } from '../../models/preprocess/log-mel.ts';

const RATE_HZ = 16_000;

function loudIsSpeech(): Vad {
  let frame: number[] = [];
  return {
    hear(samples) {
      const found: number[] = [];
      for (const sample of samples) {
        frame.push(Math.abs(sample));
        if (frame.length < VAD_FRAME) continue;
        found.push(Math.max(...frame) > 0.01 ? 0.9 : 0.1);
        frame = [];
      }
      return Promise.resolve(found);
    },
    reset: () => (frame = []),
  };
}

/** A tone while `[from, to)` [s] of one of the stretches lasts, else near silence. */
const sound = (seconds: number, ...speech: readonly (readonly [number, number])[]): Float32Array =>
  Float32Array.from({ length: seconds * RATE_HZ }, (_, i) => {
    const t = i / RATE_HZ;
    const loud = speech.some(([from, to]) => t >= from && t < to);
    return (loud ? 0.2 : 1e-4) * Math.sin(2 * Math.PI * 300 * t);
  });

async function utterancesIn(samples: Float32Array, piece = 320): Promise<Utterance[]> {
  const cutter = createSpeechCutter(loudIsSpeech(), 0.5);
  const found: Utterance[] = [];
  for (let from = 0; from < samples.length; from += piece) {
    found.push(...(await cutter.hear(samples.subarray(from, from + piece))));
  }
  return [...found, ...cutter.end()];
}

const timesOf = (utterances: readonly Utterance[]) =>
  utterances.map((one) =>
    one.windows.map((window) => Object.values(windowTimes(one, window)).map((ms) => ms / 1000)),
  );

describe('a speech cutter', () => {
  it('finds no speech in silence', async () => {
    expect(await utterancesIn(sound(20))).toEqual([]);
  });
  it('finds no speech in a knock', async () => {
    expect(await utterancesIn(sound(5, [2, 2.1]))).toEqual([]);
  });
  it('finds no speech in a row of knocks', async () => {
    const knocks = Array.from({ length: 12 }, (_, i) => [1 + i * 0.5, 1.2 + i * 0.5] as const);
    expect(await utterancesIn(sound(10, ...knocks))).toEqual([]);
  });
  it('cuts a word to what is loud', async () => {
    const [[[from, to]]] = timesOf(await utterancesIn(sound(6, [2, 3.2]))) as [[[number, number]]];
    expect(from).toBeCloseTo(2, 1);
    expect(to).toBeCloseTo(3.2, 1);
  });
  it('keeps an utterance together over a short pause, parts it at a long one', async () => {
    expect(await utterancesIn(sound(8, [1, 2], [2.6, 3.5]))).toHaveLength(1);
    const two = timesOf(await utterancesIn(sound(10, [1, 2], [5, 6])));
    expect(two.map((windows) => windows.length)).toEqual([1, 1]);
    expect(two[1]?.[0]?.[0]).toBeCloseTo(5, 1);
  });
  it('hears a long utterance in windows of 3 s every second, the last to its end', async () => {
    const [windows] = timesOf(await utterancesIn(sound(9, [1, 6.5])));
    expect(windows?.map(([from, to]) => Math.round((to! - from!) * 100))).toEqual([300, 300, 300, 300]);
    expect(windows?.map(([from]) => Math.round(from! * 10) / 10)).toEqual([1, 2, 3, 3.5]);
  });
  it('hears speech that lasts until the very end of the file', async () => {
    const [windows] = timesOf(await utterancesIn(sound(3, [1.5, 3])));
    expect(windows?.at(-1)?.[1]).toBeCloseTo(3, 1);
  });
  it('parts speech without a pause, so that no utterance grows for ever', async () => {
    const utterances = await utterancesIn(sound(95, [0, 95]), 5000);
    expect(utterances.length).toBeGreaterThan(2);
    expect(Math.max(...utterances.map(({ db }) => db.length / MEL_BANDS))).toBeLessThanOrEqual(3300);
    const ends = timesOf(utterances)
      .flat()
      .map(([, to]) => to!);
    expect(Math.max(...ends)).toBeCloseTo(95, 0);
  });
  it('hears the same in pieces of any length', async () => {
    const samples = sound(9, [1, 2.5], [4, 6.2]);
    expect(timesOf(await utterancesIn(samples, 77))).toEqual(timesOf(await utterancesIn(samples, 40_000)));
  });
});
