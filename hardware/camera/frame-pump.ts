/**
 * Moves raw frames from a program's standard output into the slots of a sink, each byte copied once.
 *
 * In:  a stream of frames without separators, of known size.
 * Out: published slots; how many, and how stream and program ended.
 */
import type { Readable } from 'node:stream';
import type { Complaints, Exit, Subprocess } from '../subprocess.ts';
import type { FrameFormat, FrameSink, FrameSlot } from './camera.ts';
import type { Placement } from './placement.ts';

/** A program that closed its output is given so long to go by itself [ms]. */
const EXIT_WAIT_MS = 2000;

/** What the pump has to know of the frames. */
export interface PumpPlan {
  /** Bytes of one frame in the stream. */
  readonly sourceBytes: number;
  /** Copies them into the slot. */
  readonly place: Placement;
  /** Layout of what is published. */
  readonly format: FrameFormat;
  /** The first bytes of a frame have arrived. */
  readonly began: () => void;
  /** The frame is complete: its time [ms], given when it is due; `null` ends the pump without it. */
  readonly timeOf: () => number | null | Promise<number | null>;
}

/** What was pumped. */
export interface Pumped {
  readonly frames: number;
  /** Bytes of a last frame that was never completed. */
  readonly leftOver: number;
  /** The stream came to its end (and was not left by us). */
  readonly ended: boolean;
}

/** Pumps a program's frames; nothing of the program is left when this settles. */
export async function pumpProgram(
  program: Subprocess,
  sink: FrameSink,
  plan: PumpPlan,
  signal: AbortSignal,
): Promise<{ pumped: Pumped; exit: Exit; complaints: Complaints }> {
  const stop = () => void program.end(0);
  signal.addEventListener('abort', stop);
  let waitMs = 0;
  try {
    const pumped = await pumpFrames(program.stdout, sink, plan, signal);
    if (pumped.ended) waitMs = EXIT_WAIT_MS;
    return { pumped, exit: await program.end(waitMs), complaints: program.complaints() };
  } finally {
    signal.removeEventListener('abort', stop);
    await program.end(0);
  }
}

/** Pumps until the stream ends, `timeOf` says `null` or the signal aborts. Reads no faster than the sink takes. */
export async function pumpFrames(
  stream: Readable,
  sink: FrameSink,
  plan: PumpPlan,
  signal: AbortSignal,
): Promise<Pumped> {
  const frame = new Filling(sink, plan, signal);
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      for (let from = 0; from < chunk.length;) {
        if (!frame.begun && !(await frame.begin())) return frame.left(false);
        from = frame.fill(chunk, from);
        if (frame.complete && !(await frame.publish())) return frame.left(false);
      }
    }
    return frame.left(true);
  } catch (error) {
    if (stream.destroyed && signal.aborted) return frame.left(false);
    throw error;
  } finally {
    frame.abandon();
  }
}

/** The frame that is being filled. */
class Filling {
  readonly #sink: FrameSink;
  readonly #plan: PumpPlan;
  readonly #signal: AbortSignal;
  #slot: FrameSlot | null = null;
  #filled = 0;
  #frames = 0;

  constructor(sink: FrameSink, plan: PumpPlan, signal: AbortSignal) {
    this.#sink = sink;
    this.#plan = plan;
    this.#signal = signal;
  }

  get begun(): boolean {
    return this.#slot !== null;
  }

  get complete(): boolean {
    return this.#filled === this.#plan.sourceBytes;
  }

  /** Gets a slot; `false` when the signal came first. */
  async begin(): Promise<boolean> {
    this.#plan.began();
    while (!this.#signal.aborted) {
      this.#slot = this.#sink.claim();
      if (this.#slot !== null) return true;
      await this.#sink.free(this.#signal);
    }
    return false;
  }

  /** Takes what belongs to this frame; returns how far the chunk is used up. */
  fill(chunk: Uint8Array, from: number): number {
    const to = Math.min(chunk.length, from + this.#plan.sourceBytes - this.#filled);
    if (this.#slot !== null) this.#plan.place(chunk, from, to, this.#filled, this.#slot.bytes);
    this.#filled += to - from;
    return to;
  }

  /** Publishes when the time has come; `false` when there is no time or the signal came first. */
  async publish(): Promise<boolean> {
    const atMs = await this.#plan.timeOf();
    if (atMs === null || this.#signal.aborted || this.#slot === null) return false;
    this.#sink.publish(this.#slot, atMs, this.#plan.format);
    this.#slot = null;
    this.#filled = 0;
    this.#frames += 1;
    return true;
  }

  left(ended: boolean): Pumped {
    return { frames: this.#frames, leftOver: ended ? this.#filled : 0, ended };
  }

  /** Gives an unfinished frame's slot back. */
  abandon(): void {
    if (this.#slot !== null) this.#sink.abandon(this.#slot);
    this.#slot = null;
  }
}
