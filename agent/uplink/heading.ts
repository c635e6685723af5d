/** Who speaks, and when: what every message of the uplink's own begins with. */
import { newMessageId, SCHEMA_VERSION, type ClockState } from '../contract/index.ts';

/** The clocks and names of this device. `agent/clock.ts` has the real ones. */
export interface Speaker {
  readonly deviceId: string;
  readonly softwareVersion: string;
  readonly clock: {
    readonly bootId: string;
    /** Monotonic [ms]. */
    readonly monotonicMs: () => number;
    /** UTC, ISO 8601. */
    readonly wallTime: () => string;
    readonly state: () => ClockState;
  };
}

/** The heading of a message made now. */
export function headingNow({ deviceId, softwareVersion, clock }: Speaker, tripId: string | null) {
  return {
    schemaVersion: SCHEMA_VERSION,
    messageId: newMessageId(),
    deviceId,
    bootId: clock.bootId,
    tripId,
    wallTime: clock.wallTime(),
    clock: clock.state(),
    softwareVersion,
  } as const;
}
