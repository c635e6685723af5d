/**
 * What works and what does not, in one place: parts report transitions, whoever asks gets the whole.
 * In: `report(part, status, reason)` and counters. Out: a snapshot, log lines, a word at every change.
 */
import type { Logger } from 'pino';
import type { DeviceHealth } from './capture/keep-open.ts';
import type { Condition } from './contract/index.ts';
import type { StoreHealth } from './store/store.ts';

export interface PartHealth {
  readonly status: Condition;
  /** One sentence; null when ok. */
  readonly reason: string | null;
}

export interface HealthSnapshot {
  /** The worst of the parts. */
  readonly status: Condition;
  readonly parts: Record<string, PartHealth>;
  readonly counters: Record<string, number>;
}

export interface Health {
  /** A part's condition; an unchanged one is no change. */
  report(part: string, status: Condition, reason?: string | null): void;
  count(name: string, by?: number): void;
  set(name: string, value: number): void;
  snapshot(): HealthSnapshot;
  /** Called after each change of a part's condition. */
  onChange(listener: () => void): void;
}

const WORST: readonly Condition[] = ['failed', 'degraded', 'ok'];

/** Transitions go to the log, never every frame. */
export function openHealth(log: Logger): Health {
  const parts = new Map<string, PartHealth>();
  const counters = new Map<string, number>();
  const listeners: (() => void)[] = [];
  return {
    report(part, status, reason) {
      const before = parts.get(part);
      const now = { status, reason: status === 'ok' ? null : (reason ?? 'no reason given') };
      if (before?.status === now.status && before.reason === now.reason) return;
      parts.set(part, now);
      if (status !== 'ok') log.warn(`${part} is ${status}: ${now.reason ?? ''}`);
      else if (before !== undefined) log.info(`${part} is all right again`);
      listeners.forEach((listener) => listener());
    },
    count: (name, by = 1) => void counters.set(name, (counters.get(name) ?? 0) + by),
    set: (name, value) => void counters.set(name, value),
    snapshot: () => ({
      status: WORST.find((status) => [...parts.values()].some((part) => part.status === status)) ?? 'ok',
      parts: Object.fromEntries(parts),
      counters: Object.fromEntries(counters),
    }),
    onChange: (listener) => void listeners.push(listener),
  };
}

/** A device that is lost degrades the whole; it is tried again for ever. */
export const deviceHealth =
  (health: Health, part: string) =>
  (device: DeviceHealth): void =>
    device.state === 'ok' ? health.report(part, 'ok') : health.report(part, 'degraded', device.reason);

const STORE_CONDITION = { ok: 'ok', stalled: 'degraded', failing: 'failed' } as const;

export const storeHealth =
  (health: Health) =>
  (store: StoreHealth): void =>
    health.report('store', STORE_CONDITION[store.state], store.reason);
