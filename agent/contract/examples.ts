/** One payload of each message, as it may be on the wire: for the AsyncAPI document and for tests. */
import type { MessageOf } from './message.ts';
import type { Channel } from './topics.ts';

const heading = {
  schemaVersion: 1,
  deviceId: 'van-12',
  bootId: 'f3b1c2d4e5f60718293a4b5c6d7e8f90',
  tripId: '0b1f6e2c-6f0e-4c0e-9a52-3d7f5a4e8c11',
  wallTime: '2026-03-01T06:12:09.480Z',
  clock: 'synchronised',
  softwareVersion: '0.1.0',
} as const;

const epoch = '7a0c1f52-9d7b-4f0e-8a3e-2f6f1f0f5b10';
const position = { latitudeDeg: 48.1374, longitudeDeg: 11.5755, accuracyM: 4 };

/** Examples by channel; the alert topic carries two kinds of record. */
export const EXAMPLES: { readonly [C in Channel]: Readonly<Record<string, MessageOf<C>>> } = {
  alert: {
    microsleep: {
      ...heading,
      messageId: '019cab2d-f1c8-7b1e-8a55-0d9c2b7e4f01',
      alertId: '3f1d6f1a-52a5-5a51-9a6d-7c0f6f1b2e33',
      kind: 'microsleep',
      phase: 'raised',
      severity: 2,
      level: 2,
      startedAtMs: 912_340,
      capturedAtMs: 913_340,
      evidence: { closedMs: 1000, thresholdMs: 1000 },
      modelVersions: { 'face-mesh': '2023-02-16' },
      speedKmh: 92.5,
      position,
      test: false,
      epoch,
      seq: 41,
      soundedBeforeCommit: false,
      historical: false,
    },
    cleared: {
      ...heading,
      messageId: '019cab2d-f5b0-7c22-9d10-5a2f8c1e7702',
      alertId: '3f1d6f1a-52a5-5a51-9a6d-7c0f6f1b2e33',
      kind: 'microsleep',
      phase: 'cleared',
      cleared: 'ended',
      severity: 2,
      level: 0,
      startedAtMs: 912_340,
      capturedAtMs: 914_020,
      evidence: { closedMs: 1600 },
      modelVersions: { 'face-mesh': '2023-02-16' },
      speedKmh: 92.5,
      position,
      test: false,
      epoch,
      seq: 42,
      soundedBeforeCommit: false,
      historical: false,
    },
    gap: {
      ...heading,
      messageId: '019cab2e-0a10-7e01-b0aa-91f0c3d5e803',
      kind: 'gap',
      reason: 'evicted',
      dropped: 12,
      ranges: [{ epoch, firstSeq: 3, lastSeq: 14 }],
      epoch,
      seq: 43,
      historical: true,
    },
  },
  state: {
    online: {
      ...heading,
      messageId: '019cab2e-1388-7a31-8c01-3e5d7f9b1a04',
      status: 'online',
      epoch,
      outboxDepth: 0,
    },
    offline: {
      schemaVersion: 1,
      deviceId: heading.deviceId,
      bootId: heading.bootId,
      status: 'offline',
    },
  },
  telemetry: {
    telemetry: {
      ...heading,
      messageId: '019cab2e-1770-7d02-a1b2-6c8e0f2a4b05',
      capturedAtMs: 920_000,
      driver: {
        level: 0,
        faceSeen: true,
        eyesSeen: true,
        perclos60: 0.07,
        perclos60Fill: 0.98,
        perclos180: 0.05,
        perclos180Fill: 0.97,
        kssEstimate: 5.5,
        kssConfidence: 0.6,
        blinksPerMinute: 14,
        meanBlinkMs: 210,
        yawDeg: 3.1,
        pitchDeg: -4.2,
        rollDeg: 0.4,
        speech: false,
        calibration: 'done',
      },
      device: {
        fps: 29.9,
        framesDropped: 3,
        cpuPercent: 41.5,
        temperatureC: 58,
        memoryMb: 310,
        outboxDepth: 0,
      },
      speedKmh: 92.5,
      position,
      historical: false,
    },
  },
  health: {
    health: {
      ...heading,
      messageId: '019cab2e-1b58-7f13-92c3-7d9f1a3b5c06',
      status: 'degraded',
      parts: {
        camera: { status: 'ok', reason: null },
        microphone: { status: 'degraded', reason: 'the microphone hw:1 is gone; trying again' },
      },
      counters: { framesDropped: 3, workerRestarts: 0 },
    },
  },
  command: {
    set: {
      schemaVersion: 1,
      commandId: '5b9f7f0e-3c1a-4d2b-8e6f-1a2b3c4d5e6f',
      issuedAt: '2026-03-01T06:15:00.000Z',
      command: 'set',
      settings: { 'uplink.telemetryEveryMs': 30_000 },
    },
  },
  result: {
    refused: {
      schemaVersion: 1,
      messageId: '019cab2f-0000-7a24-83d4-8ea02b4c6d07',
      deviceId: heading.deviceId,
      commandId: '5b9f7f0e-3c1a-4d2b-8e6f-1a2b3c4d5e6f',
      outcome: 'refused',
      reason: 'uplink.telemetryEveryMs: 30 is below the bound of 500',
      wallTime: '2026-03-01T06:15:00.320Z',
      clock: 'synchronised',
    },
  },
  ack: { ack: { epoch, ackedSeq: 43 } },
};
