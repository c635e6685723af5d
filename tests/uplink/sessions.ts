/** A session without a network: the test says when the broker answers, and what. */
import {
  ConnectionLost,
  PublishRefused,
  type PublishOptions,
  type Session,
} from '../../agent/uplink/session.ts';

export interface Published {
  readonly topic: string;
  readonly message: Record<string, unknown>;
  readonly options: PublishOptions;
  /** The broker's PUBACK. */
  answer(): void;
  /** MQTT 5: the broker says no. */
  refuse(): void;
  lose(): void;
}

export interface FakeSession extends Session {
  readonly published: Published[];
  /** Numbers of the alerts that were published, in order. */
  seqs(): number[];
}

/** @param answers answers each message at once */
export function fakeSession({ answers = false } = {}): FakeSession {
  const published: Published[] = [];
  return {
    protocol: '5',
    refusedTopics: [],
    published,
    seqs: () => published.map(({ message }) => message['seq'] as number),
    publish(topic, payload, options) {
      return new Promise((resolve, reject) => {
        published.push({
          topic,
          message: JSON.parse(payload) as Record<string, unknown>,
          options,
          answer: resolve,
          refuse: () => reject(new PublishRefused('Publish error: Not authorized')),
          lose: () => reject(new ConnectionLost('gone')),
        });
        if (answers) resolve();
      });
    },
  };
}

/** Lets what was resolved take its course. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
