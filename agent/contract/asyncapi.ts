/**
 * The AsyncAPI 3.0 document, from the schemas and the table of topics. Pure: same code, same document.
 *
 * Written from the device's side: it sends what comes `from: 'device'` and receives the rest.
 */
import { z } from 'zod';
import { EXAMPLES } from './examples.ts';
import { MESSAGES } from './message.ts';
import { CHANNELS, DEVICE_ID_PATTERN, SCHEMA_VERSION, TOPICS } from './topics.ts';
import type { Channel } from './topics.ts';

/** Version of AsyncAPI's binding for MQTT. */
const MQTT_BINDING = '0.2.0';

/**
 * JSON Schema (draft 7, the dialect of AsyncAPI 3.0) of one channel. Of what devices send, unknown fields
 * are allowed: a newer device may add some within a version.
 */
export function jsonSchemaOf(channel: Channel): Record<string, unknown> {
  return z.toJSONSchema(MESSAGES[channel], { target: 'draft-7', io: 'input' });
}

/** The document as a plain object. */
export function asyncApi(softwareVersion: string): Record<string, unknown> {
  const byChannel = <T>(make: (channel: Channel) => T) =>
    Object.fromEntries(CHANNELS.map((channel) => [channel, make(channel)]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Cabinwatch',
      version: softwareVersion,
      description: [
        'Alerts, measures and condition of a driver monitor over MQTT, and commands to it.',
        `Layout ${String(SCHEMA_VERSION)}: within it fields are only added, never changed or taken away; readers skip`,
        'what they do not know. Alerts arrive at least once: remove duplicates by messageId, and acknowledge',
        'the end of the gapless run of seq on the ack topic.',
      ].join('\n'),
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: byChannel(channelOf),
    operations: byChannel(operationOf),
    components: { messages: byChannel(messageOf), schemas: byChannel(schemaOf) },
  };
}

function channelOf(channel: Channel) {
  return {
    address: `cabinwatch/v1/{deviceId}/${channel}`,
    description: TOPICS[channel].purpose,
    parameters: {
      deviceId: { description: `Name of the vehicle at the fleet: ${DEVICE_ID_PATTERN.source}` },
    },
    messages: { [channel]: { $ref: `#/components/messages/${channel}` } },
  };
}

function operationOf(channel: Channel) {
  const { from, publishQos, subscribeQos, retain } = TOPICS[channel];
  const device = from === 'device';
  const mqtt = { qos: device ? publishQos : subscribeQos, ...(device ? { retain } : {}) };
  return {
    action: device ? 'send' : 'receive',
    channel: { $ref: `#/channels/${channel}` },
    bindings: { mqtt: { ...mqtt, bindingVersion: MQTT_BINDING } },
  };
}

function messageOf(channel: Channel) {
  return {
    name: channel,
    summary: TOPICS[channel].purpose,
    contentType: 'application/json',
    payload: { $ref: `#/components/schemas/${channel}` },
    examples: Object.entries<object>(EXAMPLES[channel]).map(([name, payload]) => ({ name, payload })),
  };
}

function schemaOf(channel: Channel) {
  const schema = jsonSchemaOf(channel);
  delete schema['$schema']; // the dialect is the document's
  return schema;
}
