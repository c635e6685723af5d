/**
 * Requests from the fleet to this device. Every one is answered on the result topic: done, failed, or
 * refused with the reason. Carried out today: `acknowledge`, which goes to watch over the link.
 */
import type { Logger } from 'pino';
import { readMessage, topicOf, TOPICS, type CommandMessage, type ResultMessage } from '../contract/index.ts';
import { headingNow, type Speaker } from './heading.ts';
import type { Session } from './session.ts';

export interface CommandOptions {
  readonly speaker: Speaker;
  /** Hands an acknowledgement to watch. @returns false when watch is not there */
  readonly acknowledge: () => boolean;
  readonly log: Logger;
}

type Answer = Pick<ResultMessage, 'outcome' | 'reason'>;

/** The largest command with all its settings stays far below. */
const MAX_PAYLOAD_BYTES = 16 * 1024;
/** Ids that are remembered; a command that is repeated is not carried out again. */
const REMEMBERED = 256;

/** @returns what takes one payload of the command topic and answers it on `session` */
export function createCommands(options: CommandOptions) {
  const { speaker, log } = options;
  const topic = topicOf(speaker.deviceId, 'result');
  const known = new Set<string>();

  const carryOut = (message: CommandMessage): Answer => {
    if (known.has(message.commandId)) return refused('this command was answered before');
    remember(known, message.commandId);
    if (message.command !== 'acknowledge')
      return refused(`this version does not carry out ${message.command}`);
    if (options.acknowledge()) return { outcome: 'done', reason: null };
    return { outcome: 'failed', reason: 'the watching role is not reached' };
  };
  return (session: Session, payload: Uint8Array, retained: boolean): void => {
    const { commandId, answer } = judge(payload, retained, carryOut);
    const { messageId, deviceId, schemaVersion, wallTime, clock } = headingNow(speaker, null);
    const result: ResultMessage = {
      schemaVersion,
      messageId,
      deviceId,
      commandId,
      ...answer,
      wallTime,
      clock,
    };
    log.info(`command ${commandId ?? 'without an id'}: ${answer.reason ?? answer.outcome}`);
    session
      .publish(topic, JSON.stringify(result), { qos: TOPICS.result.publishQos })
      .catch((error: unknown) => log.warn(`an answer did not reach the broker: ${(error as Error).message}`));
  };
}

function judge(payload: Uint8Array, retained: boolean, carryOut: (message: CommandMessage) => Answer) {
  if (payload.length > MAX_PAYLOAD_BYTES) {
    return { commandId: null, answer: refused(`a command has at most ${MAX_PAYLOAD_BYTES} bytes`) };
  }
  const read = readMessage('command', payload);
  if ('fault' in read) return { commandId: idIn(payload), answer: refused(read.fault) };
  const { commandId } = read.message;
  // It would be carried out again at every connection.
  if (retained) return { commandId, answer: refused('a retained command is not carried out') };
  return { commandId, answer: carryOut(read.message) };
}

const refused = (reason: string): Answer => ({ outcome: 'refused', reason: reason.slice(0, 512) });

/** The id in a command that is otherwise wrong, so that its sender knows which one was refused. */
function idIn(payload: Uint8Array): string | null {
  try {
    const { commandId } = JSON.parse(new TextDecoder().decode(payload)) as { commandId?: unknown };
    return typeof commandId === 'string' && commandId.length <= 64 ? commandId : null;
  } catch {
    return null;
  }
}

function remember(known: Set<string>, id: string): void {
  known.add(id);
  const [oldest] = known;
  if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
}
