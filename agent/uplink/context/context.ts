/**
 * What the uplink tells watch about the vehicle: readings of gpsd and of the vehicle's topics, and whether the
 * wall clock is synchronised. In: the settings. Out: `context` messages over the link.
 */
import type { Logger } from 'pino';
import type { ContextConfig, UplinkConfig } from '../../../config/schema.ts';
import {
  usedSources,
  type ContextSource,
  type ContextSourceHandlers,
} from '../../../hardware/context/context-source.ts';
import type { Clock } from '../../clock.ts';
import { openContextTeller, type ContextTellerOptions } from '../../link/context-teller.ts';
import { openGpsd } from './gpsd.ts';
import { openVehicleTopics } from './vehicle-topics.ts';

export interface ContextOptions {
  readonly config: ContextConfig;
  readonly deviceId: string;
  readonly uplink: Pick<UplinkConfig, 'backoffMinMs' | 'backoffMaxMs' | 'keepAliveS'>;
  readonly clock: Pick<Clock, 'monotonicMs' | 'state'>;
  readonly send: ContextTellerOptions['send'];
  readonly log: Logger;
}

export interface ContextTelling {
  close(): Promise<void>;
}

/** Opens what the settings ask for. Never throws. */
export function tellContext({ config, deviceId, uplink, clock, send, log }: ContextOptions): ContextTelling {
  const { maxSpeedKmh } = config;
  const used = usedSources(config);
  const tell = (
    source: 'gpsd' | 'mqtt',
    open: (to: ContextSourceHandlers) => ContextSource,
  ): ContextTelling => {
    const fault = () => opened.fault;
    const teller = openContextTeller({ source, maxSpeedKmh, clock, send, fault });
    const opened = open(teller);
    return {
      async close() {
        teller.close();
        await opened.close();
      },
    };
  };
  const topics = {
    config,
    deviceId,
    waits: {
      backoffMinMs: uplink.backoffMinMs,
      backoffMaxMs: uplink.backoffMaxMs,
      keepAliveS: uplink.keepAliveS,
    },
    nowMs: () => clock.monotonicMs(),
    log,
  };
  const telling = [
    ...(used.includes('gpsd') ? [tell('gpsd', (to) => openGpsd(config.gpsd, to))] : []),
    ...(used.includes('mqtt') ? [tell('mqtt', (to) => openVehicleTopics(topics, to))] : []),
  ];
  const clockTeller = openContextTeller({ source: 'clock', maxSpeedKmh, clock, send, fault: () => null });
  return {
    async close() {
      clockTeller.close();
      await Promise.all(telling.map((one) => one.close()));
    },
  };
}
