/**
 * What works and what does not, in one place: parts report transitions, whoever asks gets the whole.
 * In: `report(part, status, reason)` and counters. Out: a snapshot, and a callback on every change.
 */
import type { Condition } from './contract/index.ts';

export interface PartHealth {
  readonly status: Condition;
  /** One sentence; null when ok. */
  readonly reason: string | null;
}

export interface HealthSnapshot {
  /** The worst of the parts. */
  readonly status: Condition;
  readonly parts: Readonly<Record<string, PartHealth>>;
  readonly counters: Readonly<Record<string, number>>;
}

export interface Health {
  /** A part's condition; an unchanged one is no change. */
  report(part: string, status: Condition, reason?: string): void;
  count(name: string, by?: number): void;
  set(name: string, value: number): void;
  snapshot(): HealthSnapshot;
}

const WORST: readonly Condition[] = ['failed', 'degraded', 'ok'];

/** @param onChange called after each change of a part's condition */
export function openHealth(onChange: (part: string, health: PartHealth) => void): Health {
  const parts: Record<string, PartHealth> = {};
  const counters: Record<string, number> = {};
  return {
    report(part, status, reason) {
      const before = parts[part];
      const health = { status, reason: status === 'ok' ? null : (reason ?? 'no reason given') };
      parts[part] = health;
      if (before?.status !== health.status || before.reason !== health.reason) onChange(part, health);
    },
    count: (name, by = 1) => void (counters[name] = (counters[name] ?? 0) + by),
    set: (name, value) => void (counters[name] = value),
    snapshot: () => ({
      status: WORST.find((status) => Object.values(parts).some((part) => part.status === status)) ?? 'ok',
      parts: { ...parts },
      counters: { ...counters },
    }),
  };
}
