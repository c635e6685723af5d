/** `fleet consume`: the fleet's side of the contract, as a reference and for a trial. */
import { configSchema } from '../../config/schema.ts';
import type { OutboxMessage } from '../contract/index.ts';
import { consumeFleet } from '../fleet/consume.ts';
import { alertLine, missingLine } from '../fleet/words.ts';
import { openLog } from '../log.ts';
import { untilTold } from '../supervise.ts';
import { openLines, readArguments, UsageError, type Command, type LineSink } from './command.ts';
import { aborted } from './role.ts';

const OPTIONS = {
  broker: { type: 'string' },
  username: { type: 'string' },
  device: { type: 'string' },
  'no-ack': { type: 'boolean' },
  json: { type: 'string' },
} as const;

export const command: Command = {
  summary: "the fleet's side: take alerts once, notice gaps, acknowledge",
  usage: [
    'fleet consume --broker mqtt://HOST:PORT [--username NAME] [--device ID] [--no-ack] [--json OUT]',
    '  (the password comes from the variable CABINWATCH_FLEET_PASSWORD)',
  ],
  async run([verb, ...argv]) {
    if (verb !== 'consume')
      throw new UsageError(verb === undefined ? 'consume?' : `there is no "fleet ${verb}"`);
    const { values, positionals } = readArguments(argv, OPTIONS);
    if (positionals.length > 0) throw new UsageError(`fleet consume takes no ${positionals[0] ?? ''}`);
    const json = values.json === undefined ? null : await openLines(values.json);
    await consume(values, json);
    await json?.close();
    return 0;
  },
};

async function consume(
  values: { broker?: string; username?: string; device?: string; 'no-ack'?: boolean; json?: string },
  json: LineSink | null,
): Promise<void> {
  const people = values.json === '-' ? process.stderr : process.stdout;
  const onAlert = (message: OutboxMessage): void => {
    people.write(`${alertLine(message)}\n`);
    json?.line(JSON.stringify(message));
  };
  const consumer = consumeFleet({
    broker: brokerFrom(values),
    ...(values.device === undefined ? {} : { deviceId: values.device }),
    ack: values['no-ack'] !== true,
    onAlert,
    onMissing: (deviceId, range) => void people.write(`${missingLine(deviceId, range)}\n`),
    log: openLog('fleet', 'info'),
  });
  await aborted(untilTold());
  await consumer.close();
}

/** The broker is checked by the device's own schema, so both sides accept the same. */
function brokerFrom(values: { broker?: string; username?: string }) {
  if (values.broker === undefined) throw new UsageError('--broker is missing: mqtt://HOST:PORT');
  const { broker, username } = values;
  const password = process.env['CABINWATCH_FLEET_PASSWORD'];
  const parsed = configSchema.shape.uplink.safeParse({ broker, username, password });
  if (!parsed.success)
    throw new UsageError(
      `--broker: found "${broker}", wanted ${parsed.error.issues[0]?.message ?? 'an address'}`,
    );
  return { ...parsed.data, broker };
}
