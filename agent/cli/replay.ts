/** `replay FILE|FOLDER`: recordings through the same chain as a live drive. */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import cliProgress from 'cli-progress';
import { loadConfig, type ResolvedConfig } from '../../config/load.ts';
import { probeMedia } from '../../hardware/media/probe.ts';
import { MEASUREMENTS_HEAD } from '../replay/measurements.ts';
import { replay, type SummaryLine } from '../replay/replay.ts';
import { foundInWords, summaryInWords } from '../replay/words.ts';
import { untilTold } from '../supervise.ts';
import {
  numberOption,
  openLines,
  readArguments,
  UsageError,
  type Command,
  type LineSink,
} from './command.ts';

const OPTIONS = {
  audio: { type: 'string' },
  config: { type: 'string' },
  speed: { type: 'string' },
  json: { type: 'string' },
  measurements: { type: 'string' },
} as const;
const VIDEOS = /\.(mp4|m4v|mkv|mov|avi|webm|mpe?g|ts)$/i;
const MAX_SPEED_KMH = 300;

export const command: Command = {
  summary: 'recordings through the same chain as a live drive: events, alerts, a summary',
  usage: [
    'replay FILE|FOLDER [--audio FILE] [--config FILE] [--speed KMH] [--json OUT.jsonl] [--measurements OUT.csv]',
  ],
  async run(argv) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw new UsageError('name one file or folder');
    if (values.json === '-' && values.measurements === '-')
      throw new UsageError('only one of --json and --measurements can be standard output');
    const speedKmh = numberOption('speed', values.speed, 0, MAX_SPEED_KMH);
    const { config } = loadConfig({ file: values.config });
    const files = videosAt(path);
    if (values.audio !== undefined && files.length > 1)
      throw new UsageError('--audio goes with one file, not with a folder');
    if (values.audio !== undefined) await checkSound(values.audio);
    const sinks = await openSinks(values);
    const faults = await replayAll(files, { config, speedKmh, audio: values.audio, sinks });
    await Promise.all([sinks.json?.close(), sinks.measurements?.close()]);
    return faults === 0 ? 0 : 1;
  },
};

interface Sinks {
  readonly json: LineSink | null;
  readonly measurements: LineSink | null;
  /** Where people read. */
  readonly people: NodeJS.WriteStream;
}

interface Job {
  readonly config: ResolvedConfig;
  readonly speedKmh: number | undefined;
  readonly audio: string | undefined;
  readonly sinks: Sinks;
}

async function openSinks(values: { json?: string; measurements?: string }): Promise<Sinks> {
  const json = values.json === undefined ? null : await openLines(values.json);
  const measurements = values.measurements === undefined ? null : await openLines(values.measurements);
  measurements?.line(MEASUREMENTS_HEAD);
  const toPipe = values.json === '-' || values.measurements === '-';
  return { json, measurements, people: toPipe ? process.stderr : process.stdout };
}

/** Sound that was asked for by name must be there before anything runs. */
async function checkSound(file: string): Promise<void> {
  const { audio } = await probeMedia(file);
  if (audio === null) throw new Error(`--audio: ${file} holds no sound`);
}

/** A folder's videos in the order of their names. */
function videosAt(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`${path}: there is no such file or folder`);
  if (!found.isDirectory()) return [path];
  const videos = readdirSync(path)
    .filter((name) => VIDEOS.test(name))
    .sort();
  if (videos.length === 0)
    throw new Error(`${path}: the folder holds no video (.mp4, .mkv, .mov, .avi, .webm ...)`);
  return videos.map((name) => join(path, name));
}

/** One broken file of a folder does not keep the others from being replayed. @returns how many could not be */
async function replayAll(files: readonly string[], job: Job): Promise<number> {
  const signal = untilTold();
  let faults = 0;
  for (const file of files) {
    if (signal.aborted) return faults + 1;
    try {
      const summary = await replayOne(file, job, signal);
      if (summary.fault === null) continue;
      faults += 1;
      complain(summary.fault);
    } catch (error) {
      if (files.length === 1) throw error;
      faults += 1;
      complain((error as Error).message);
    }
  }
  return faults;
}

const complain = (sentence: string): void => void process.stderr.write(`cabinwatch replay: ${sentence}\n`);

async function replayOne(
  file: string,
  { config, speedKmh, audio, sinks }: Job,
  signal: AbortSignal,
): Promise<SummaryLine> {
  const name = basename(file);
  const media = await probeMedia(file, signal);
  const bar = new cliProgress.SingleBar({
    format: `${name} {bar} {percentage} % | {eta_formatted} left`,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(Math.max(1, Math.round((media.durationMs ?? 0) / 1000)), 0);
  const words: string[] = [];
  try {
    const summary = await replay({
      ...{ config, video: file, name, audio, speedKmh, signal },
      onLine: (line) => {
        sinks.json?.line(JSON.stringify(line));
        words.push(foundInWords(line));
      },
      onRow: sinks.measurements === null ? undefined : (row) => sinks.measurements?.line(row),
      onProgress: (atMs) => bar.update(atMs / 1000),
    });
    sinks.json?.line(JSON.stringify(summary));
    bar.stop();
    sinks.people.write(`${[...words.filter((line) => line !== ''), summaryInWords(summary)].join('\n')}\n`);
    return summary;
  } finally {
    bar.stop();
  }
}
