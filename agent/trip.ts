/**
 * The trip across a crash: its id and the judge's state, saved every few seconds and at every alert, taken
 * up again by the next start within the same boot.
 */
import { randomUUID } from 'node:crypto';
import type { JudgeConfig } from '../config/schema.ts';
import type { Clock } from './clock.ts';
import { clearAfterRestart, newMessageId, type AlertContext } from './contract/index.ts';
import { continueState, initialState, STATE_VERSION, type DriverState } from './judge/index.ts';
import { openSavedState } from './saved-state.ts';
import type { StoreClient } from './store/store.ts';
import { VERSION } from './version.ts';

interface SavedTrip {
  readonly tripId: string;
  /** Start of the recorded drive [ms], `null` for a camera: another drive is another trip. */
  readonly driveMs: number | null;
  readonly judge: DriverState;
}

export interface TripState {
  readonly id: string;
  /** Where the judge begins: anew, or where the run before was cut off. */
  readonly judge: DriverState;
  /** This trip was begun by a run that was cut off. */
  readonly resumed: boolean;
  save(judge: DriverState): void;
  /** The trip is over: the next start begins a new one. */
  end(): void;
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
  const id = before?.tripId ?? randomUUID();
  return {
    id,
    judge: before === null ? initialState(runKey) : continueState(before.judge, runKey),
    resumed: before !== null,
    save: (judge) => saved.save({ tripId: id, driveMs, judge } satisfies SavedTrip, clock.monotonicMs()),
    end: () => saved.forget(),
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
