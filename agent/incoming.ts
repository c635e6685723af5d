/** What comes in over the link as observations for the judge: context, acknowledgements, trip marks. */
import type { Health } from './health.ts';
import type { Judging } from './judging.ts';
import type { LinkServerHandlers } from './link/server.ts';

export interface Surroundings {
  /** Last speed that was told [km/h]. */
  speedKmh: number | null;
}

export interface IncomingOptions {
  readonly judging: () => Judging;
  /** The judge's clock now [ms]. */
  readonly nowMs: () => number;
  readonly surroundings: Surroundings;
  readonly health: Health;
}

/** Minutes and seconds count as fractions of the hour. */
const hourOfDay = (now: Date): number => now.getHours() + now.getMinutes() / 60 + now.getSeconds() / 3600;

export function incoming({ judging, nowMs, surroundings, health }: IncomingOptions): LinkServerHandlers {
  return {
    onContext({ speedKmh, ignitionOn, clock }) {
      surroundings.speedKmh = speedKmh;
      const hour = clock === 'synchronised' ? hourOfDay(new Date()) : null;
      judging().observe({ kind: 'context', atMs: nowMs(), speedKmh, ignitionOn, hourOfDay: hour });
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
