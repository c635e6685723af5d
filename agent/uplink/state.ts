/** The retained state of a device: online, stopped (a clean end), or offline (the last will). */
import { SCHEMA_VERSION, topicOf, type StateMessage } from '../contract/index.ts';
import { headingNow, type Speaker } from './heading.ts';
import type { Session } from './session.ts';

/** What the broker publishes when the device is gone without a word. */
export function lastWill({ deviceId, clock }: Speaker): { topic: string; payload: string } {
  const message: StateMessage = {
    schemaVersion: SCHEMA_VERSION,
    deviceId,
    bootId: clock.bootId,
    status: 'offline',
  };
  return { topic: topicOf(deviceId, 'state'), payload: JSON.stringify(message) };
}

/** What the outbox tells of itself. */
export interface OutboxState {
  readonly epoch: string;
  readonly outboxDepth: number;
}

/** Says that the device is there, or that it ends. Rejects as `Session.publish` does. */
export function publishState(
  session: Session,
  speaker: Speaker,
  status: 'online' | 'stopped',
  outbox: OutboxState,
): Promise<void> {
  const message: StateMessage = { ...headingNow(speaker, null), status, ...outbox };
  return session.publish(topicOf(speaker.deviceId, 'state'), JSON.stringify(message), {
    qos: 1,
    retain: true,
  });
}
