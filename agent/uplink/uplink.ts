/**
 * The uplink role: the store's outbox to the broker, measures and condition from watch to the broker,
 * commands from the broker to watch. No devices, no networks for inference.
 *
 * store -> drain -> MQTT; link -> telemetry, health -> MQTT; MQTT -> commands -> link;
 * gpsd, the vehicle's topics -> context -> link
 *
 * Without a broker it only says so over the link: alerts are kept by the store.
 */
import type { Logger } from 'pino';
import type { Config } from '../../config/schema.ts';
import { readMessage, topicOf, TOPICS } from '../contract/index.ts';
import { connectLink } from '../link/client.ts';
import type { Store } from '../store/store.ts';
import { keepWithinBounds } from './bounds.ts';
import { createCommands } from './commands.ts';
import { openConnection, type Connection, type ConnectionHandlers } from './connection.ts';
import { tellContext } from './context/context.ts';
import { correctedWallTime } from './corrected-time.ts';
import { deviceLoad } from './device.ts';
import { createDrain, type Drain } from './drain.ts';
import { createHealthRelay } from './health.ts';
import type { Speaker } from './heading.ts';
import { openLatest } from './latest.ts';
import type { Session } from './session.ts';
import { lastWill, publishState } from './state.ts';
import { openStatusReport } from './status.ts';
import { createTelemetry } from './telemetry.ts';

export interface UplinkOptions {
  readonly config: Pick<Config, 'deviceId' | 'uplink' | 'store' | 'context'>;
  /** Opened for the role `uplink`; stays open until `close` has resolved. */
  readonly store: Store;
  /** Path of watch's socket. */
  readonly link: string;
  readonly clock: Speaker['clock'];
  readonly softwareVersion: string;
  readonly log: Logger;
}

export interface Uplink {
  /** Says `stopped`, disconnects and ends; below 2 s. */
  close(): Promise<void>;
}

/** How often the store is asked for new rows where no word came over the link. */
const LOOK_EVERY_MS = 200;
/** How often the store's bounds are looked after: a minute of alerts is far below any bound. */
const BOUNDS_EVERY_MS = 60_000;

/** Starts the role. Never throws: an absent broker or watch is waited for. */
export function runUplink(options: UplinkOptions): Uplink {
  const { config, log } = options;
  const { broker, telemetryEveryMs } = config.uplink;
  const parts = partsOf(options);
  const { drain, health, telemetry, report } = parts;
  if (broker === undefined) log.info('no broker is configured (uplink.broker): alerts are kept');
  else parts.connect(broker);

  const look = setInterval(() => {
    drain.tick();
    health.tick();
    report.send(false);
  }, LOOK_EVERY_MS);
  const sample =
    broker === undefined ? undefined : setInterval(() => void telemetry.sample(), telemetryEveryMs);
  const bounds = setInterval(parts.keepBounds, BOUNDS_EVERY_MS);
  return {
    async close() {
      clearInterval(look);
      clearInterval(bounds);
      clearInterval(sample);
      await parts.disconnect();
      telemetry.close();
      drain.close();
    },
  };
}

function partsOf(options: UplinkOptions) {
  const { config, store, clock, log } = options;
  const { deviceId, uplink } = config;
  const speaker: Speaker = { deviceId, softwareVersion: options.softwareVersion, clock };
  const latest = openLatest(() => clock.monotonicMs());
  const tripId = () => latest.tripId();
  const health = createHealthRelay(speaker, tripId);
  const drain = createDrain({
    store,
    deviceId,
    ...uplink,
    deleteBatchEveryMs: config.store.deleteBatchEveryMs,
    nowMs: () => clock.monotonicMs(),
    correctedWallTime: (message) => correctedWallTime(message, clock),
    log,
  });
  const telemetry = createTelemetry({
    speaker,
    store,
    expiryS: uplink.telemetryExpiryS,
    spillEveryMs: config.store.telemetrySpillEveryMs,
    measurement: () => latest.measurement(),
    tripId,
    profile: uplink.profile,
    load: deviceLoad,
    log,
  });
  let connection: Connection | null = null;
  const link = connectLink(
    options.link,
    {
      onMeasurement: (message) => latest.take(message),
      onAlert: () => drain.wake(),
      onHealth: (message) => health.take(message),
      onConnected: () => report.send(true),
      onLost: () => health.watchLost(),
    },
    log,
  );
  const report = openStatusReport({
    send: (status) => link.send({ type: 'uplink', ...status }),
    connection: () => connection,
    fault: () => drain.fault,
    depth: () => store.depth(),
    configured: uplink.broker !== undefined,
  });
  const command = createCommands({
    speaker,
    acknowledge: () => link.send({ type: 'ack', origin: 'command' }),
    log,
  });
  const announce = async (session: Session, status: 'online' | 'stopped') =>
    publishState(session, speaker, status, { epoch: store.epoch, outboxDepth: store.depth() });

  const handlers: ConnectionHandlers = {
    onSession(session) {
      announce(session, 'online').catch((error: unknown) =>
        log.warn(`the state did not reach the broker: ${(error as Error).message}`),
      );
      for (const part of [drain, telemetry, health]) part.begin(session);
      report.send(true);
    },
    onEnd() {
      for (const part of [drain, telemetry, health]) part.end();
      report.send(true);
    },
    onMessage(topic, payload, retained) {
      const session = connection?.session ?? null;
      if (topic === topicOf(deviceId, 'ack')) takeAck(drain, payload, retained, log);
      else if (session !== null) command(session, payload, retained);
    },
  };
  const context = tellContext({
    config: config.context,
    deviceId,
    uplink,
    clock,
    send: (message) => link.send(message),
    log,
  });
  const hasBroker = uplink.broker !== undefined;
  return {
    drain,
    health,
    telemetry,
    report,
    keepBounds: () => keepWithinBounds({ store, config: config.store, hasBroker, speaker, tripId, log }),
    connect(broker: string) {
      const will = lastWill(speaker);
      const subscriptions = subscriptionsOf(deviceId, uplink.ack);
      const nowMs = () => clock.monotonicMs();
      const { random } = Math;
      connection = openConnection(
        { ...uplink, broker, clientId: deviceId, will, subscriptions, random, nowMs },
        handlers,
        log,
      );
    },
    async disconnect() {
      await Promise.all([connection?.close((session) => announce(session, 'stopped')), context.close()]);
      link.close();
    },
  };
}

function subscriptionsOf(deviceId: string, ack: 'puback' | 'consumer') {
  const channels = ack === 'consumer' ? (['ack', 'command'] as const) : (['command'] as const);
  return channels.map((channel) => ({
    topic: topicOf(deviceId, channel),
    qos: TOPICS[channel].subscribeQos,
  }));
}

/** A retained acknowledgement is of the past, perhaps of another card. */
function takeAck(drain: Drain, payload: Uint8Array, retained: boolean, log: Logger): void {
  const read = readMessage('ack', payload);
  if ('message' in read && !retained) drain.acknowledged(read.message);
  else log.warn(`an acknowledgement is ignored: ${'fault' in read ? read.fault : 'it is retained'}`);
}
