/**
 * `npm run hours -- --hours N [--seed S] [--fps F] [--json FILE]`: N attentive hours and N hours with events
 * of simulated driving through the judge, on all cores. Prints false alerts an hour, missed events, delays.
 *
 * `npm run hours -- --sweep [--hours N] [--json FILE] [--plot FILE.svg]`: N attentive hours, and a fifth as
 * many with lapses and with drowsy periods, before judges that differ in one threshold each.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { configSchema } from '../config/schema.ts';
import { onAllCores } from '../tests/stories/hours/cores.ts';
import { figuresOf } from '../tests/stories/hours/figures.ts';
import { jobsOf } from '../tests/stories/hours/jobs.ts';
import { numberAt } from '../tests/stories/hours/judges.ts';
import { plotSweep } from '../tests/stories/hours/sweep-plot.ts';
import { SWEEP, sweepJobs, sweepPoints } from '../tests/stories/hours/sweep.ts';
import { inWords, sweepInWords } from '../tests/stories/hours/words.ts';

const DEFAULT_HOURS = '100';
/** Dozens of judges see each drive. */
const DEFAULT_SWEEP_HOURS = '10';
const DEFAULT_SEED = '1';
/** Between the 10 and 30 of cameras; blink statistics are on (`judge.eyes.minFpsForBlinks`). */
const DEFAULT_FPS = '15';

const { values } = parseArgs({
  options: {
    hours: { type: 'string' },
    seed: { type: 'string', default: DEFAULT_SEED },
    fps: { type: 'string', default: DEFAULT_FPS },
    sweep: { type: 'boolean', default: false },
    json: { type: 'string' },
    plot: { type: 'string' },
  },
});
const hours = number(
  'hours',
  values.hours ?? (values.sweep ? DEFAULT_SWEEP_HOURS : DEFAULT_HOURS),
  0.5,
  10_000,
);
const seed = Math.floor(number('seed', values.seed, 0, 4000));
const fps = number('fps', values.fps, 5, 60);
if (values.plot !== undefined && !values.sweep) refuse('--plot draws a sweep: add --sweep');
await (values.sweep ? sweep() : run());

async function run(): Promise<void> {
  const figures = figuresOf(await onAllCores(jobsOf(hours, seed, fps)));
  say(inWords(figures, fps, seed));
  save(values.json, { ...figures, seed, fps });
}

async function sweep(): Promise<void> {
  const points = sweepPoints(await onAllCores(sweepJobs(hours, seed, fps)));
  say([`sweep (${hours} attentive hours, ${fps} fps, seed ${seed})`, ...sweepInWords(points)]);
  save(values.json, { points, hours, seed, fps });
  if (values.plot === undefined) return;
  const { judge } = configSchema.parse({});
  const inUse = Object.fromEntries(SWEEP.map(({ path }) => [path, numberAt(judge, path)]));
  const about = `One threshold changed at a time: ${hours} attentive hours, ${fps} frames per second, seed ${seed}`;
  writeFileSync(values.plot, plotSweep(points, inUse, about));
}

function say(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

function save(file: string | undefined, content: object): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

function number(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  return refuse(`--${name}: found "${text}", wanted a number from ${min} to ${max}`);
}

function refuse(why: string): never {
  process.stderr.write(`hours: ${why}\n`);
  return process.exit(2);
}
