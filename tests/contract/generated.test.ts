/** What is generated is up to date, is valid AsyncAPI, and says the same as the schemas. */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { asyncApi, jsonSchemaOf } from '../../agent/contract/asyncapi.ts';
import { EXAMPLES } from '../../agent/contract/examples.ts';
import { outdated } from '../../agent/contract/generate.ts';
import { CHANNELS, MESSAGES, TOPICS, readMessage } from '../../agent/contract/index.ts';

const folder = new URL('../../agent/contract/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const asyncApiSchema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json') as object;

/** AsyncAPI's schema brings the draft 7 meta-schema along itself, hence `meta`. */
function ajv(meta = true): Ajv {
  const made = new Ajv({ allErrors: true, strict: false, meta, validateSchema: meta });
  addFormats.default(made);
  return made;
}

const examples = CHANNELS.flatMap((channel) =>
  Object.entries<object>(EXAMPLES[channel]).map(([name, payload]) => ({ channel, name, payload })),
);

describe('what is generated from the contract', () => {
  it('is committed as it is generated now (else: npm run contract)', () => {
    expect(outdated()).toEqual([]);
  });

  it('is a valid AsyncAPI 3.0 document', () => {
    const validate = ajv(false).compile(asyncApiSchema);
    const valid = validate(parse(read('generated/asyncapi.yaml')));
    expect(validate.errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('would not pass with a wrong quality of service', () => {
    const validate = ajv(false).compile(asyncApiSchema);
    const document = structuredClone(asyncApi('1.0.0')) as unknown as {
      operations: { alert: { bindings: { mqtt: { qos: number } } } };
    };
    document.operations.alert.bindings.mqtt.qos = 7;
    expect(validate(document)).toBe(false);
  });

  it('tells of each topic the quality and retention that the program uses', () => {
    const document = parse(read('generated/asyncapi.yaml')) as {
      channels: Record<string, { address: string }>;
      operations: Record<string, { action: string; bindings: { mqtt: { qos: number; retain?: boolean } } }>;
    };
    for (const channel of CHANNELS) {
      const facts = TOPICS[channel];
      const { action, bindings } = document.operations[channel]!;
      expect(document.channels[channel]!.address).toBe(`cabinwatch/v1/{deviceId}/${channel}`);
      expect(action).toBe(facts.from === 'device' ? 'send' : 'receive');
      expect(bindings.mqtt.qos).toBe(facts.from === 'device' ? facts.publishQos : facts.subscribeQos);
      if (facts.from === 'device') expect(bindings.mqtt.retain).toBe(facts.retain);
    }
  });

  it('never retains an acknowledgement and lets no alert expire', () => {
    expect(TOPICS.ack.retain).toBe(false);
    expect(TOPICS.alert.mayExpire).toBe(false);
  });

  it('names every topic in the README', () => {
    const readme = read('README.md');
    for (const channel of CHANNELS) expect(readme).toContain(`| \`${channel}\` | ${TOPICS[channel].from} |`);
  });

  it.each(examples)('takes the example $name of $channel, by schema and by JSON Schema', (one) => {
    expect(readMessage(one.channel, JSON.stringify(one.payload))).toEqual({ message: one.payload });
    const validate = ajv().compile(JSON.parse(read(`generated/${one.channel}.schema.json`)) as object);
    validate(one.payload);
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(examples)('refuses the example $name of $channel without one of its required fields', (one) => {
    const validate = ajv().compile(jsonSchemaOf(one.channel));
    for (const field of Object.keys(one.payload)) {
      const rest = Object.fromEntries(Object.entries(one.payload).filter(([name]) => name !== field));
      const taken = MESSAGES[one.channel].safeParse(rest).success;
      expect([field, validate(rest)]).toEqual([field, taken]);
      if (field !== 'cleared') expect([field, taken]).toEqual([field, false]);
    }
  });
});
