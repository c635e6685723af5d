/**
 * Acknowledgements on their way to the vehicles: the newest mark of each, gathered for a moment, for one
 * acknowledgement covers all before it. One that is lost is not repeated: the vehicle sends again, and that
 * brings the next.
 */
import { topicOf, TOPICS, type AckMessage } from '../contract/index.ts';
import type { Session } from '../uplink/session.ts';

export interface Acks {
  /** This mark of the device holds. */
  put(deviceId: string, ack: AckMessage): void;
  close(): void;
}

/** As the fleet's design gathers: 200 messages or 40 ms; the broker's own batching does the rest. */
const GATHER_MS = 40;

export function createAcks(session: () => Session | null): Acks {
  const waiting = new Map<string, { deviceId: string; ack: AckMessage }>();
  let timer: NodeJS.Timeout | null = null;

  const send = () => {
    timer = null;
    const on = session();
    for (const { deviceId, ack } of waiting.values()) {
      on?.publish(topicOf(deviceId, 'ack'), JSON.stringify(ack), { qos: TOPICS.ack.publishQos }).catch(
        () => undefined,
      );
    }
    waiting.clear();
  };
  return {
    put(deviceId, ack) {
      waiting.set(`${deviceId}/${ack.epoch}`, { deviceId, ack });
      timer ??= setTimeout(send, GATHER_MS);
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      if (waiting.size > 0) send();
    },
  };
}
