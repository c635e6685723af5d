/**
 * What every microphone is: the contract between a driver and whoever runs it.
 *
 * In:  nothing, or a signal to stop.
 * Out: mono sound as Float32 samples (-1 to 1) at 16 kHz in chunks, each with the time of its first sample.
 *
 * Life (one object is one life): openMicrophone(config) -> open(signal) once -> chunks(take, signal) once
 *
 * - `open` says whether there is sound at all; a source without any is a value, so that a silent clip is
 *   replayed without sound. It keeps nothing running.
 * - `chunks` starts the source and owns all it starts: when its promise settles everything is gone. It
 *   settles with a value for all that can happen to a device or a file.
 * - Chunks come in order and never overlap. A hole in the sound is a chunk whose `atMs` is later than the
 *   end of the one before: the driver neither fills nor hides it.
 * - After the signal no chunk is handed over.
 */

/** A stretch of sound. `samples` belongs to the driver again as soon as the taker returned (or its promise settled). */
export interface SoundChunk {
  readonly samples: Float32Array;
  /** Time of the first sample, milliseconds, same clock as the camera's frames. */
  readonly atMs: number;
}

/** Takes one chunk; a promise makes a recorded source wait (lossless). */
export type SoundTaker = (chunk: SoundChunk) => void | Promise<void>;

/** What `open` found. */
export type SoundSource =
  | { readonly kind: 'sound'; readonly sampleRateHz: number }
  /** Nothing to hear here, and that is all right; `reason` is one sentence. */
  | { readonly kind: 'silent'; readonly reason: string };

/** How the sound came to its end. Sentences are complete and made for people. */
export type MicrophoneEnd =
  /** A file was read to its end; `fault` says what was wrong with it (damaged, ended early). */
  | { readonly kind: 'finished'; readonly samples: number; readonly fault: string | null }
  /** The device is gone or the source cannot be read. */
  | { readonly kind: 'failed'; readonly samples: number; readonly reason: string }
  /** The caller's signal ended it. */
  | { readonly kind: 'aborted'; readonly samples: number };

/** One microphone; see the life above. */
export interface Microphone {
  /** What is listened to, for logs: a path or a device. */
  readonly name: string;
  /** `true`: a device, whose end is always a loss; `false`: a file, which ends. */
  readonly endless: boolean;
  /** Is there sound? @throws MicrophoneError when the source cannot be read at all. */
  open(signal: AbortSignal): Promise<SoundSource>;
  /** Delivers sound until the end of the source, its loss, or the signal. */
  chunks(take: SoundTaker, signal: AbortSignal): Promise<MicrophoneEnd>;
}

/** The source cannot be opened. The message is one sentence that names the source and what would be right. */
export class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError';
}
