/** `explain ID`: why an alert was raised, in plain sentences, from the store or from a file of lines. */
import { loadConfig, type ResolvedConfig } from '../../config/load.ts';
import { policyNumbers } from '../../config/policy-table.ts';
import { explainMessages, numbersNamed } from '../contract/index.ts';
import type { AlertMessage, Explanation } from '../contract/index.ts';
import { databaseFile, openStore } from '../store/database.ts';
import { openLines, readArguments, UsageError, type Command } from './command.ts';
import { explainLineOf } from './explain-file.ts';

/** So many trips are searched for the one of the message: more than are ever kept. */
const ALL_TRIPS = 1_000_000;

export const command: Command = {
  summary: 'say why an alert was raised: measured, window, threshold, how close, what was not seen',
  usage: [
    'explain MESSAGE_ID|ALERT_ID [--db FILE] [--config FILE] [--json OUT]',
    'explain ID|LINE --file LINES.jsonl [--config FILE] [--json OUT]',
    ' the lines of a replay are named by their number; the messages of a fleet by an id',
  ],
  async run(argv) {
    const { values, positionals } = readArguments(argv, {
      db: { type: 'string' },
      file: { type: 'string' },
      config: { type: 'string' },
      json: { type: 'string' },
    });
    const [id, ...more] = positionals;
    if (id === undefined || more.length > 0) throw new UsageError('name one message, alert or line');
    if (values.db !== undefined && values.file !== undefined) {
      throw new UsageError('--db and --file exclude each other');
    }
    const { config } = loadConfig({ file: values.config });
    const explanation =
      values.file === undefined
        ? fromStore(id, values.db ?? databaseFile(config.dataDir), config)
        : explainLineOf(values.file, id);
    const sentences = [...explanation.sentences, ...numbersInWords(explanation.evidence, config)];
    if (values.json !== undefined) {
      const out = await openLines(values.json);
      out.line(JSON.stringify({ id, sentences, found: explanation.found }, null, 2));
      await out.close();
    }
    const people = values.json === '-' ? process.stderr : process.stdout;
    people.write(`${sentences.join('\n')}\n`);
    return 0;
  },
};

/** @throws Error in one sentence when the store has no such message */
function fromStore(id: string, file: string, config: ResolvedConfig): Explanation {
  const store = openStore(file, config.store, 'reader');
  try {
    const phases = store.phases(id);
    const message = phases.find((one) => one.messageId === id) ?? phases[0];
    if (message === undefined) {
      throw new Error(
        `${id}: ${file} has no message or alert of this id; acknowledged ones are kept for a while only`,
      );
    }
    const trip = store.trips(ALL_TRIPS).find(({ tripId }) => tripId === message.tripId);
    const tripStartMs = trip?.start.bootId === message.bootId ? trip.start.atMs : null;
    return explainMessages(message, phases, { tripStartMs });
  } finally {
    store.close();
  }
}

/** What the configuration says today of the numbers that the evidence names. */
function numbersInWords(evidence: AlertMessage['evidence'], config: ResolvedConfig): string[] {
  const numbers = policyNumbers(config.judge);
  return numbersNamed(evidence).flatMap((path) => {
    const number = numbers.find((one) => `judge.${one.path}` === path);
    if (number === undefined) return [];
    const source = number.source === null ? '' : ` (${number.source})`;
    return [`${path}: ${number.meaning}${source}.`];
  });
}
