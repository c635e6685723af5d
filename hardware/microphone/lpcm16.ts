/**
 * Microphone of the vehicle: node-record-lpcm16 over arecord or sox.
 *
 * In:  `microphone` settings.
 * Out: mono Float32 at 16 kHz in chunks of at most 20 ms, with the time of arrival less their length and
 *      `latencyMs` (CLOCK_MONOTONIC); see sample-clock.ts for bursts, drift and holes.
 *
 * The library starts the recorder; the process is then ours: a missing program, its words, its end and
 * its standard input are looked after here, so that all of it is a value and nothing is left behind.
 */
import recorder from 'node-record-lpcm16';
import type { MicrophoneConfig } from '../../config/schema/capture.ts';
import { hinted } from '../device-hints.ts';
import { monotonicMs } from '../monotonic.ts';
import type { Exit, Subprocess } from '../subprocess.ts';
import { adoptSubprocess } from '../subprocess.ts';
import type { Microphone, MicrophoneEnd, SoundTaker } from './microphone.ts';
import { SampleClock } from './sample-clock.ts';

const CHUNK_MS = 20;
const BYTES_PER_SAMPLE = 2;
/** 16-bit steps on each side of zero. */
const FULL_SCALE = 32_768;
/** A program that closed its output is given so long to go by itself [ms]. */
const EXIT_WAIT_MS = 2000;

/** What to install, by recorder. */
const PACKAGES: Readonly<Record<MicrophoneConfig['recorder'], string>> = {
  arecord: 'arecord is not installed: apt-get install alsa-utils',
  sox: 'sox is not installed: apt-get install sox libsox-fmt-alsa',
  rec: 'rec is not installed: apt-get install sox libsox-fmt-alsa',
};

/** Makes the microphone; nothing is started yet. @param nowMs the clock of arrival [ms]. */
export function lpcm16Microphone(config: MicrophoneConfig, nowMs: () => number = monotonicMs): Microphone {
  return {
    name: `${config.recorder} ${config.device}`,
    endless: true,
    open: () => Promise.resolve({ kind: 'sound', sampleRateHz: config.sampleRateHz }),
    chunks: (take, signal) =>
      signal.aborted ? Promise.resolve({ kind: 'aborted', samples: 0 }) : listen(config, nowMs, take, signal),
  };
}

async function listen(
  config: MicrophoneConfig,
  nowMs: () => number,
  take: SoundTaker,
  signal: AbortSignal,
): Promise<MicrophoneEnd> {
  const { process } = recorder.record({
    ...{ recorder: config.recorder, device: config.device, sampleRate: config.sampleRateHz },
    ...{ channels: 1, audioType: 'raw' },
  });
  const program = adoptSubprocess(process);
  // The library's listener set the stream flowing: what flows before we read would be lost.
  program.stdout.pause();
  const stop = () => void program.end(0);
  signal.addEventListener('abort', stop);
  const feed = new LiveFeed(config, nowMs, take, signal);
  try {
    const ended = await feed.run(program);
    const exit = await program.end(ended ? EXIT_WAIT_MS : 0);
    const { samples } = feed;
    if (signal.aborted) return { kind: 'aborted', samples };
    return { kind: 'failed', samples, reason: loss(config, samples, exit, program) };
  } finally {
    signal.removeEventListener('abort', stop);
    await program.end(0);
  }
}

/** One sentence: how the recorder ended and what it said about it. */
function loss(config: MicrophoneConfig, samples: number, exit: Exit, program: Subprocess): string {
  const { recorder: name, sampleRateHz } = config;
  if (exit.kind === 'not-started') {
    return exit.code === 'ENOENT' ? PACKAGES[name] : `${name} could not be started: ${exit.code}`;
  }
  const how = exit.kind === 'killed' ? `was ended by ${exit.signal}` : `ended with code ${exit.code}`;
  const { error } = program.complaints();
  const said = error === '' ? 'it gave no reason' : hinted(error);
  return `${name} ${how} after ${(samples / sampleRateHz).toFixed(1)} s of sound: ${said}`;
}

/** Turns the byte stream into chunks of Float32 with their times. */
class LiveFeed {
  readonly #config: MicrophoneConfig;
  readonly #nowMs: () => number;
  readonly #take: SoundTaker;
  readonly #signal: AbortSignal;
  readonly #clock: SampleClock;
  readonly #chunk: Float32Array;
  /** The first byte of a sample whose second has not come yet. */
  #half: Uint8Array = new Uint8Array(0);
  samples = 0;

  constructor(config: MicrophoneConfig, nowMs: () => number, take: SoundTaker, signal: AbortSignal) {
    this.#config = config;
    this.#nowMs = nowMs;
    this.#take = take;
    this.#signal = signal;
    this.#clock = new SampleClock(config.sampleRateHz);
    this.#chunk = new Float32Array((config.sampleRateHz * CHUNK_MS) / 1000);
  }

  /** @returns whether the stream came to its end (and was not left). */
  async run({ stdout }: Subprocess): Promise<boolean> {
    try {
      for await (const part of stdout as AsyncIterable<Uint8Array>) {
        if (!(await this.#handOver(part, this.#nowMs()))) return false;
      }
      return true;
    } catch (error) {
      if (stdout.destroyed && this.#signal.aborted) return false;
      throw error;
    }
  }

  /** One read, in chunks; `false` when the signal came. */
  async #handOver(part: Uint8Array, arrivedMs: number): Promise<boolean> {
    const bytes = this.#half.length === 0 ? part : Buffer.concat([this.#half, part]);
    const count = Math.floor(bytes.length / BYTES_PER_SAMPLE);
    this.#half = bytes.slice(count * BYTES_PER_SAMPLE);
    const { sampleRateHz, latencyMs } = this.#config;
    const readMs = this.#clock.place(count, arrivedMs) - latencyMs;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let from = 0; from < count; from += this.#chunk.length) {
      if (this.#signal.aborted) return false;
      const length = Math.min(this.#chunk.length, count - from);
      for (let n = 0; n < length; n += 1)
        this.#chunk[n] = view.getInt16((from + n) * BYTES_PER_SAMPLE, true) / FULL_SCALE;
      this.samples += length;
      await this.#take({
        samples: this.#chunk.subarray(0, length),
        atMs: readMs + (from * 1000) / sampleRateHz,
      });
    }
    return !this.#signal.aborted;
  }
}
