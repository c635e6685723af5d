/**
 * `npm run examine [-- NAME...] [-- --again] [--write] [--json FILE]`: every network of ours against its targets.
 * Input: what was measured of them (models/metrics), or, with --again, the test splits themselves. Output: tables.
 *
 * Exit code 1: a file is not the one that was measured, or --again finds something else than what is stored.
 * A missed target is said and is no fault. --write stores what it finds (and means --again), then the cards.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configSchema } from '../../config/schema.ts';
import { writeCards } from '../../models/cards/write.ts';
import type { Examined } from '../../models/examine/examined.ts';
import { examinedFile, readStored, type Stored } from '../../models/examine/stored.ts';
import { budgetOf } from '../../models/examine/table-budget.ts';
import {
  budgetInWords,
  networksInWords,
  scoresInWords,
  shortfalls,
} from '../../models/examine/table-text.ts';
import { networkRow, OURS, scoreRows } from '../../models/examine/table.ts';
import type { TrainedName } from '../../models/manifest.ts';
import { hasWeights } from '../../models/network-file.ts';
import { differences } from './differences.ts';
import { whyNoData } from './test-data.ts';

const HOME = resolve(import.meta.dirname, '..', '..', 'models');
const USAGE = `npm run examine [-- NAME...] [-- --again] [--write] [--json FILE]; names: ${OURS.join(', ')}`;
const OPTIONS = {
  again: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  json: { type: 'string' },
} as const;

async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(argv);
  const unknown = positionals.find((name) => !OURS.includes(name as TrainedName));
  if (unknown !== undefined) throw new Error(`there is no network '${unknown}'; ${USAGE}`);
  const named = OURS.filter((name) => positionals.length === 0 || positionals.includes(name));
  const faults = values.again || values.write ? await again(named, values.write) : [];
  const stored = named.map((name) => readStored(name));
  faults.push(...stored.flatMap((one) => one.faults));
  const found = tables(stored);
  print(found, faults);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ ...found, faults }, null, 1)}\n`);
  return faults.length === 0 ? 0 : 1;
}

/** @throws Error in one sentence with the usage */
function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Error(`${(error as Error).message.split('. ')[0]}; ${USAGE}`, { cause: error });
  }
}

function tables(stored: readonly Stored[]) {
  const there = stored.filter(({ trained, int8 }) => trained !== null || int8 !== null);
  const metrics = OURS.flatMap((name) => readStored(name).int8 ?? []);
  return {
    networks: there.map(networkRow),
    scores: scoreRows(stored, HOME),
    budget: budgetOf(configSchema.parse({}), metrics),
  };
}

function print({ networks, scores, budget }: ReturnType<typeof tables>, faults: readonly string[]): void {
  const lines = [
    networksInWords(networks),
    scoresInWords(scores),
    budgetInWords(budget),
    ...shortfalls(networks),
  ];
  process.stdout.write(`${lines.join('\n\n')}\n`);
  for (const fault of faults) process.stderr.write(`examine: ${fault}\n`);
}

/** @returns a sentence for each difference from what is stored; none when it is written instead */
async function again(names: readonly TrainedName[], write: boolean): Promise<string[]> {
  // Only now: reading pictures, sounds and networks takes a moment to load.
  const { createReader, examine } = await import('./examination.ts');
  const why = whyNoData();
  if (why !== null) throw new Error(`the test splits cannot be read: ${why}`);
  const reader = createReader();
  const faults: string[] = [];
  for (const name of names.filter((one) => hasWeights(one))) {
    const precisions = precisionsOf(name);
    const found = await examine(name, precisions, reader, (line) => process.stderr.write(`${line}\n`));
    if (write) store(name, found);
    else faults.push(...differences(readStored(name).examined, found));
  }
  if (write) writeCards();
  return faults;
}

const precisionsOf = (name: TrainedName) => {
  const { trained, int8 } = readStored(name);
  return [...(trained === null ? [] : (['fp32'] as const)), ...(int8 === null ? [] : (['int8'] as const))];
};

function store(name: TrainedName, found: Examined): void {
  const file = examinedFile(name);
  writeFileSync(file, `${JSON.stringify(found, null, 1)}\n`);
  process.stderr.write(`${name}: written to ${join('models', 'metrics', `${name}.examined.json`)}\n`);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`examine: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
