/**
 * One connection to a broker, from CONNECT to its end. Never used again: a new attempt is a new session, so
 * nothing that MQTT.js keeps (its queues and stores may lose or repeat messages) outlives the connection.
 *
 * Lifecycle: `openSession` -> `onUp` once, when the broker has accepted and every subscription is
 * answered -> `publish`, `onMessage` -> `onDown` exactly once. `onDown` may come without `onUp`.
 */
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { codeOf, type SessionEnd } from './faults.ts';

export type Protocol = '5' | '3.1.1';
export type Qos = 0 | 1;

export interface PublishOptions {
  readonly qos: Qos;
  readonly retain?: boolean;
  /** MQTT 5: the broker drops the message after [s]. */
  readonly expiryS?: number;
}

/** The broker took the message and said no (MQTT 5 reason codes of 128 and up). */
export class PublishRefused extends Error {
  override readonly name = 'PublishRefused';
}

/** The connection ended before the broker answered: the message may or may not have arrived. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export interface Session {
  readonly protocol: Protocol;
  /** Topics that the broker does not let us subscribe. */
  readonly refusedTopics: readonly string[];
  /** Resolves on PUBACK (QoS 1) or when written (QoS 0). Rejects with `PublishRefused` or `ConnectionLost`. */
  publish(topic: string, payload: string, options: PublishOptions): Promise<void>;
}

export interface Subscription {
  readonly topic: string;
  readonly qos: Qos;
}

export interface SessionOptions {
  /** `mqtt://host[:port]` or `mqtts://host[:port]`. */
  readonly broker: string;
  readonly protocol: Protocol;
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly keepAliveS: number;
  readonly will?: { readonly topic: string; readonly payload: string };
  readonly subscriptions: readonly Subscription[];
}

export interface SessionHandlers {
  onUp(session: Session): void;
  /** The next message waits until this one is done; only then does the broker get its PUBACK. */
  onMessage(topic: string, payload: Uint8Array, retained: boolean): void | Promise<void>;
  onDown(end: SessionEnd): void;
}

export interface OpenSession {
  /** Says DISCONNECT (no last will) and closes, or just closes when that takes too long. */
  end(): Promise<void>;
}

/** A mobile link with TLS takes a few seconds; a broker that takes longer is as good as absent. */
const CONNECT_TIMEOUT_MS = 15_000;
const DISCONNECT_TIMEOUT_MS = 500;
/** The protocol's own bound, where the broker names none. */
const MAX_RECEIVE_MAXIMUM = 65_535;

/** Begins to connect. Never throws: a fault comes through `onDown`. */
export function openSession(options: SessionOptions, handlers: SessionHandlers): OpenSession {
  const client = connect(clientOptions(options));
  let error: Error | null = null;
  let accepted = false;
  let down = false;
  const losses: Losses = new Set();

  // Some brokers send before they have answered the subscription; such messages wait for `onUp`.
  let begin = (): void => undefined;
  let begun = false;
  let lastDelivery = new Promise<void>((resolve) => (begin = resolve));
  client.handleMessage = (packet, done) => {
    lastDelivery = lastDelivery.then(() => deliver(packet, handlers));
    if (begun) void lastDelivery.finally(() => done());
    else done();
  };
  client.on('connect', (connack) => {
    accepted = true;
    const receiveMaximum = connack.properties?.receiveMaximum ?? MAX_RECEIVE_MAXIMUM;
    void subscribeAll(client, options.subscriptions).then((refusedTopics) => {
      if (down || refusedTopics === null) return;
      const publish = publisher(client, receiveMaximum, losses);
      begun = true;
      handlers.onUp({ protocol: options.protocol, refusedTopics, publish });
      begin();
    });
  });
  client.on('disconnect', ({ reasonCode }) => {
    if (reasonCode !== undefined && reasonCode > 0) error ??= brokerError(reasonCode);
  });
  client.on('error', (cause) => {
    error ??= cause;
    // A peer that does not speak MQTT would otherwise be kept until a time-out.
    client.end(true);
  });
  client.on('close', () => {
    if (down) return;
    down = true;
    client.end(true);
    for (const lose of losses) lose(new ConnectionLost('the connection ended before the answer'));
    losses.clear();
    handlers.onDown({ error, accepted });
  });
  return { end: () => endOf(client) };
}

