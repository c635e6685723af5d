/**
 * Keeps the store within its bounds: its size always, its age only where there is no broker to wait for.
 * What goes is named in a gap record (see the store), never dropped silently.
 */
import type { Logger } from 'pino';
import type { StoreConfig } from '../../config/schema.ts';
import { makeGap } from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import { headingNow, type Speaker } from './heading.ts';

export interface BoundsOptions {
  readonly store: Pick<Store, 'prune'>;
  readonly config: Pick<StoreConfig, 'maxBytes' | 'keepDays'>;
  /** With a broker nothing is too old to be delivered. */
  readonly hasBroker: boolean;
  readonly speaker: Speaker;
  readonly tripId: () => string | null;
  readonly log: Logger;
}

const DAY_MS = 86_400_000;

/** Once now. A disk that does not take it is tried again at the next call. */
export function keepWithinBounds({ store, config, hasBroker, speaker, tripId, log }: BoundsOptions): void {
  const { clock } = speaker;
  // A clock that may be wrong must not throw anything away.
  const agedOut = !hasBroker && clock.state() === 'synchronised';
  const olderThan = agedOut
    ? new Date(Date.parse(clock.wallTime()) - config.keepDays * DAY_MS).toISOString()
    : null;
  try {
    const { expired, evicted, telemetry } = store.prune({ maxBytes: config.maxBytes, olderThan }, (gap) =>
      makeGap(gap, headingNow(speaker, tripId())),
    );
    if (expired + evicted + telemetry > 0) {
      log.warn(
        `store: ${expired} old and ${evicted} surplus message(s) and ${telemetry} measurement(s) had to go`,
      );
    }
  } catch (error) {
    log.warn(`store: the bounds could not be kept (${(error as Error).message}); tried again`);
  }
}
