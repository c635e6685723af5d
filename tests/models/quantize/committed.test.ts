/** The INT8 networks in the repository: the ones that were measured, and the same in their answers as their fp32. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSquarer, packed, standardise } from '../../../models/preprocess/gray-picture.ts';
import { WINDOW_VALUES } from '../../../models/preprocess/log-mel.ts';
import { logitsOf } from '../../../models/quantize/choose.ts';
import { divergence } from '../../../models/quantize/compare.ts';
import { readGraph } from '../../../models/quantize/onnx-file.ts';
import { RECIPES } from '../../../models/quantize/recipes.ts';
import type { Reading } from '../../../models/quantize/recipes.ts';
import { figures, readMetrics } from '../../../models/quantize/table.ts';
import { draws, engine } from './tiny.ts';

const MODELS = join(import.meta.dirname, '..', '..', '..', 'models');
const PORTRAIT = join(import.meta.dirname, '..', '..', 'fixtures', 'portrait.png');
const weights = (file: string): Buffer => readFileSync(join(MODELS, 'weights', file));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const all = readMetrics(join(MODELS, 'metrics'));

/** Nats on inputs unlike any real one; real ones are below 0.002. A broken network is above 0.5. */
const NEAR = 0.05;

describe.each(all)(
  '$network.int8.onnx',
  ({ network, weights: made, quantizedFrom, quantization, comparison }) => {
    it('is the file that was measured, made from the fp32 network beside it', () => {
      expect(sha256(weights(made.file)), `run 'npm run quantize -- ${network}'`).toBe(made.sha256);
      expect(sha256(weights(quantizedFrom.file)), `run 'npm run quantize -- ${network}'`).toBe(
        quantizedFrom.sha256,
      );
    });

    it('holds all weights but those of the layers kept in fp32 in eight bits, per channel', () => {
      const { nodes, constants } = readGraph(weights(made.file), made.file);
      for (const node of nodes.filter(({ op }) => op === 'Conv' || op === 'Gemm')) {
        const whole = constants.get(`${node.name}/weight/whole`);
        const inFloat = quantization.keptFloat.includes(node.name);
        expect(whole?.data instanceof Int8Array, node.name).toBe(!inFloat);
        if (whole) expect(constants.get(`${node.name}/weight/scale`)!.dims).toEqual([whole.dims[0]]);
      }
    });

    it('answers as its fp32 on pieces of the portrait, or on drawn sound', async () => {
      const { heads, reading } = RECIPES[network]!;
      const graph = readGraph(weights(quantizedFrom.file), quantizedFrom.file);
      const inputs = await someInputs(reading);
      const [before, after] = await Promise.all(
        [quantizedFrom, made].map(({ file }) => logitsOf(engine, weights(file), graph, inputs)),
      );
      for (const head of heads) expect(divergence(before!, after!, head), head.name).toBeLessThan(NEAR);
    });

    it('was compared on inputs, and agreed with its fp32 on 98 of 100 or more', () => {
      expect(comparison.n).toBeGreaterThan(300);
      for (const [head, { agreement }] of Object.entries(comparison.heads)) {
        expect(agreement, head).toBeGreaterThanOrEqual(0.98);
      }
    });
  },
);

it('was never calibrated on a Kaggle eye, whatever file it came in', () => {
  const eyes = all.find(({ network }) => network === 'eye-state')!;
  expect(eyes.comparison.groups['kaggle-eyes']!.n).toBeGreaterThan(300);
  expect(eyes.comparison.copiesOfCalibration['kaggle-eyes']).toBe(0);
});

it('has the figures of the metrics in its README', () => {
  expect(readFileSync(join(MODELS, 'quantize', 'README.md'), 'utf8')).toContain(figures(all));
});

async function someInputs(reading: Reading): Promise<Float32Array[]> {
  if (reading.kind === 'mean-mfcc')
    return Array.from({ length: 12 }, (_, i) => draws(i, 49).map((x) => x * 1.5));
  if (reading.kind === 'log-mel') return Array.from({ length: 12 }, (_, i) => drawnSound(i));
  const squarer = createSquarer(reading.side);
  const inputs: Float32Array[] = [];
  for (let k = 0; k < 12; k++) {
    const region = { left: 130 + 6 * k, top: 40 + 4 * k, width: 190 - 10 * k, height: 180 - 10 * k };
    const pixels = await sharp(PORTRAIT).removeAlpha().extract(region).grayscale().raw().toBuffer();
    squarer[reading.fit](packed(pixels, region.width, region.height));
    const input = new Float32Array(reading.side ** 2);
    standardise(squarer.pixels, reading.minStd, input);
    inputs.push(input);
  }
  return inputs;
}

/** Harmonics that swell and fade over a noisy floor, in the range of a log-mel window. */
function drawnSound(seed: number): Float32Array {
  const noise = draws(seed, WINDOW_VALUES);
  const [step, beat] = [5 + (seed % 4), 20 + 3 * seed];
  return noise.map((value, i) => {
    const [band, frame] = [Math.floor(i / 300), i % 300];
    const voiced = frame > 40 && frame < 250 && band % step < 2 ? 1.4 + Math.sin(frame / beat) : 0;
    return Math.min(2, Math.max(-2, -1.6 + 0.3 * value - band / 100 + voiced));
  });
}
