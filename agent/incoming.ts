/** What comes in over the link as observations for the judge: context, acknowledgements, trip marks. */
import { hourOfDay, type Clock } from './clock.ts';
import type { Health } from './health.ts';
import type { Judging } from './judging.ts';
import type { LinkServerHandlers } from './link/server.ts';
import type { Surroundings } from './surroundings.ts';

export interface IncomingOptions {
  readonly judging: () => Judging;
  /** The judge's clock now [ms]. */
  readonly nowMs: () => number;
  readonly surroundings: Pick<Surroundings, 'take'>;
  readonly health: Health;
  /** Now, local; `null` where it is not known, or says nothing of the drive. */
  readonly hourOfDay: () => number | null;
  /** What a wire of this device says counts before what is told; `null` or left out = there is none. */
  readonly wiredIgnition?: () => boolean | null;
}

/** A recorded drive was at another hour. */
export const hourOfDrive =
  (clock: Clock, recorded: boolean): (() => number | null) =>
  () =>
    recorded ? null : hourOfDay(clock);

export function incoming(options: IncomingOptions): LinkServerHandlers {
  const { judging, nowMs, surroundings, health } = options;
  return {
    onContext(message) {
      const told = surroundings.take(message);
      const ignitionOn = options.wiredIgnition?.() ?? told.ignitionOn;
      const hourOfDay = options.hourOfDay();
      judging().observe({ kind: 'context', atMs: nowMs(), speedKmh: told.speedKmh, ignitionOn, hourOfDay });
    },
    onAck: ({ origin }) => judging().observe({ kind: 'ack', atMs: nowMs(), origin }),
    onTrip: ({ phase }) => judging().observe({ kind: 'trip', atMs: nowMs(), phase, cause: 'command' }),
    onUplink({ configured, connected, lastError, outboxDepth }) {
      const fine = !configured || connected;
      health.report('uplink', fine ? 'ok' : 'degraded', lastError ?? 'the broker is not reached yet');
      if (outboxDepth !== null) health.set('outboxDepth', outboxDepth);
    },
  };
}
