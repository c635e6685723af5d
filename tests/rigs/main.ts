/**
 * `npm run rig -- NAME [--full] [--seed N] [--only PART] [--json FILE]`: shows a promise on real processes.
 * The last line is `rig NAME: ok ...` or `rig NAME: failed ...`; exit 0 or 1, 2 for wrong usage.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Rig } from './rig.ts';
import { runRig } from './run.ts';

const RIGS: Readonly<Record<string, () => Promise<{ rig: Rig }>>> = {
  delivery: () => import('./delivery/delivery.ts'),
};
const USAGE = 'npm run rig -- NAME [--full] [--seed N] [--only PART] [--json FILE]';

const OPTIONS = {
  full: { type: 'boolean' },
  seed: { type: 'string' },
  only: { type: 'string' },
  json: { type: 'string' },
} as const;

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  const [name = ''] = positionals;
  const load = RIGS[name];
  const seed = Number(values.seed ?? 1);
  if (load === undefined || positionals.length > 1 || !Number.isInteger(seed)) {
    return refuse(`${USAGE}\nrigs are: ${Object.keys(RIGS).join(', ')}`);
  }
  const { rig } = await load();
  const names = rig.parts.map((part) => part.name);
  if (values.only !== undefined && !names.includes(values.only))
    return refuse(`parts are: ${names.join(', ')}`);
  // JSON on standard output leaves standard error to the lines for people.
  const people = values.json === '-' ? process.stderr : process.stdout;
  const say = (line: string): void => void people.write(`${line}\n`);
  const report = await runRig(name, rig, { full: values.full === true, seed, say }, values.only);
  if (values.json !== undefined) {
    writeFileSync(values.json === '-' ? 1 : values.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  return report.ok ? 0 : 1;
}

function refuse(why: string): number {
  process.stderr.write(`rig: ${why}\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) =>
  refuse((error as Error).message),
);
