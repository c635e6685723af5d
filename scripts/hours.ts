/**
 * `npm run hours -- --hours N [--seed S] [--fps F] [--json FILE]`: N attentive hours and N hours with events
 * of simulated driving through the judge, on all cores. Prints false alerts an hour, missed events, delays.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { figuresOf } from '../tests/stories/hours/figures.ts';
import type { FalseAlerts, Figures, Found } from '../tests/stories/hours/figures.ts';
import { jobsOf } from '../tests/stories/hours/jobs.ts';
import type { Job } from '../tests/stories/hours/jobs.ts';
import type { Findings } from '../tests/stories/hours/measure.ts';

const DEFAULT_HOURS = '100';
const DEFAULT_SEED = '1';
/** Between the 10 and 30 of cameras; blink statistics are on (`judge.eyes.minFpsForBlinks`). */
const DEFAULT_FPS = '15';

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: DEFAULT_HOURS },
    seed: { type: 'string', default: DEFAULT_SEED },
    fps: { type: 'string', default: DEFAULT_FPS },
    json: { type: 'string' },
  },
});
const hours = number('hours', values.hours, 0.5, 10_000);
const seed = number('seed', values.seed, 0, 4000);
const fps = number('fps', values.fps, 5, 60);
const figures = figuresOf(await onAllCores(jobsOf(hours, Math.floor(seed), fps)));
for (const line of inWords(figures)) process.stdout.write(`${line}\n`);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ ...figures, seed, fps }, null, 2)}\n`);

function number(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  process.stderr.write(`hours: --${name}: found "${text}", wanted a number from ${min} to ${max}\n`);
  return process.exit(2);
}

/** Findings in the order of the jobs, whichever core was first. */
async function onAllCores(jobs: readonly Job[]): Promise<Findings[]> {
  const findings: Findings[][] = jobs.map(() => []);
  let next = 0;
  const work = async () => {
    const worker = new Worker(new URL('../tests/stories/hours/worker.ts', import.meta.url));
    for (let index = next++; index < jobs.length; index = next++) {
      findings[index] = await answer(worker, jobs[index]!);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work));
  return findings.flat();
}

function answer(worker: Worker, job: Job): Promise<Findings[]> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (found: Findings[]) => {
      worker.off('error', reject);
      resolve(found);
    });
    worker.postMessage(job);
  });
}

function inWords({ attentive, events, details }: Figures): string[] {
  return [
    `attentive hours (${fps} fps, seed ${seed})`,
    rates('all', attentive),
    ...Object.entries(details.conditions).map(([name, alerts]) => rates(name, alerts)),
    rates('speed unknown', details.speedUnknown),
    '',
    'worst behaviours (alert, while, an hour, seed@second)',
    ...details.behaviours.map(
      (row) =>
        `  ${row.kind.padEnd(17)}${row.doing.padEnd(26)}${row.perHour.toFixed(3).padStart(8)}  ${row.examples
          .map(({ seed: drive, atMs }) => `${drive}@${(atMs / 1000).toFixed(1)}`)
          .join(' ')}`,
    ),
    '',
    'weakened judges (each must come out above 1 false warning an hour)',
    ...Object.entries(details.weakened).map(([name, alerts]) => rates(name, alerts)),
    '',
    'events (found / injected with eyes seen, delay from their start: median, 95 %, most)',
    ...Object.entries(events).map(
      ([kind, found]) => `${foundInWords(kind, found)}  (${details.unseenEvents[kind]} not seen, left out)`,
    ),
    'of these with glasses',
    ...Object.entries(details.eventsWithGlasses).map(([kind, found]) => foundInWords(kind, found)),
    rates('beside the events', details.besideEvents),
    ...details.missed.map(
      ({ kind, seed: drive, startMs }) => `  missed ${kind}: ${drive}@${(startMs / 1000).toFixed(1)}`,
    ),
  ];
}

function foundInWords(kind: string, { n, found, delayMs }: Found): string {
  const share = n === 0 ? '-' : `${((100 * found) / n).toFixed(1)} %`;
  const delays = delayMs === null ? '-' : `${delayMs.median}, ${delayMs.p95}, ${delayMs.max} ms`;
  return `  ${kind.padEnd(12)}${found} / ${n}  ${share}  ${delays}`;
}

function rates(name: string, of: FalseAlerts): string {
  const kinds = Object.entries(of.perKind).map(([kind, rate]) => `${kind} ${rate}`);
  const head = `  ${name.padEnd(18)}${of.hours.toFixed(1).padStart(6)} h  false warnings ${of.falseWarningsPerHour.toFixed(2)}/h  notices ${of.noticesPerHour.toFixed(2)}/h`;
  return kinds.length === 0 ? head : `${head}  (${kinds.join(', ')})`;
}
