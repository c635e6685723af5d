/**
 * The reference consumer: hands each alert on once, notices gaps, and acknowledges what was handed on.
 *
 * alert topic -> check -> remove duplicates (messageId) -> onAlert -> numbering -> acknowledge
 *
 * Its memory is bounded and lasts as long as the run: a consumer that is started again may hand on an alert
 * a second time (the vehicle sends again what was not acknowledged), and gaps are those within the run.
 * What it never does is acknowledge a message that was not handed on.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { UplinkConfig } from '../../config/schema.ts';
import {
  parseTopic,
  readMessage,
  topicOf,
  topicOfAll,
  TOPICS,
  type OutboxMessage,
} from '../contract/index.ts';
import { openConnection } from '../uplink/connection.ts';
import { createAcks } from './acks.ts';
import { createNumbering, type Numbering, type SeqRange } from './numbering.ts';

export interface ConsumeOptions {
  /** The broker, in the words of the device's own configuration. */
  readonly broker: Pick<
    UplinkConfig,
    'username' | 'password' | 'protocol' | 'keepAliveS' | 'backoffMinMs' | 'backoffMaxMs'
  > & { readonly broker: string };
  /** One vehicle; left out = all. */
  readonly deviceId?: string;
  /** Acknowledge to the vehicles. Exactly one consumer of a fleet does. */
  readonly ack: boolean;
  /**
   * Takes one alert or gap record, each once. It is acknowledged when this has resolved; when it rejects,
   * the alert comes again. The next one waits meanwhile, so it should take far less than the keep-alive.
   */
  readonly onAlert: (message: OutboxMessage) => void | Promise<void>;
  /** Numbers that will not come, and nobody has said why. */
  readonly onMissing?: (deviceId: string, range: SeqRange) => void;
  readonly log: Logger;
}

/** Counts since the start. */
export interface ConsumeStats {
  readonly delivered: number;
  readonly duplicates: number;
  /** Payloads that are no message, or of another vehicle than their topic says. */
  readonly refused: number;
  readonly missing: number;
}

export interface Consumer {
  readonly connected: boolean;
  /** Why there is no connection; `null` while there is one. */
  readonly fault: string | null;
  stats(): ConsumeStats;
  close(): Promise<void>;
}

/** Some 8 MB of ids; duplicates come within a few windows of one another. */
const REMEMBERED_IDS = 100_000;
/** Vehicles (and epochs) counted at once. */
const REMEMBERED_NUMBERINGS = 20_000;

/** Begins to consume. Never throws: an absent broker is waited for. */
export function consumeFleet(options: ConsumeOptions): Consumer {
  const { broker, log } = options;
  const known = new Map<string, true>();
  const numberings = new Map<string, Numbering>();
  const counts = { delivered: 0, duplicates: 0, refused: 0, missing: 0 };
  const acks = createAcks(() => connection.session);

  const numberingOf = (deviceId: string, epoch: string): Numbering => {
    const key = `${deviceId}/${epoch}`;
    const numbering = numberings.get(key) ?? createNumbering();
    refresh(numberings, key, numbering, REMEMBERED_NUMBERINGS);
    return numbering;
  };
  const count = (message: OutboxMessage) => {
    const { deviceId, epoch, seq, oldestSeq } = message;
    if (message.kind === 'gap') {
      for (const range of message.ranges) numberingOf(deviceId, range.epoch).explained(range);
    }
    const numbering = numberingOf(deviceId, epoch);
    for (const range of numbering.took(seq, oldestSeq)) {
      counts.missing += range.lastSeq - range.firstSeq + 1;
      options.onMissing?.(deviceId, range);
    }
    if (options.ack && numbering.mark > 0) acks.put(deviceId, { epoch, ackedSeq: numbering.mark });
  };
  const refuse = (topic: string, why: string) => {
    counts.refused += 1;
    if (counts.refused === 1) log.warn(`${topic}: a message is refused (${why}); further ones are counted`);
  };
  const take = async (topic: string, payload: Uint8Array) => {
    const read = readMessage('alert', payload);
    if ('fault' in read) {
      refuse(topic, read.fault);
      return;
    }
    const { message } = read;
    if (parseTopic(topic)?.deviceId !== message.deviceId) {
      refuse(topic, `it says it is of ${message.deviceId}`);
      return;
    }
    if (known.has(message.messageId)) {
      counts.duplicates += 1;
    } else {
      try {
        await options.onAlert(message);
      } catch (error) {
        log.error(
          `an alert of ${message.deviceId} was not taken (${(error as Error).message}); it comes again`,
        );
        return;
      }
      counts.delivered += 1;
    }
    refresh(known, message.messageId, true, REMEMBERED_IDS);
    count(message);
  };

  const { deviceId } = options;
  const topic = deviceId === undefined ? topicOfAll('alert') : topicOf(deviceId, 'alert');
  const connection = openConnection(
    {
      ...broker,
      clientId: `cabinwatch-fleet-${randomUUID()}`,
      subscriptions: [{ topic, qos: TOPICS.alert.subscribeQos }],
      random: Math.random,
      nowMs: () => performance.now(),
    },
    { onSession: () => undefined, onEnd: () => undefined, onMessage: take },
    log,
  );
  return {
    get connected() {
      return connection.session !== null;
    },
    get fault() {
      return connection.fault;
    },
    stats: () => ({ ...counts }),
    close() {
      acks.close();
      return connection.close();
    },
  };
}

/** Puts a key at the end of a map and takes the oldest one out when it is full. */
function refresh<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
