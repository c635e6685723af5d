/** Messages and waiting for the link's tests. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { makeAlert, newMessageId, toMessage } from '../../agent/contract/index.ts';
import type { AlertMessage } from '../../agent/contract/index.ts';
import type { FromWatch, Unversioned } from '../../agent/link/messages.ts';

type Sent<T extends FromWatch['type']> = Extract<Unversioned<FromWatch>, { type: T }>;

export function measurement(atMs: number): Sent<'measurement'> {
  return {
    type: 'measurement',
    measures: {
      atMs,
      tripActive: true,
      level: 0,
      faceSeen: true,
      eyesSeen: true,
      closure: 0.1,
      ear: 0.3,
      mar: 0.05,
      yawDeg: 1,
      pitchDeg: -2,
      rollDeg: 0,
      yawFromNeutralDeg: 0,
      pitchFromNeutralDeg: 0,
      perclos60: 0.04,
      perclos180: null,
      perclos60Fill: 1,
      perclos180Fill: 0.4,
      kssEstimate: 4,
      kssConfidence: 0.6,
      blinksPerMinute: 14,
      meanBlinkMs: 210,
      strain: null,
      speech: false,
      calibration: 'done',
      calibrationProgress: 1,
      fps: 29.9,
      switchedOff: [],
    },
    tripId: null,
    framesDropped: 3,
    speedKmh: 62,
    position: null,
    memoryMb: 180,
    affect: null,
  };
}

export function alertMessage(seq: number, text = ''): AlertMessage {
  const draft = makeAlert(
    {
      alertKey: `run:${seq}`,
      phase: 'raised',
      kind: 'microsleep',
      severity: 3,
      level: 2,
      startMs: seq * 1000,
      atMs: seq * 1000 + 1000,
      evidence: { closedMs: 1000, text },
    },
    {
      messageId: newMessageId(),
      deviceId: 'demo',
      bootId: 'boot-1',
      tripId: null,
      wallTime: '2026-01-01T14:03:07.000Z',
      clock: 'synchronised',
      softwareVersion: '0.0.0',
      modelVersions: {},
      speedKmh: null,
      position: null,
    },
  );
  const row = { epoch: '433eb453-f84a-4c0b-9e07-3366c9898cf2', seq, soundedBeforeCommit: false };
  return toMessage(draft, row) as AlertMessage;
}

export const alert = (seq: number, text = ''): Sent<'alert'> => ({
  type: 'alert',
  alert: alertMessage(seq, text),
});

export const health: Sent<'health'> = {
  type: 'health',
  status: 'degraded',
  parts: { camera: { status: 'degraded', reason: 'no frame for 2 s' } },
  counters: { frames: 12 },
};

/** Lines a pino logger wrote, as text of their messages. */
export function logger() {
  const lines: string[] = [];
  const log = pino(
    { level: 'debug' },
    { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) },
  );
  return { log, lines };
}

/** Waits for a condition; the test's own limit is the only time limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}
