import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../agent/clock.ts';
import { initialState, type DriverState, type TripOutcome } from '../agent/judge/index.ts';
import type { OutboxDraft } from '../agent/contract/index.ts';
import { closeOpenAlerts, openTrip } from '../agent/trip.ts';
import { configSchema } from '../config/schema.ts';
import { about, draft } from './store/drafts.ts';

const { judge } = configSchema.parse({});
const WITHIN_MS = judge.restoreWithinMs;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cabinwatch-trip-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clockAt = (atMs: number, bootId = 'boot-1'): Clock => ({
  monotonicMs: () => atMs,
  wallTime: () => '2026-03-01T10:00:00.000Z',
  state: () => 'synchronised',
  bootId,
});
const started: TripOutcome = { type: 'trip', phase: 'start', cause: 'presence', atMs: 1000 };
const ended: TripOutcome = { ...started, phase: 'end', atMs: 9000 };
const startAt = (atMs: number, driveMs: number | null = null, bootId?: string) =>
  openTrip(folder, judge, clockAt(atMs, bootId), driveMs);

/** A judge in the middle of a microsleep that was told. */
function midway(state: DriverState): DriverState {
  const open = {
    alertKey: `${state.runKey}:1`,
    kind: 'microsleep',
    severity: 3,
    ownLevel: 1,
    startMs: 8000,
    evidence: {},
  } as const;
  return {
    ...state,
    atMs: 10_000,
    level: 1,
    trip: { active: true, startMs: 1000, cause: 'command' },
    alerts: { count: 1, open: { 'closed-eyes': open } },
  };
}

describe('a trip', () => {
  it('begins anew on the first start', () => {
    const trip = startAt(1000);
    expect(trip.resumed).toBe(false);
    expect(trip.judge).toEqual(initialState(trip.judge.runKey));
  });

  it('has an id of its own from its start to its end', () => {
    const run = startAt(1000);
    expect(run.id).toBeNull();
    run.take(started);
    const first = run.id;
    expect(first).not.toBeNull();
    run.take(ended);
    expect(run.id).toBeNull();
    run.take(started);
    expect(run.id).not.toBeNull();
    expect(run.id).not.toBe(first);
  });

  it('that was over when the run was cut off gives its id to nothing more', () => {
    const first = startAt(1000);
    first.take(started);
    first.save({ ...midway(first.judge), trip: { active: false, startMs: null, cause: null } });
    expect(startAt(2000)).toMatchObject({ resumed: true, id: null });
  });

  it('is taken up after a crash, with what the judge knew', () => {
    const first = startAt(1000);
    first.take(started);
    first.save(midway(first.judge));
    const second = startAt(3000);
    expect(second).toMatchObject({ resumed: true, id: first.id });
    const { runKey, alerts, ...known } = second.judge;
    const { runKey: oldKey, alerts: oldAlerts, ...before } = midway(first.judge);
    expect(known).toEqual(before);
    expect(oldAlerts.count).toBe(1);
    // The alerts that it had told are closed by the store; the next ones need keys of their own.
    expect(alerts).toEqual({ count: 0, open: {} });
    expect(runKey).not.toBe(oldKey);
  });

  it('is taken up by the third start when the second one died before it saved', () => {
    const first = startAt(1000);
    first.take(started);
    first.save(midway(first.judge));
    startAt(2000);
    expect(startAt(3000)).toMatchObject({ resumed: true, id: first.id });
  });

  it.each([
    ['long after', () => startAt(1000 + WITHIN_MS + 1)],
    ['in another boot', () => startAt(2000, null, 'boot-2')],
    ['with a recording in place of the camera', () => startAt(2000, 1500)],
  ])('begins anew %s', (_, start) => {
    const first = startAt(1000);
    first.take(started);
    first.save(midway(first.judge));
    const second = start();
    expect(second.resumed).toBe(false);
    expect(second.id).not.toBe(first.id);
    expect(second.judge.alerts).toEqual({ count: 0, open: {} });
  });

  it('goes on with a recording that was cut off, not with another showing of it', () => {
    const first = startAt(1000, 900);
    first.take(started);
    first.save(midway(first.judge));
    expect(startAt(2000, 900).id).toBe(first.id);
    expect(startAt(2000, 1900).resumed).toBe(false);
  });

  it('is over once it is forgotten', () => {
    const first = startAt(1000);
    first.take(started);
    first.save(midway(first.judge));
    first.forget();
    expect(startAt(1001).resumed).toBe(false);
  });
});

describe('alerts that a run before left open', () => {
  it('are closed in order, as themselves, each by a message of its own', async () => {
    const left = [draft(1), draft(2, { phase: 'updated', kind: 'sleep' })];
    const appended: OutboxDraft[] = [];
    const store = {
      openAlerts: () => Promise.resolve(left),
      append(closing: OutboxDraft) {
        appended.push(closing);
        return Promise.resolve({ epoch: 'e', seq: appended.length, messageId: closing.messageId });
      },
    };
    const speaker = { ...about(), modelVersions: {}, speedKmh: null, position: null };
    expect(await closeOpenAlerts(store, () => speaker, 9000)).toBe(2);
    expect(appended).toMatchObject(
      left.map(({ alertId, kind, tripId, startedAtMs }) => ({
        ...{ alertId, kind, tripId, startedAtMs },
        ...{ phase: 'cleared', cleared: 'restart', capturedAtMs: 9000 },
      })),
    );
    const ids = [...left, ...appended].map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(4);
  });
});
