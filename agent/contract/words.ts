/**
 * An alert in plain words, for a driver's page and a fleet's log: what, how grave, and what was measured.
 * Input: a message of the alert topic. Output: one sentence, without time and device.
 */
import type { AlertMessage, OutboxMessage } from './alert-message.ts';

const NAMES: Readonly<Record<AlertMessage['kind'], string>> = {
  microsleep: 'microsleep',
  sleep: 'asleep',
  distraction: 'looking away',
  'repeated-glances': 'glancing away again and again',
  drowsiness: 'drowsy',
  unresponsive: 'driver does not respond',
  lockout: 'too many alerts: take a break',
  stress: 'under stress',
  'eyes-not-seen': 'eyes cannot be seen',
  'face-lost': 'face cannot be seen',
  'camera-blocked': 'camera is covered, frozen or silent',
};
const GRAVITY = { 1: 'notice', 2: 'warning', 3: 'critical' } as const;
const CLEARED = {
  ended: 'over',
  'trip-end': 'over: the trip ended',
  restart: 'over: the monitor was restarted',
  acknowledged: 'acknowledged',
} as const;

/** "microsleep (critical): eyes closed 1.6 s" */
export function alertInWords(message: OutboxMessage): string {
  if (message.kind === 'gap') return `${message.dropped} earlier message(s) are gone (${message.reason})`;
  const head = headInWords(message);
  const state = message.phase === 'cleared' ? clearedInWords(message) : stateWords(message);
  const measured = measuredWords(message.evidence);
  return [head, [state, measured].filter((part) => part !== '').join(', ')]
    .filter((part) => part !== '')
    .join(': ');
}

/** "microsleep (critical)" */
export const headInWords = (message: AlertMessage): string =>
  `${message.test ? 'TEST ' : ''}${NAMES[message.kind]} (${GRAVITY[message.severity]})`;

/** "over: the trip ended" */
export const clearedInWords = (message: AlertMessage): string => CLEARED[message.cleared ?? 'ended'];

const stateWords = (message: AlertMessage): string => (message.phase === 'updated' ? 'still' : '');

/** The measures a person asks for first; the message has all of them. */
const MEASURES: readonly (readonly [key: string, words: (value: number) => string])[] = [
  ['closedMs', (ms) => `eyes closed ${seconds(ms)}`],
  ['awayMs', (ms) => `away ${seconds(ms)}`],
  ['awaySumMs', (ms) => `away ${seconds(ms)} in all`],
  ['unseenMs', (ms) => `not seen for ${seconds(ms)}`],
  ['kssEstimate', (kss) => `sleepiness ${kss.toFixed(1)} of 9`],
  ['perclos60', (share) => `eyes closed ${Math.round(share * 100)} % of the last minute`],
];

function measuredWords(evidence: AlertMessage['evidence']): string {
  const words = MEASURES.flatMap(([key, say]) => {
    const value = evidence[key];
    return typeof value === 'number' && value > 0 ? [say(value)] : [];
  });
  return words.join(', ');
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
