/** Every message on MQTT, by the channel it travels on. */
import type { z } from 'zod';
import { outboxMessage } from './alert-message.ts';
import { ackMessage, commandMessage, resultMessage } from './command-message.ts';
import { healthMessage, stateMessage, telemetryMessage } from './status-message.ts';
import type { Channel } from './topics.ts';

export * from './alert-message.ts';
export * from './command-message.ts';
export * from './status-message.ts';

/** The schema of each channel. */
export const MESSAGES = {
  alert: outboxMessage,
  state: stateMessage,
  telemetry: telemetryMessage,
  health: healthMessage,
  command: commandMessage,
  result: resultMessage,
  ack: ackMessage,
} satisfies Record<Channel, z.ZodType>;

/** What a channel carries. */
export type MessageOf<C extends Channel> = z.output<(typeof MESSAGES)[C]>;

/** A payload that was read, or one sentence saying what is wrong with it. */
export type ReadResult<T> = { readonly message: T } | { readonly fault: string };

/**
 * Reads a payload that came from outside.
 * @param payload JSON as text or UTF-8 bytes
 * @returns the message, or one sentence naming the first field that is wrong; never throws
 */
export function readMessage<C extends Channel>(
  channel: C,
  payload: string | Uint8Array,
): ReadResult<MessageOf<C>> {
  let content: unknown;
  try {
    content = JSON.parse(typeof payload === 'string' ? payload : new TextDecoder().decode(payload));
  } catch {
    return { fault: `${channel}: the payload is not JSON` };
  }
  const parsed = MESSAGES[channel].safeParse(content);
  if (parsed.success) return { message: parsed.data as MessageOf<C> };
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  return { fault: `${channel}${field === '' ? '' : `, field ${field}`}: ${issue?.message ?? 'not valid'}` };
}
