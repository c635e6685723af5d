/**
 * What one source says about the vehicle, told to watch: at most twice a second, only what is new, and every
 * 5 s that the source is there (or why not), so that a watch that was started again knows it too.
 *
 * In:  readings as they come. Out: `context` messages; speeds that cannot be true are dropped and counted.
 */
import type { ContextSourceHandlers, Reading } from '../../hardware/context/context-source.ts';
import { openSpeedCheck } from '../../hardware/context/plausible-speed.ts';
import type { Clock } from '../clock.ts';
import type { LinkContext, Unversioned } from './messages.ts';

export interface ContextTellerOptions {
  readonly source: LinkContext['source'];
  readonly maxSpeedKmh: number;
  readonly clock: Pick<Clock, 'monotonicMs' | 'state'>;
  readonly send: (message: Unversioned<LinkContext>) => boolean;
  /** Why the source tells nothing, asked each time; `null` = all is well. */
  readonly fault: () => string | null;
}

export interface ContextTeller extends ContextSourceHandlers {
  close(): void;
}

const LEAST_DISTANCE_MS = 500;
const REPEAT_MS = 5000;
/** As the message allows. */
const FAULT_CHARACTERS = 512;

/** Begins to tell. */
export function openContextTeller(options: ContextTellerOptions): ContextTeller {
  const { source, clock, send } = options;
  const plausible = openSpeedCheck(options.maxSpeedKmh);
  let news: Reading = {};
  let dropped = 0;
  let told = '';
  let toldAtMs = -Infinity;

  const tell = () => {
    const condition = {
      clock: clock.state(),
      fault: options.fault()?.slice(0, FAULT_CHARACTERS) ?? null,
      dropped,
    };
    const text = JSON.stringify(condition);
    const isNews = Object.keys(news).length > 0 || text !== told;
    if (!isNews && clock.monotonicMs() - toldAtMs < REPEAT_MS) return;
    const { speedKmh = null, ignitionOn = null, position = null } = news;
    // What watch cannot take now is stale when it can.
    news = {};
    if (!send({ type: 'context', source, speedKmh, ignitionOn, position, ...condition })) return;
    told = text;
    toldAtMs = clock.monotonicMs();
  };
  const timer = setInterval(tell, LEAST_DISTANCE_MS);
  return {
    onReading({ speedKmh, ...rest }) {
      const speed = speedKmh === undefined ? null : plausible(speedKmh, clock.monotonicMs());
      if (speedKmh !== undefined && speed === null) dropped += 1;
      news = { ...news, ...rest, ...(speed === null ? {} : { speedKmh: speed }) };
    },
    onUnreadable: () => void (dropped += 1),
    close: () => clearInterval(timer),
  };
}
