/**
 * From an outcome of the judge to the driver and the fleet: judge -> store -> { warn, uplink }.
 *
 * Events count for the trip's summary. An alert's commit begins first; its sound waits for the commit a
 * moment (see warn/), and only what is committed is shown on the link (the uplink publishes from the
 * store, so it cannot be ahead of the disk).
 */
import type { Logger } from 'pino';
import { alertInWords, makeAlert, newMessageId, toMessage, type AlertContext } from './contract/index.ts';
import type { AlertMessage } from './contract/index.ts';
import type { Health } from './health.ts';
import type { AlertOutcome, Outcome } from './judge/outcome.ts';
import type { StoreClient } from './store/store.ts';
import type { Warner } from './warn/warner.ts';

export interface DeliveryOptions {
  readonly store: Pick<StoreClient, 'append' | 'markSounded'>;
  readonly warner: Warner;
  /** Who speaks now; the message's id is added here. */
  readonly about: () => Omit<AlertContext, 'messageId'>;
  /** The alert is committed. */
  readonly publish: (alert: AlertMessage) => void;
  readonly health: Pick<Health, 'count'>;
  readonly log: Logger;
}

export interface Delivery {
  take(outcome: Outcome): void;
  /** Resolves when all that was taken is committed (or refused) and sounded. */
  settled(): Promise<void>;
}

export function openDelivery(options: DeliveryOptions): Delivery {
  const underWay = new Set<Promise<void>>();
  return {
    take(outcome) {
      if (outcome.type === 'event') return;
      const delivered = deliverAlert(outcome, options).finally(() => underWay.delete(delivered));
      underWay.add(delivered);
    },
    settled: async () => {
      await Promise.all(underWay);
    },
  };
}

async function deliverAlert(outcome: AlertOutcome, options: DeliveryOptions): Promise<void> {
  const { store, warner, about, publish, health, log } = options;
  const draft = makeAlert(outcome, { ...about(), messageId: newMessageId() });
  let soundedBeforeCommit = false;
  const committed = store.append(draft);
  const warned = warner.warn(outcome, committed, () => {
    soundedBeforeCommit = true;
    store.markSounded(draft.messageId);
  });
  try {
    const { epoch, seq } = await committed;
    const message = toMessage(draft, { epoch, seq, soundedBeforeCommit }) as AlertMessage;
    publish(message);
    log.info(`alert ${seq}: ${alertInWords(message)}`);
  } catch (error) {
    health.count('alertsLost');
    log.error(`an alert could not be kept: ${(error as Error).message}`);
  }
  await warned;
}
