/**
 * The source system's voice features: 50 MFCCs averaged over 3 s from 0.5 s (librosa's defaults: 2048-point
 * FFT every 512 samples, 128 Slaney mels, ortho DCT, 80 dB below the peak at most).
 * Input: mono samples at 22,050 Hz, -1..1. Output: 50 means; the network uses 1-49 (0 is loudness).
 */
import { PREPROCESSING } from './constants.ts';
import { createPowerSpectrum } from './fft.ts';
import { evenly, periodicHann, triangles, weighted, type Band } from './filter-bank.ts';

const SOURCE = PREPROCESSING.sourceVoice;
/** librosa.power_to_db: amin. */
const LEAST_POWER = 1e-10;

export interface MeanMfcc {
  /**
   * @param samples the recording from its begin; what lies before 0.5 s and after 3.5 s is not used,
   *   unless less than one FFT's length is left
   * @param into 50 numbers
   */
  of(samples: Float32Array, into: Float32Array): void;
}

export function createMeanMfcc(): MeanMfcc {
  const { fftSize, hopSamples, melBands, coefficients } = SOURCE;
  const spectrum = createPowerSpectrum(fftSize);
  const hann = periodicHann(fftSize);
  const frame = new Float64Array(fftSize);
  const power = new Float64Array(fftSize / 2 + 1);
  const bands = slaneyBands();
  const cosines = orthoCosines(coefficients, melBands);
  return {
    of(samples, into) {
      const clip = usedPart(samples);
      const frames = 1 + Math.floor(clip.length / hopSamples);
      const db = new Float64Array(frames * melBands);
      let peak = -Infinity;
      for (let i = 0; i < frames; i++) {
        const first = i * hopSamples - fftSize / 2;
        for (let k = 0; k < fftSize; k++) frame[k] = clip[reflected(first + k, clip.length)]! * hann[k]!;
        spectrum.of(frame, power);
        for (let band = 0; band < melBands; band++) {
          const value = 10 * Math.log10(Math.max(LEAST_POWER, weighted(power, bands[band]!)));
          db[i * melBands + band] = value;
          peak = Math.max(peak, value);
        }
      }
      const mean = meanOfFrames(db, melBands, peak - SOURCE.topDb);
      for (let c = 0; c < coefficients; c++) {
        into[c] = mean.reduce((sum, value, band) => sum + value * cosines[c * melBands + band]!, 0);
      }
    },
  };
}

/** 3 s from 0.5 s; a recording that leaves less than one FFT there is taken from its begin, with silence after it. */
function usedPart(samples: Float32Array): Float32Array {
  const start = Math.trunc(SOURCE.offsetS * SOURCE.sampleRateHz);
  const clip = samples.subarray(start, start + Math.trunc(SOURCE.lengthS * SOURCE.sampleRateHz));
  if (clip.length >= SOURCE.fftSize) return clip;
  const padded = new Float32Array(Math.max(SOURCE.fftSize, samples.length));
  padded.set(samples);
  return padded;
}

/** Before its begin and after its end the sound is mirrored at its first and last sample. */
function reflected(index: number, length: number): number {
  if (index < 0) return -index;
  return index < length ? index : 2 * (length - 1) - index;
}

/** Mean over the frames of each band, none below `floor`: the DCT is linear, so it may come after. */
function meanOfFrames(db: Float64Array, bands: number, floor: number): Float64Array {
  const mean = new Float64Array(bands);
  for (let i = 0; i < db.length; i++) mean[i % bands]! += Math.max(floor, db[i]!);
  return mean.map((sum) => (sum * bands) / db.length);
}

function orthoCosines(count: number, bands: number): Float64Array {
  return Float64Array.from({ length: count * bands }, (_, i) => {
    const [c, band] = [Math.floor(i / bands), i % bands];
    const scale = Math.sqrt((c === 0 ? 1 : 2) / bands);
    return scale * Math.cos((Math.PI / bands) * (band + 0.5) * c);
  });
}

/** Slaney's mels (Auditory Toolbox): linear below 1 kHz, then logarithmic; triangles of equal area. */
function slaneyBands(): Band[] {
  const linearHz = 200 / 3;
  const breakHz = 1000;
  const logStep = Math.log(6.4) / 27;
  const breakMel = breakHz / linearHz;
  const mel = (hz: number) => (hz < breakHz ? hz / linearHz : breakMel + Math.log(hz / breakHz) / logStep);
  const hz = (m: number) => (m < breakMel ? m * linearHz : breakHz * Math.exp(logStep * (m - breakMel)));
  const top = SOURCE.sampleRateHz / 2;
  const edges = evenly(mel(0), mel(top), SOURCE.melBands + 2).map(hz);
  const bins = SOURCE.fftSize / 2 + 1;
  return triangles(edges, bins, SOURCE.sampleRateHz / SOURCE.fftSize, (low, high) => 2 / (high - low));
}
