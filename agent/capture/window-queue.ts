/**
 * The window's place between microphone and perceive: what the frame ring is for pictures.
 *
 * In:  windows of sound. Out: the same, in order, to one consumer.
 *
 * `lossless`: one window waits and the microphone with it. `newest`: live, a few windows wait; when they
 * are too many the oldest is dropped and counted.
 */
import type { AudioWindow } from './audio-window.ts';
import type { RingPolicy } from './frame-ring.ts';

/** Windows that may wait: lossless needs no more, live rides out a short stall of perception. */
const CAPACITY: Record<RingPolicy, number> = { lossless: 1, newest: 3 };

/** Counters since the start. put = delivered + dropped + still waiting. */
export interface WindowQueueStats {
  readonly put: number;
  readonly delivered: number;
  readonly dropped: number;
}

/** A bounded queue from one microphone to one consumer. */
export class WindowQueue {
  readonly #policy: RingPolicy;
  readonly #waiting: AudioWindow[] = [];
  #put = 0;
  #delivered = 0;
  #dropped = 0;
  #finished = false;
  #wakeMicrophone: (() => void) | null = null;
  #wakeConsumer: (() => void) | null = null;

  constructor(policy: RingPolicy) {
    this.#policy = policy;
  }

  /** Adds a window; lossless waits until there is room or the signal aborts (then the window is dropped). */
  async put(window: AudioWindow, signal: AbortSignal): Promise<void> {
    this.#put += 1;
    while (this.#waiting.length >= CAPACITY[this.#policy]) {
      if (this.#policy === 'newest') {
        this.#waiting.shift();
        this.#dropped += 1;
      } else if (signal.aborted) {
        this.#dropped += 1;
        return;
      } else {
        await waitFor((wake) => (this.#wakeMicrophone = wake), signal);
      }
    }
    this.#waiting.push(window);
    this.#wakeConsumer?.();
  }

  /** The microphone has ended: the consumer gets what is left, then `null`. */
  finish(): void {
    this.#finished = true;
    this.#wakeConsumer?.();
  }

  /** Waits for a window; `null` after `finish` or when the signal aborts. Call again only when it has settled. */
  async next(signal: AbortSignal): Promise<AudioWindow | null> {
    for (;;) {
      if (signal.aborted) return null;
      const window = this.#waiting.shift();
      if (window !== undefined) {
        this.#delivered += 1;
        this.#wakeMicrophone?.();
        return window;
      }
      if (this.#finished) return null;
      await waitFor((wake) => (this.#wakeConsumer = wake), signal);
    }
  }

  stats(): WindowQueueStats {
    return { put: this.#put, delivered: this.#delivered, dropped: this.#dropped };
  }
}

/** Settles when `keep`'s function is called or the signal aborts. */
function waitFor(keep: (wake: (() => void) | null) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      signal.removeEventListener('abort', wake);
      keep(null);
      resolve();
    };
    keep(wake);
    signal.addEventListener('abort', wake);
  });
}
