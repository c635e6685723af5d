/**
 * The trip's id, from its start to its end as the judge says them, and across a crash: id and the judge's state
 * are saved every few seconds and at every alert, and taken up again by the next start within the same boot.
 */
import { randomUUID } from 'node:crypto';
import type { JudgeConfig } from '../config/schema.ts';
import type { Clock } from './clock.ts';
import { clearAfterRestart, newMessageId, type AlertContext } from './contract/index.ts';
import { continueState, initialState, STATE_VERSION, type DriverState } from './judge/index.ts';
import type { TripOutcome } from './judge/index.ts';
import { openSavedState } from './saved-state.ts';
import type { StoreClient } from './store/store.ts';
import { VERSION } from './version.ts';

interface SavedTrip {
  /** `null` = between two trips. */
  readonly tripId: string | null;
  /** Start of the recorded drive [ms], `null` for a camera: another drive is another trip. */
  readonly driveMs: number | null;
  readonly judge: DriverState;
}

export interface TripState {
  /** Of the trip that lasts now; `null` outside of any. */
  readonly id: string | null;
  /** Where the judge begins: anew, or where the run before was cut off. */
  readonly judge: DriverState;
  /** The judge goes on where a run that was cut off had come to. */
  readonly resumed: boolean;
  /** A trip began (it gets an id of its own) or ended. */
  take(outcome: TripOutcome): void;
  save(judge: DriverState): void;
  /** There is nothing to take up: the next start begins anew. */
  forget(): void;
}

/**
 * @param folder the runtime folder
 * @param driveMs start of the recorded drive on the monotonic clock [ms]; `null` for a camera
 */
export function openTrip(
  folder: string,
  config: JudgeConfig,
  clock: Clock,
  driveMs: number | null,
): TripState {
  const saved = openSavedState(folder, clock.bootId, `${VERSION}/${STATE_VERSION}`);
  const found = saved.restore(clock.monotonicMs(), config.restoreWithinMs) as SavedTrip | null;
  const before = found?.driveMs === driveMs ? found : null;
  const runKey = randomUUID();
  // Cut off while its alerts were being cleared, the trip was over.
  let id = before?.judge.trip.active === true ? before.tripId : null;
  return {
    get id() {
      return id;
    },
    judge: before === null ? initialState(runKey) : continueState(before.judge, runKey),
    resumed: before !== null,
    take: ({ phase }) => {
      id = phase === 'start' ? randomUUID() : null;
    },
    save: (judge) => saved.save({ tripId: id, driveMs, judge } satisfies SavedTrip, clock.monotonicMs()),
    forget: () => saved.forget(),
  };
}

/** Alerts that a run before left open are closed: nobody who raised them is left to do it. */
export async function closeOpenAlerts(
  store: Pick<StoreClient, 'openAlerts' | 'append'>,
  about: () => Omit<AlertContext, 'messageId'>,
  atMs: number,
): Promise<number> {
  const open = await store.openAlerts();
  for (const alert of open)
    await store.append(clearAfterRestart(alert, atMs, { ...about(), messageId: newMessageId() }));
  return open.length;
}
