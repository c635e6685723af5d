/** The fleet's side: the reference consumer, and a record of what it was handed and when. */
import { pino } from 'pino';
import { consumeFleet, type Consumer } from '../../../agent/fleet/consume.ts';
import type { SeqRange } from '../../../agent/fleet/numbering.ts';
import type { OutboxMessage } from '../../../agent/contract/index.ts';
import { systemClock } from '../../../agent/clock.ts';
import { settings } from '../../uplink/brokers.ts';
import { DEVICE } from './vehicle.ts';

export interface Fleet {
  readonly consumer: Consumer;
  readonly came: readonly OutboxMessage[];
  /** When each came, monotonic [ms]. */
  readonly cameAtMs: ReadonlyMap<string, number>;
  /** Ranges that the consumer says will not come. */
  readonly missing: readonly SeqRange[];
  close(): Promise<void>;
}

/**
 * Tries again within 50-100 ms, so that it is there before the vehicle is.
 * @param ack false: looks on, and acknowledges nothing
 */
export function openFleet(brokerPort: number, ack = true): Fleet {
  const clock = systemClock();
  const came: OutboxMessage[] = [];
  const cameAtMs = new Map<string, number>();
  const missing: SeqRange[] = [];
  const consumer = consumeFleet({
    broker: settings(`mqtt://127.0.0.1:${brokerPort}`),
    deviceId: DEVICE,
    ack,
    onAlert(message) {
      came.push(message);
      cameAtMs.set(message.messageId, clock.monotonicMs());
    },
    onMissing: (_, range) => void missing.push(range),
    log: pino({ level: 'silent' }),
  });
  return { consumer, came, cameAtMs, missing, close: () => consumer.close() };
}
