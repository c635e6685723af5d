/** Drafts, trips, telemetry and a folder for the store's tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configSchema } from '../../config/schema.ts';
import type { StoreConfig } from '../../config/schema.ts';
import { makeAlert, newMessageId } from '../../agent/contract/index.ts';
import type { AlertDraft, AlertLike, MessageContext, TelemetryMessage } from '../../agent/contract/index.ts';
import type { TripMark } from '../../agent/store/store.ts';

export const storeConfig = (changes: Partial<StoreConfig> = {}): StoreConfig => ({
  ...configSchema.parse({}).store,
  ...changes,
});

export const about = (): MessageContext => ({
  messageId: newMessageId(),
  deviceId: 'car-1',
  bootId: 'boot-1',
  tripId: null,
  wallTime: '2026-03-01T10:00:00.000Z',
  clock: 'synchronised',
  softwareVersion: '0.1.0',
});

/** A draft; `n` tells the alert, so that two phases of one alert share it. */
export function draft(n: number, changes: Partial<AlertLike> = {}): AlertDraft {
  return makeAlert(
    {
      alertKey: `run:${String(n)}`,
      phase: 'raised',
      kind: 'microsleep',
      severity: 2,
      level: 2,
      startMs: 1000 * n,
      atMs: 1000 * n + 1000,
      evidence: { number: n, closedMs: 1000 },
      ...changes,
    },
    { ...about(), modelVersions: { 'face-mesh': '1' }, speedKmh: 80, position: null },
  );
}

export const tripMark = (n: number, changes: Partial<TripMark> = {}): TripMark => ({
  tripId: `0190c000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  bootId: 'boot-1',
  atMs: n,
  wallTime: '2026-03-01T10:00:00.000Z',
  clock: 'synchronised',
  cause: 'ignition',
  ...changes,
});

export const telemetry = (n: number): TelemetryMessage => ({
  schemaVersion: 1,
  ...about(),
  capturedAtMs: n,
  driver: null,
  device: {
    fps: 30,
    framesDropped: n,
    cpuPercent: null,
    temperatureC: null,
    memoryMb: null,
    outboxDepth: 0,
  },
  speedKmh: null,
  position: null,
  historical: false,
});

/** A folder that goes with the test. */
export function folder(): { path: string; file: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'cabinwatch-store-'));
  return {
    path,
    file: join(path, 'data', 'cabinwatch.db'),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