function clientOptions(options: SessionOptions): IClientOptions {
  const url = new URL(options.broker);
  const secure = url.protocol === 'mqtts:';
  return {
    protocol: secure ? 'mqtts' : 'mqtt',
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 8883 : 1883) : Number(url.port),
    protocolVersion: options.protocol === '5' ? 5 : 4,
    clientId: options.clientId,
    ...(options.username === undefined ? {} : { username: options.username }),
    // MQTT.js refuses a password without a user name, which some brokers take.
    ...(options.password === undefined
      ? {}
      : { password: options.password, username: options.username ?? '' }),
    keepalive: options.keepAliveS,
    clean: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // All of what follows keeps MQTT.js from queueing and retrying by itself.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(options.will === undefined
      ? {}
      : { will: { ...options.will, payload: Buffer.from(options.will.payload), qos: 1, retain: true } }),
  };
}

async function deliver(packet: IPublishPacket, handlers: SessionHandlers): Promise<void> {
  const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
  await handlers.onMessage(packet.topic, payload, packet.retain);
}

/** @returns the topics that were refused, `null` when the connection ended meanwhile */
function subscribeAll(client: MqttClient, subscriptions: readonly Subscription[]): Promise<string[] | null> {
  if (subscriptions.length === 0) return Promise.resolve([]);
  const wanted = Object.fromEntries(subscriptions.map(({ topic, qos }) => [topic, { qos }]));
  return new Promise((resolve) => {
    client.subscribe(wanted, (error, _grants, suback) => {
      if (suback === undefined) {
        resolve(error === null ? [] : null);
        return;
      }
      const codes = suback.granted as number[];
      resolve(subscriptions.filter((_, index) => (codes[index] ?? 0) >= 128).map(({ topic }) => topic));
    });
  });
}

/** Publishes with at most `receiveMaximum` QoS 1 messages unanswered (a broker closes on more); others wait. */
function publisher(client: MqttClient, receiveMaximum: number, losses: Losses): Session['publish'] {
  const waiting: (() => void)[] = [];
  let unanswered = 0;

  const send = (topic: string, payload: string, { qos, retain = false, expiryS }: PublishOptions) =>
    new Promise<void>((resolve, reject) => {
      losses.add(reject);
      const properties = expiryS === undefined ? {} : { properties: { messageExpiryInterval: expiryS } };
      client.publish(topic, payload, { qos, retain, ...properties }, (error) => {
        losses.delete(reject);
        if (!(error instanceof Error)) resolve();
        else reject(typeof codeOf(error) === 'number' ? refusal(error) : lost(error));
      });
    });
  const slot = () =>
    new Promise<void>((resolve, reject) => {
      losses.add(reject);
      waiting.push(() => {
        losses.delete(reject);
        resolve();
      });
    });
  return async (topic, payload, options) => {
    if (!client.connected) throw new ConnectionLost('there is no connection');
    if (options.qos === 0) return send(topic, payload, options);
    if (unanswered < receiveMaximum) unanswered += 1;
    else await slot();
    return send(topic, payload, options).finally(() => {
      const next = waiting.shift();
      if (next === undefined) unanswered -= 1;
      else next();
    });
  };
}

/** Rejects what is open when the connection ends. */
type Losses = Set<(error: Error) => void>;

const refusal = (cause: Error) => new PublishRefused(cause.message, { cause });
const lost = (cause: Error) => new ConnectionLost(cause.message, { cause });
const brokerError = (code: number) => Object.assign(new Error(`reason code ${code}`), { code });

/** MQTT.js waits for every open answer before it says DISCONNECT; those are given up here, for the outbox has them. */
function endOf(client: MqttClient): Promise<void> {
  for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
  return new Promise((resolve) => {
    const destroy = () => {
      client.stream.destroy();
      resolve();
    };
    if (!client.connected) {
      client.end(true);
      destroy();
      return;
    }
    const timer = setTimeout(destroy, DISCONNECT_TIMEOUT_MS);
    client.end(false, {}, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
