/**
 * The frame's place between camera and perceive: a few slots in shared memory.
 *
 * In:  frames, written once into a slot by the camera (`FrameSink`).
 * Out: slot numbers with `FrameMeta` for the perceive worker, which reads the pixels where they are.
 *
 * All bookkeeping is done on the thread that owns the ring; other threads only ever read a slot between
 * `next` and `release`, so no atomics are needed. One camera writes, one consumer takes.
 */
import type { FrameFormat, FrameMeta, FrameSink, FrameSlot } from '../../hardware/camera/camera.ts';
import { frameBytes } from '../../hardware/camera/camera.ts';

/** `newest`: live, an unread frame is overwritten and counted; `lossless`: the camera waits. */
export type RingPolicy = 'newest' | 'lossless';

/** A frame that the consumer holds until it calls `release(slot)`. */
export interface RingFrame {
  readonly slot: number;
  readonly meta: FrameMeta;
}

/** Counters since the ring was made. published = delivered + dropped + still waiting. */
export interface RingStats {
  readonly published: number;
  readonly delivered: number;
  readonly dropped: number;
}

/** Fewest slots: one being written, one waiting, one being read. */
export const MIN_SLOTS = 3;

interface SlotUse {
  readonly slot: FrameSlot;
  state: 'free' | 'writing' | 'ready' | 'reading';
}

/** View of one slot from any thread that was given `ring.buffer`. */
export function slotBytesOf(buffer: SharedArrayBuffer, slotBytes: number, slot: number): Uint8Array {
  return new Uint8Array(buffer, slot * slotBytes, slotBytes);
}

/** Slots in shared memory with one of the two policies. */
export class FrameRing implements FrameSink {
  readonly buffer: SharedArrayBuffer;
  readonly slotBytes: number;
  readonly slots: number;
  readonly policy: RingPolicy;
  readonly #uses: SlotUse[];
  readonly #waiting: RingFrame[] = [];
  #index = 0;
  #published = 0;
  #delivered = 0;
  #dropped = 0;
  #finished = false;
  #wakeCamera: (() => void) | null = null;
  #wakeConsumer: (() => void) | null = null;

  /** @param slotBytes size of the largest frame [bytes]. @param slots at least 3. */
  constructor(slotBytes: number, slots: number, policy: RingPolicy) {
    if (slots < MIN_SLOTS)
      throw new RangeError(`a frame ring needs at least ${MIN_SLOTS} slots, not ${slots}`);
    this.slotBytes = slotBytes;
    this.slots = slots;
    this.policy = policy;
    this.buffer = new SharedArrayBuffer(slotBytes * slots);
    this.#uses = Array.from({ length: slots }, (_, number) => ({
      slot: { number, bytes: slotBytesOf(this.buffer, slotBytes, number) },
      state: 'free',
    }));
  }

  claim(): FrameSlot | null {
    const use = this.#uses.find((u) => u.state === 'free') ?? this.#takeBackOldest();
    if (use === undefined) return null;
    use.state = 'writing';
    return use.slot;
  }

  free(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#uses.some((u) => u.state === 'free')) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        this.#wakeCamera = null;
        resolve();
      };
      this.#wakeCamera = wake;
      signal.addEventListener('abort', wake);
    });
  }

  publish(slot: FrameSlot, atMs: number, format: FrameFormat): void {
    if (frameBytes(format) > this.slotBytes) {
      throw new RangeError(
        `a frame of ${format.width}x${format.height} does not fit in ${this.slotBytes} bytes`,
      );
    }
    const { width, height, pixelFormat } = format;
    this.#use(slot.number, 'writing').state = 'ready';
    this.#waiting.push({ slot: slot.number, meta: { atMs, index: this.#index, width, height, pixelFormat } });
    this.#index += 1;
    this.#published += 1;
    if (this.policy === 'newest') while (this.#waiting.length > 1) this.#dropOldest();
    this.#wakeConsumer?.();
  }

  abandon(slot: FrameSlot): void {
    this.#use(slot.number, 'writing').state = 'free';
    this.#wakeCamera?.();
  }

  /** The camera has ended: the consumer gets what is left, then `null`. */
  finish(): void {
    this.#finished = true;
    this.#wakeConsumer?.();
  }

  /** Begins the next file: `index` counts from 0 again, the counters go on. */
  restart(): void {
    this.#index = 0;
    this.#finished = false;
  }

  /** The next frame (live: the newest) if there is one; hand it back with `release`. */
  take(): RingFrame | null {
    if (this.policy === 'newest' && this.#readers() >= this.slots - 2) return null; // the camera needs two
    const frame = this.#waiting.shift();
    if (frame === undefined) return null;
    this.#use(frame.slot, 'ready').state = 'reading';
    this.#delivered += 1;
    return frame;
  }

  /** Waits for a frame; `null` after `finish` or when the signal aborts. Call again only when it has settled. */
  async next(signal: AbortSignal): Promise<RingFrame | null> {
    for (;;) {
      if (signal.aborted) return null;
      const frame = this.take();
      if (frame !== null) return frame;
      if (this.#finished && this.#waiting.length === 0) return null;
      await this.#frameOrEnd(signal);
    }
  }

  /** The consumer is done with the slot: nobody reads it any more. */
  release(slot: number): void {
    this.#use(slot, 'reading').state = 'free';
    this.#wakeCamera?.();
    this.#wakeConsumer?.();
  }

  stats(): RingStats {
    return { published: this.#published, delivered: this.#delivered, dropped: this.#dropped };
  }

  #frameOrEnd(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake);
        this.#wakeConsumer = null;
        resolve();
      };
      this.#wakeConsumer = wake;
      signal.addEventListener('abort', wake);
    });
  }

  #readers(): number {
    return this.#uses.filter((u) => u.state === 'reading').length;
  }

  /** Live only: the waiting frame makes room for a newer one. */
  #takeBackOldest(): SlotUse | undefined {
    return this.policy === 'newest' ? this.#dropOldest() : undefined;
  }

  #dropOldest(): SlotUse | undefined {
    const frame = this.#waiting.shift();
    if (frame === undefined) return undefined;
    const use = this.#use(frame.slot, 'ready');
    use.state = 'free';
    this.#dropped += 1;
    return use;
  }

  #use(slot: number, expected: SlotUse['state']): SlotUse {
    const use = this.#uses[slot];
    if (use?.state !== expected) {
      throw new Error(`slot ${slot} of the frame ring is ${use?.state ?? 'not there'}, not ${expected}`);
    }
    return use;
  }
}
