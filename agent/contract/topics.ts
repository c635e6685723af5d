/**
 * The MQTT topics of a device, in one table: who sends, at which quality, kept by the broker or not.
 *
 * In: a device id. Out: topic names and filters. Nothing here talks to a network.
 */

/** Version of every message's layout; it is in each message and in the topic's root (`v1`). */
export const SCHEMA_VERSION = 1;

/** Device ids that survive every broker: some map `/` to `.`, so no other signs. */
export const DEVICE_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** The last part of a topic. */
export const CHANNELS = ['alert', 'state', 'telemetry', 'health', 'command', 'result', 'ack'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What is fixed about one topic. */
export interface TopicFacts {
  /** Who publishes. */
  readonly from: 'device' | 'fleet';
  readonly publishQos: 0 | 1;
  readonly subscribeQos: 0 | 1;
  /** Kept by the broker for whoever subscribes later. */
  readonly retain: boolean;
  /** May carry an MQTT 5 message expiry. Never an alert. */
  readonly mayExpire: boolean;
  readonly purpose: string;
}

/**
 * The topics. Acknowledgements are subscribed at QoS 0: one is repeated by the next anyway, and a QoS 1
 * subscription costs clustered brokers a queue per vehicle. They are never retained: a stale one must
 * not meet a database made anew.
 */
export const TOPICS: Readonly<Record<Channel, TopicFacts>> = {
  alert: {
    from: 'device',
    publishQos: 1,
    subscribeQos: 1,
    retain: false,
    mayExpire: false,
    purpose: 'Alerts, and records of gaps in their numbering; sent until acknowledged',
  },
  state: {
    from: 'device',
    publishQos: 1,
    subscribeQos: 1,
    retain: true,
    mayExpire: false,
    purpose: 'Online, stopped (a clean end) or offline (the last will)',
  },
  telemetry: {
    from: 'device',
    publishQos: 1,
    subscribeQos: 1,
    retain: false,
    mayExpire: true,
    purpose: 'Measures of driver and device at a steady rate',
  },
  health: {
    from: 'device',
    publishQos: 1,
    subscribeQos: 1,
    retain: false,
    mayExpire: false,
    purpose: 'Condition of the parts of the device, on every change',
  },
  command: {
    from: 'fleet',
    publishQos: 1,
    subscribeQos: 1,
    retain: false,
    mayExpire: true,
    purpose: 'Requests to one device',
  },
  result: {
    from: 'device',
    publishQos: 1,
    subscribeQos: 1,
    retain: false,
    mayExpire: false,
    purpose: 'The answer to each command',
  },
  ack: {
    from: 'fleet',
    publishQos: 1,
    subscribeQos: 0,
    retain: false,
    mayExpire: false,
    purpose: "The fleet's cumulative acknowledgement of alerts",
  },
};

const ROOT = 'cabinwatch/v1';

/**
 * Name of one device's topic, `cabinwatch/v1/<deviceId>/<channel>`.
 * @throws {RangeError} when the id has signs that are not allowed (a `+`, `#` or `/` would change the topic)
 */
export function topicOf(deviceId: string, channel: Channel): string {
  if (!DEVICE_ID_PATTERN.test(deviceId)) {
    throw new RangeError(
      `deviceId: ${JSON.stringify(deviceId)} is not allowed; use 1-64 letters, digits, _ and -`,
    );
  }
  return `${ROOT}/${deviceId}/${channel}`;
}

/** Filter that matches the channel of every device. */
export function topicOfAll(channel: Channel): string {
  return `${ROOT}/+/${channel}`;
}

/** Device and channel of a topic name; `null` when it is none of ours. */
export function parseTopic(topic: string): { deviceId: string; channel: Channel } | null {
  const match = /^cabinwatch\/v1\/([A-Za-z0-9_-]{1,64})\/([a-z]+)$/.exec(topic);
  const channel = CHANNELS.find((name) => name === match?.[2]);
  return match?.[1] !== undefined && channel !== undefined ? { deviceId: match[1], channel } : null;
}
