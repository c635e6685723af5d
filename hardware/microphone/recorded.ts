/**
 * Microphone that plays a file: any sound or video file that ffmpeg reads.
 *
 * In:  path, pace.
 * Out: mono Float32 at 16 kHz in chunks of 20 ms; times in milliseconds from the start of the file (all
 *      its streams, so that they match the picture's) plus `originMs`. A hole in the file's sound shows
 *      in the times, to 20 ms.
 *
 * Pace `own`: a chunk is handed over when its end has come on the monotonic clock. `lossless`: as fast as
 * the taker takes.
 */
import type { Readable } from 'node:stream';
import { endOfFile } from '../media/end-of-file.ts';
import type { AudioInfo } from '../media/probe.ts';
import { localInput, MediaError, probeMedia } from '../media/probe.ts';
import type { Timestamps } from '../media/timestamps.ts';
import { AUDIO_TIMES, readTimestamps } from '../media/timestamps.ts';
import { monotonicMs, sleep } from '../monotonic.ts';
import { startSubprocess } from '../subprocess.ts';
import type { Microphone, MicrophoneEnd, SoundTaker } from './microphone.ts';
import { MicrophoneError } from './microphone.ts';

/** What a recorded microphone needs to know. */
export interface RecordedMicrophoneOptions {
  readonly file: string;
  readonly pace: 'own' | 'lossless';
  readonly sampleRateHz: number;
  /** Time of the start of the file on the caller's clock [ms]; left out = 0 (lossless), else the first sound comes now. */
  readonly originMs?: number;
}

/** Length of a chunk [ms]; a hole is placed this exactly. */
const CHUNK_MS = 20;
/** A program that closed its output is given so long to go by itself [ms]. */
const EXIT_WAIT_MS = 2000;

/** Makes the microphone; nothing is opened yet. */
export function recordedMicrophone(options: RecordedMicrophoneOptions): Microphone {
  let audio: AudioInfo | null = null;
  return {
    name: options.file,
    endless: false,
    open: async (signal) => {
      audio = await soundOf(options.file, signal);
      if (audio !== null) return { kind: 'sound', sampleRateHz: options.sampleRateHz };
      return { kind: 'silent', reason: `${options.file} has no audio stream` };
    },
    chunks: async (take, signal) => {
      if (audio === null) throw new Error('recorded microphone: chunks() before open() found sound');
      if (signal.aborted) return { kind: 'aborted', samples: 0 };
      return play(options, audio, take, signal);
    },
  };
}

async function soundOf(file: string, signal: AbortSignal): Promise<AudioInfo | null> {
  try {
    return (await probeMedia(file, signal)).audio;
  } catch (error) {
    if (error instanceof MediaError) throw new MicrophoneError(error.message, { cause: error });
    throw error;
  }
}

async function play(
  options: RecordedMicrophoneOptions,
  audio: AudioInfo,
  take: SoundTaker,
  signal: AbortSignal,
): Promise<MicrophoneEnd> {
  const program = startSubprocess(ffmpegArgv(options), true);
  const stop = () => void program.end(0);
  signal.addEventListener('abort', stop);
  const times = program.side === null ? null : readTimestamps(program.side);
  const feed = new Feed(options, times, take, signal);
  try {
    const ended = await feed.run(program.stdout);
    const exit = await program.end(ended ? EXIT_WAIT_MS : 0);
    const { samples } = feed;
    if (signal.aborted) return { kind: 'aborted', samples };
    const read = { file: options.file, endMs: audio.endMs, what: 'sound' } as const;
    return { ...endOfFile(read, feed.endMs, exit, program.complaints()), samples };
  } finally {
    signal.removeEventListener('abort', stop);
    await program.end(0);
  }
}

function ffmpegArgv({ file, sampleRateHz }: RecordedMicrophoneOptions): string[] {
  const filters = [
    // Mixed down so that it cannot clip, whatever the file's sample format.
    `aresample=${sampleRateHz}:rematrix_maxval=1`,
    'aformat=sample_fmts=flt:channel_layouts=mono',
    `asetnsamples=n=${(sampleRateHz * CHUNK_MS) / 1000}:p=0`,
    AUDIO_TIMES,
  ];
  return [
    ...['ffmpeg', '-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', '-vn'],
    ...localInput(file),
    ...['-map', '0:a:0', '-af', filters.join(','), '-f', 'f32le', 'pipe:1'],
  ];
}

/** Cuts the byte stream into chunks, gives each its time and hands it over when it is due. */
class Feed {
  readonly #options: RecordedMicrophoneOptions;
  readonly #times: Timestamps | null;
  readonly #take: SoundTaker;
  readonly #signal: AbortSignal;
  readonly #chunk: Float32Array;
  readonly #bytes: Uint8Array;
  #filled = 0;
  #originMs: number | null;
  samples = 0;
  /** End of what was handed over, from the start of the file [ms]; `null` before the first. */
  endMs: number | null = null;

  constructor(
    options: RecordedMicrophoneOptions,
    times: Timestamps | null,
    take: SoundTaker,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#times = times;
    this.#take = take;
    this.#signal = signal;
    this.#chunk = new Float32Array((options.sampleRateHz * CHUNK_MS) / 1000);
    this.#bytes = new Uint8Array(this.#chunk.buffer);
    this.#originMs = options.originMs ?? (options.pace === 'own' ? null : 0);
  }

  /** @returns whether the stream came to its end (and was not left). */
  async run(stream: Readable): Promise<boolean> {
    try {
      for await (const part of stream as AsyncIterable<Uint8Array>) {
        for (let from = 0; from < part.length;) {
          const to = Math.min(part.length, from + this.#bytes.length - this.#filled);
          this.#bytes.set(part.subarray(from, to), this.#filled);
          this.#filled += to - from;
          from = to;
          if (this.#filled === this.#bytes.length && !(await this.#handOver())) return false;
        }
      }
      return await this.#handOver(); // the last chunk may be shorter
    } catch (error) {
      if (stream.destroyed && this.#signal.aborted) return false;
      throw error;
    }
  }

  async #handOver(): Promise<boolean> {
    const samples = this.#chunk.subarray(0, Math.floor(this.#filled / Float32Array.BYTES_PER_ELEMENT));
    this.#filled = 0;
    if (samples.length === 0) return true;
    const said = (await this.#times?.next()) ?? null;
    if (said === null) return false;
    const fileMs = Math.max(Number.isNaN(said) ? (this.endMs ?? 0) : said, this.endMs ?? said);
    const lengthMs = (samples.length * 1000) / this.#options.sampleRateHz;
    this.#originMs ??= monotonicMs() - fileMs - lengthMs;
    const atMs = this.#originMs + fileMs;
    if (this.#options.pace === 'own') await sleep(atMs + lengthMs - monotonicMs(), this.#signal);
    if (this.#signal.aborted) return false;
    await this.#take({ samples, atMs });
    this.samples += samples.length;
    this.endMs = fileMs + lengthMs;
    return true;
  }
}
