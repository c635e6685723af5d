/** What the page shows now: the last of each kind of link message, passed on to every page that is open. */
import { alertInWords } from '../contract/index.ts';
import type { LinkClientHandlers } from '../link/client.ts';
import type { LinkHealth, LinkMeasurement } from '../link/messages.ts';

export type LiveListener = (name: 'measurement' | 'alert' | 'health' | 'watch', data: unknown) => void;

export interface LiveState {
  now(): {
    readonly watchReached: boolean;
    readonly measurement: LinkMeasurement | null;
    readonly health: LinkHealth | null;
  };
  /** @returns what ends it */
  subscribe(listener: LiveListener): () => void;
  /** To be handed to the link. */
  readonly handlers: LinkClientHandlers;
}

export function openLiveState(): LiveState {
  const listeners = new Set<LiveListener>();
  let watchReached = false;
  let measurement: LinkMeasurement | null = null;
  let health: LinkHealth | null = null;

  const tell: LiveListener = (name, data) => listeners.forEach((listener) => listener(name, data));
  const reached = (yes: boolean): void => {
    watchReached = yes;
    if (!yes) measurement = null;
    tell('watch', { watchReached: yes });
  };
  return {
    now: () => ({ watchReached, measurement, health }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    handlers: {
      onMeasurement: (message) => tell('measurement', (measurement = message)),
      onAlert: ({ alert }) => tell('alert', { ...alert, words: alertInWords(alert) }),
      onHealth: (message) => tell('health', (health = message)),
      onConnected: () => reached(true),
      onLost: () => reached(false),
    },
  };
}
