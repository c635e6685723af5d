/**
 * Weights and biases in whole numbers. Weights: signed eight bits, one scale per output channel, zero at
 * zero. Biases: 32 bits in units of input scale x weight scale, so that they add to the products as they are.
 */
import type { FloatConstant } from './graph.ts';
import type { Range } from './ranges.ts';

const LARGEST = 127;
/** Half of what 32 bits hold: the products need room too. */
const LARGEST_BIAS = 2 ** 30;

/** Scale and zero point of values in unsigned eight bits: value = (q - zero) x scale. */
export interface ValueScale {
  readonly scale: number;
  readonly zero: number;
}

/** Whole-number weights; `scales` has one entry per output channel (axis 0). */
export interface WholeWeights {
  readonly data: Int8Array;
  readonly scales: Float32Array;
}

/** Spans `range` by 0..255 with 0 exactly representable. */
export function valueScale({ low, high }: Range): ValueScale {
  const scale = Math.fround(Math.max((high - low) / 255, 1e-8));
  return { scale, zero: Math.min(255, Math.max(0, Math.round(-low / scale))) };
}

/**
 * @param weights [outputs, ...] row-major
 * @param least smallest allowed scale of each channel, so that its bias fits in 32 bits
 */
export function wholeWeights(
  { dims, data }: FloatConstant,
  least: (channel: number) => number,
): WholeWeights {
  const channels = dims[0] ?? 1;
  const perChannel = data.length / channels;
  const whole = new Int8Array(data.length);
  const scales = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const from = channel * perChannel;
    let peak = 0;
    for (let i = from; i < from + perChannel; i++) peak = Math.max(peak, Math.abs(data[i]!));
    const scale = Math.fround(Math.max(peak / LARGEST, least(channel), 1e-12));
    scales[channel] = scale;
    for (let i = from; i < from + perChannel; i++) whole[i] = clamp(Math.round(data[i]! / scale));
  }
  return { data: whole, scales };
}

const clamp = (value: number): number => Math.min(LARGEST, Math.max(-LARGEST, value));

/** The smallest weight scale with which `bias` still fits. */
export const leastScale = (bias: number, inputScale: number): number =>
  Math.abs(bias) / inputScale / LARGEST_BIAS;

/** Biases in units of input scale x weight scale. */
export const wholeBias = (bias: Float32Array, inputScale: number, scales: Float32Array): Int32Array =>
  Int32Array.from(bias, (b, channel) => Math.round(b / (inputScale * scales[channel]!)));
