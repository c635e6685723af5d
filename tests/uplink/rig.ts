/** A vehicle (store, uplink) and a fleet (consumer) for delivery tests; everything ends with the test. */
import { join } from 'node:path';
import { contextConfig } from '../../config/schema/context.ts';
import type { ContextConfig, UplinkConfig } from '../../config/schema.ts';
import type { OutboxMessage } from '../../agent/contract/index.ts';
import { consumeFleet, type Consumer } from '../../agent/fleet/consume.ts';
import { openStore } from '../../agent/store/database.ts';
import type { Store } from '../../agent/store/store.ts';
import { runUplink, type Uplink } from '../../agent/uplink/uplink.ts';
import { logger } from '../link/fixtures.ts';
import { draft, folder, storeConfig } from '../store/drafts.ts';
import { settings } from './brokers.ts';

export const testClock = {
  bootId: 'boot-1',
  monotonicMs: () => performance.now(),
  wallTime: () => new Date().toISOString(),
  state: () => 'synchronised' as const,
};

export interface Vehicle {
  /** Watch's own handle of the store. */
  readonly watch: Store;
  /** Path of watch's socket; nobody listens there unless the test does. */
  readonly link: string;
  readonly lines: string[];
  /** Commits alerts numbered as they come. */
  alert(count?: number): void;
  /** Numbers that wait for acknowledgement. */
  waiting(): number[];
  start(
    broker: string | undefined,
    changes?: Partial<UplinkConfig>,
    store?: (real: Store) => Store,
    context?: ContextConfig,
  ): Uplink;
  end(): Promise<void>;
}

export function openVehicle(): Vehicle {
  const place = folder();
  const { log, lines } = logger();
  const config = storeConfig({ deleteBatchEveryMs: 100 });
  const watch = openStore(place.file, config, 'watch');
  const store = openStore(place.file, config, 'uplink');
  const uplinks: Uplink[] = [];
  const link = join(place.path, 'watch.sock');
  let made = 0;
  return {
    watch,
    link,
    lines,
    alert(count = 1) {
      for (let n = 0; n < count; n += 1) watch.append(draft((made += 1)));
    },
    waiting: () => watch.unsent(0, 100_000).map(({ seq }) => seq),
    start(broker, changes, changed = (real) => real, context = contextConfig.parse({})) {
      const { broker: address, ...rest } = settings(broker ?? 'mqtt://nowhere', changes);
      const uplink = runUplink({
        config: {
          deviceId: 'car-1',
          store: config,
          context,
          uplink: broker === undefined ? rest : { ...rest, broker: address },
        },
        store: changed(store),
        link,
        clock: testClock,
        softwareVersion: '0.0.0',
        log,
      });
      uplinks.push(uplink);
      return uplink;
    },
    async end() {
      for (const uplink of uplinks) await uplink.close();
      watch.close();
      store.close();
      place.remove();
    },
  };
}

export interface Fleet {
  readonly consumer: Consumer;
  /** What was handed on, in order. */
  readonly came: OutboxMessage[];
  readonly missing: string[];
  readonly lines: string[];
  readonly seqs: () => number[];
}

export function openFleet(
  broker: string,
  ack: boolean,
  onAlert?: (message: OutboxMessage) => unknown,
): Fleet {
  const came: OutboxMessage[] = [];
  const missing: string[] = [];
  const { log, lines } = logger();
  const consumer = consumeFleet({
    broker: settings(broker),
    ack,
    async onAlert(message) {
      await onAlert?.(message);
      came.push(message);
    },
    onMissing: (deviceId, { firstSeq, lastSeq }) =>
      void missing.push(`${deviceId} ${String(firstSeq)}-${String(lastSeq)}`),
    log,
  });
  return { consumer, came, missing, lines, seqs: () => came.map(({ seq }) => seq) };
}

/** 1 to `last`. */
export const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
