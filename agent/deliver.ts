/**
 * From an outcome of the judge to the driver and the fleet: judge -> store -> { warn, uplink }.
 *
 * Events and trip marks are not delivered. An alert's commit begins at once; its sound waits for it a
 * moment (see warn/), and only what is committed is shown on the link (the uplink publishes from the
 * store, so it cannot be ahead of the disk).
 */
import type { Logger } from 'pino';
import { alertInWords, makeAlert, newMessageId, toMessage, type AlertContext } from './contract/index.ts';
import type { AlertMessage } from './contract/index.ts';
import type { Health } from './health.ts';
import type { AlertOutcome, Outcome } from './judge/outcome.ts';
import type { Appended, StoreClient } from './store/store.ts';
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
      if (outcome.type !== 'alert') return;
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
  const messageId = newMessageId();
  let soundedBeforeCommit = false;
  const commit = Promise.withResolvers<Appended>();
  // The time for the sound runs from the decision: the first alert of a run takes a while to be made.
  const warned = warner.warn(outcome, commit.promise, () => {
    soundedBeforeCommit = true;
    store.markSounded(messageId);
  });
  try {
    const draft = makeAlert(outcome, { ...about(), messageId });
    commit.resolve(store.append(draft));
    const { epoch, seq } = await commit.promise;
    const message = toMessage(draft, { epoch, seq, soundedBeforeCommit }) as AlertMessage;
    publish(message);
    log.info(`alert ${seq}: ${alertInWords(message)}`);
  } catch (error) {
    commit.reject(error);
    commit.promise.catch(() => undefined); // a silent phase does not wait for it
    health.count('alertsLost');
    log.error(`an alert could not be kept: ${(error as Error).message}`);
  }
  await warned;
}
