/** What the uplink last heard from watch, and for how long it holds. */
import type { LinkMeasurement } from '../link/messages.ts';

export interface Latest {
  take(measurement: LinkMeasurement): void;
  /** `null` when watch has been silent for longer than a measurement holds. */
  measurement(): LinkMeasurement | null;
  /** The trip that was last told, also while watch is silent. */
  tripId(): string | null;
}

/** Watch measures at least every 5 s (`link.measurementHz` >= 0.2); twice that is silence. */
const HOLDS_MS = 10_000;

/** @param nowMs monotonic [ms] */
export function openLatest(nowMs: () => number): Latest {
  let last: LinkMeasurement | null = null;
  let tookAtMs = -Infinity;
  return {
    take(measurement) {
      last = measurement;
      tookAtMs = nowMs();
    },
    measurement: () => (nowMs() - tookAtMs <= HOLDS_MS ? last : null),
    tripId: () => last?.tripId ?? null,
  };
}
