/** A message of the alert topic as one plain sentence, for people: the page, the demo, the consumer's print. */
import type { AlertDraft, AlertKind, OutboxDraft } from './alert-message.ts';

const KINDS: Readonly<Record<AlertKind, string>> = {
  microsleep: 'Microsleep: the eyes are closed',
  sleep: 'Asleep: the eyes stay closed',
  distraction: 'Looking away from the road',
  'repeated-glances': 'Looking away again and again',
  drowsiness: 'Drowsy',
  unresponsive: 'The driver does not respond',
  lockout: 'Too many warnings on this trip',
  stress: 'Under stress',
  'eyes-not-seen': 'The eyes cannot be seen',
  'face-lost': 'No face in the picture',
  'camera-blocked': 'The camera is covered or stands still',
};

const SEVERITIES = { 1: 'notice', 2: 'warning', 3: 'critical' } as const;

const CLEARED = {
  ended: 'over',
  'trip-end': 'the trip ended',
  restart: 'closed after a restart',
  acknowledged: 'acknowledged',
} as const;

const seconds = (alert: AlertDraft): string =>
  `${((alert.capturedAtMs - alert.startedAtMs) / 1000).toFixed(1)} s`;

/** For instance `Microsleep: the eyes are closed, for 1.0 s (critical)`. */
export function alertInWords(message: OutboxDraft): string {
  if (message.kind === 'gap') {
    return `${String(message.dropped)} messages were ${message.reason} on the device and will not come`;
  }
  const test = message.test ? 'Test: ' : '';
  const what = `${test}${KINDS[message.kind]}`;
  if (message.phase !== 'cleared') {
    return `${what}, for ${seconds(message)} (${SEVERITIES[message.severity]})`;
  }
  const why = CLEARED[message.cleared ?? 'ended'];
  // Across a restart the times may belong to two boots, so no length is told.
  return message.cleared === 'restart' ? `${what}: ${why}` : `${what}: ${why}, after ${seconds(message)}`;
}
