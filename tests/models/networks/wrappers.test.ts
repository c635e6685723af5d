/** The networks of ours behind their wrappers: what is fed, and how the logits are read. */
import { describe, expect, it } from 'vitest';
import type { Network, Tensors } from '../../../models/engines/engine.ts';
import { temperaturesFor, temperaturesOf } from '../../../models/networks/calibration.ts';
import { networkFile } from '../../../models/network-file.ts';
import {
  createEyeState,
  createFaceEmotion,
  createMouth,
  createSourceImage,
} from '../../../models/networks/pictures.ts';
import { createSourceVoice, createVoice } from '../../../models/networks/voices.ts';
import { EMOTIONS, PREPROCESSING } from '../../../models/preprocess/constants.ts';
import { packed } from '../../../models/preprocess/gray-picture.ts';
import { MEL_BANDS } from '../../../models/preprocess/log-mel.ts';
import { createMeanMfcc } from '../../../models/preprocess/mfcc.ts';

/** Answers with the given logits and remembers what it was fed. */
function remembering(logits: readonly number[]) {
  const fed: { data: Float32Array; dims: readonly number[] }[] = [];
  const network = {
    inputNames: ['input'],
    outputNames: ['logits'],
    run(feeds: Tensors) {
      const { data, dims } = feeds['input']!;
      fed.push({ data: Float32Array.from(data as Float32Array), dims });
      return Promise.resolve({ logits: { data: Float32Array.from(logits), dims: [1, logits.length] } });
    },
  };
  return { network: network as unknown as Network, fed };
}

const picture = packed(
  Uint8Array.from({ length: 60 * 20 }, (_, i) => (i * 7) % 251),
  60,
  20,
);
const only = (index: number, of: number, value = 50) =>
  Array.from({ length: of }, (_, i) => (i === index ? value : 0));

describe('networks that look', () => {
  it('reads the two heads of face-emotion apart', async () => {
    const { network, fed } = remembering(only(3, 7).concat(only(6, 7)));
    const { fer, ferplus } = await createFaceEmotion(network, { fer: 1, ferplus: 1 }).of(picture);
    expect([fer.happy, ferplus.surprise]).toEqual([expect.closeTo(1), expect.closeTo(1)]);
    expect(fed[0]?.dims).toEqual([1, 1, 48, 48]);
  });
  it('applies the temperature that was measured for each head', async () => {
    const { network } = remembering([1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    const { fer, ferplus } = await createFaceEmotion(network, { fer: 0.5, ferplus: 2 }).of(picture);
    expect(fer.angry).toBeCloseTo(Math.exp(2) / (Math.exp(2) + 6), 6);
    expect(ferplus.angry).toBeCloseTo(Math.exp(0.5) / (Math.exp(0.5) + 6), 6);
  });
  it('standardises what it feeds: mean 0, deviation 1, whatever the light', async () => {
    const { network, fed } = remembering([0, 0, 0]);
    const eye = createEyeState(network, {});
    await eye.of(picture);
    const values = fed[0]!.data;
    const mean = values.reduce((a, b) => a + b) / values.length;
    expect(mean).toBeCloseTo(0, 5);
    expect(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length).toBeCloseTo(1, 4);
  });
  it('feeds a mouth letterboxed, an eye stretched', async () => {
    const [mouth, eye] = [remembering([0, 0]), remembering([0, 0, 0])];
    await createMouth(mouth.network, {}).of(picture);
    await createEyeState(eye.network, {}).of(picture);
    const rows = (data: Float32Array) => [data.slice(0, 32), data.slice(32, 64)];
    const [first, second] = rows(mouth.fed[0]!.data);
    expect(first).toEqual(second); // the bar above a wide crop
    const [top, next] = rows(eye.fed[0]!.data);
    expect(top).not.toEqual(next);
  });
  it('takes the source image network for what it is: seven logits, its own deviation', async () => {
    const { network } = remembering(only(1, 7));
    expect((await createSourceImage(network).of(picture)).disgust).toBeCloseTo(1);
  });
});

describe('networks that listen', () => {
  it('reads emotions and sex apart, also where surprise is unknown', async () => {
    const six = EMOTIONS.slice(0, 6);
    const { network, fed } = remembering(only(5, 6).concat(only(0, 2)));
    const db = new Float32Array(MEL_BANDS * 100).fill(-30);
    const { emotion, sex } = await createVoice(network, six, { emotion: 1, sex: 1 }).of(db, 0, 100);
    expect(Object.keys(emotion)).toEqual([...six]);
    expect([emotion['sad'], sex.female]).toEqual([expect.closeTo(1), expect.closeTo(1)]);
    expect(fed[0]?.dims).toEqual([1, 1, 64, 300]);
  });
  it('centres short speech in its window, on the floor', async () => {
    const { network, fed } = remembering(only(0, 9));
    const db = new Float32Array(MEL_BANDS * 100).fill(-30);
    await createVoice(network, EMOTIONS, {}).of(db, 0, 100);
    const { data } = fed[0]!;
    const filled = [...data.slice(0, 300)].flatMap((value, i) => (value > -2 ? [i] : []));
    expect([filled[0], filled.at(-1)]).toEqual([100, 199]);
  });
  it("feeds the source's voice network 49 standardised coefficients, without loudness", async () => {
    const { network, fed } = remembering(only(9, 14));
    const mean = Array.from({ length: 50 }, (_, i) => i / 10);
    const std = Array.from({ length: 50 }, (_, i) => 1 + i / 10);
    const samples = Float32Array.from({ length: 70_000 }, (_, i) => Math.sin(i * i * 1e-6) / 3);
    const { emotion, sex } = await createSourceVoice(network, { mean, std }).of(samples);
    const mfcc = new Float32Array(PREPROCESSING.sourceVoice.coefficients);
    createMeanMfcc().of(samples, mfcc);
    const wanted = Array.from(mfcc, (value, i) => (value - mean[i]!) / std[i]!).slice(1);
    wanted.forEach((value, i) => expect(fed[0]!.data[i]).toBeCloseTo(value, 4));
    expect(fed[0]!.dims).toEqual([1, 1, 49]);
    expect([emotion['fear'], sex.male]).toEqual([expect.closeTo(1), expect.closeTo(1)]);
  });
});

describe('calibration', () => {
  it('comes from the metrics of our own weights', () => {
    expect(temperaturesOf('face-emotion')).toMatchObject({
      fer: expect.any(Number) as number,
      ferplus: expect.any(Number) as number,
    });
    expect(temperaturesOf('mouth')['only']).toBeGreaterThan(0);
  });
  it("is left out for a network of the user's own", async () => {
    const ours = await networkFile('mouth', { precision: 'fp32' });
    expect(temperaturesFor(ours)).toEqual(temperaturesOf('mouth'));
    expect(temperaturesFor({ ...ours, custom: { gives: 'probabilities' } })).toEqual({});
  });
});
