/**
 * Speed and ignition from topics of the vehicle's own broker, over a connection of its own. In: the settings.
 * Out: readings as they are published. A retained value is of unknown age and is not taken.
 */
import type { Logger } from 'pino';
import type { ContextConfig } from '../../../config/schema.ts';
import type {
  ContextSource,
  ContextSourceHandlers,
  Reading,
} from '../../../hardware/context/context-source.ts';
import { openConnection } from '../connection.ts';
import { ignitionOf, speedOf } from './vehicle-signal.ts';

export interface VehicleTopicsOptions {
  readonly config: Pick<ContextConfig, 'speed' | 'ignition' | 'mqtt'>;
  readonly deviceId: string;
  /** Waits between connections, of the uplink's settings. */
  readonly waits: {
    readonly backoffMinMs: number;
    readonly backoffMaxMs: number;
    readonly keepAliveS: number;
  };
  /** Monotonic [ms]. */
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** Begins to connect. Never throws. */
export function openVehicleTopics(options: VehicleTopicsOptions, to: ContextSourceHandlers): ContextSource {
  const { config, waits, nowMs, log } = options;
  const { speedTopic, ignitionTopic, broker, username, password } = config.mqtt;
  const topics = [
    ...(config.speed.includes('mqtt') ? [speedTopic] : []),
    ...(config.ignition === 'mqtt' ? [ignitionTopic] : []),
  ];
  const clientId = `${options.deviceId}-context`;
  const readingOf = (topic: string, payload: Uint8Array): Reading | null => {
    const speedKmh = topic === speedTopic && config.speed.includes('mqtt') ? speedOf(payload) : null;
    const ignitionOn = topic === ignitionTopic && config.ignition === 'mqtt' ? ignitionOf(payload) : null;
    if (speedKmh === null && ignitionOn === null) return null;
    return {
      ...(speedKmh === null ? {} : { speedKmh }),
      ...(ignitionOn === null ? {} : { ignitionOn }),
    };
  };
  const connection = openConnection(
    {
      ...waits,
      broker,
      username,
      password,
      clientId,
      protocol: 'auto',
      subscriptions: topics.map((topic) => ({ topic, qos: 0 })),
      random: Math.random,
      nowMs,
    },
    {
      onSession: () => undefined,
      onEnd: () => undefined,
      onMessage(topic, payload, retained) {
        if (retained) return;
        const reading = readingOf(topic, payload);
        if (reading === null) to.onUnreadable();
        else to.onReading(reading);
      },
    },
    log,
  );
  return {
    get fault() {
      const refused = connection.session?.refusedTopics ?? [];
      if (refused.length > 0)
        return `the broker at ${broker} does not let ${clientId} read ${refused.join(', ')}`;
      return connection.fault;
    },
    close: () => connection.close(),
  };
}
