/**
 * A button on a GPIO line.
 *
 * In:  edges from gpiomon, bouncing as contacts do.
 * Out: a call for each short press, when the button is let go.
 */
import type { ButtonConfig } from '../../config/schema.ts';
import { monotonicMs } from '../monotonic.ts';
import { readInput } from './input.ts';
import type { RetryWaits } from './keep-trying.ts';
import { edgesCommand } from './tools.ts';

/** A press that lasts so long is no acknowledgement: it is kept for mounting mode [ms]. */
export const LONG_PRESS_MS = 5000;

export interface ButtonOptions {
  readonly onPress: () => void;
  /** `null` when all is well (again). */
  readonly onHealth: (fault: string | null) => void;
  readonly signal: AbortSignal;
  readonly waits?: RetryWaits;
}

/** Watches the button until the signal; a line that cannot be had is tried for ever. */
export function watchButton(config: ButtonConfig, options: ButtonOptions): Promise<void> {
  const contact = debounced(config.debounceMs, monotonicMs, options.onPress);
  const ended = readInput(
    config,
    {
      tool: 'gpiomon',
      command: (syntax) => edgesCommand(syntax, config),
      onLine: (edge) => contact.edge(edge === '1'),
      onStart: () => contact.reset(),
      onHealth: options.onHealth,
      silentAfterMs: null,
      waits: options.waits,
    },
    options.signal,
  );
  return ended.finally(() => contact.reset());
}

export interface Contact {
  /** The contact closed (true) or opened. */
  edge(closed: boolean): void;
  /** Nothing is known any more: the button counts as let go. */
  reset(): void;
}

/**
 * A level counts once it is steady for `debounceMs`; a press counts when it ends before it is a long one.
 * @param nowMs monotonic [ms]
 */
export function debounced(debounceMs: number, nowMs: () => number, onPress: () => void): Contact {
  let pressedAtMs: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  const settle = (closed: boolean, sinceMs: number): void => {
    if (closed === (pressedAtMs !== null)) return;
    const heldMs = sinceMs - (pressedAtMs ?? sinceMs);
    pressedAtMs = closed ? sinceMs : null;
    if (!closed && heldMs < LONG_PRESS_MS) onPress();
  };
  return {
    edge(closed) {
      const sinceMs = nowMs();
      clearTimeout(timer);
      timer = setTimeout(() => settle(closed, sinceMs), debounceMs);
    },
    reset() {
      clearTimeout(timer);
      pressedAtMs = null;
    },
  };
}
