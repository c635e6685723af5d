/**
 * Small statistics of real clips, from the researcher's table of a replay, for the driver simulator.
 *
 * In: the CSV of `cabinwatch replay FOLDER --measurements FILE.csv`. Out: JSON, a record a clip, on standard
 * output: `node scripts/hours-statistics.ts FILE.csv > tests/stories/hours/statistics.json`.
 * Angles in degrees, times in ms, EAR and MAR as ratios.
 */
import { readFileSync } from 'node:fs';
import type { ClipStatistics } from '../tests/stories/hours/statistics.ts';

type Row = Readonly<Record<string, string>>;

/** Median absolute deviation to standard deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;
/** A second difference of white noise has six times its variance. */
const SECOND_DIFFERENCE = Math.sqrt(6);
/** Closure of half-shut lids (`judge.eyes.blinkAt`), and of lids that are nearly open. */
const HALF_SHUT = 0.5;
const OPEN = 0.25;
/** Head turned farther from its rest than that is a look, not the spread of a head at rest. */
const REST_DEG = 12;

const file = process.argv[2];
if (file === undefined) throw new Error('name the CSV of `cabinwatch replay FOLDER --measurements FILE.csv`');
const rows = readRows(readFileSync(file, 'utf8'));
const clips = [...new Set(rows.map((row) => text(row, 'file')))];
const all = clips.map((clip) =>
  statisticsOf(
    clip,
    rows.filter((row) => text(row, 'file') === clip),
  ),
);
process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);

function statisticsOf(clip: string, frames: readonly Row[]): ClipStatistics {
  const times = numbers(frames, 'time_s').map((s) => s * 1000);
  const frameMs = median(differences(times));
  const open = frames.filter((row) => number(row, 'closure') !== null && number(row, 'closure')! < OPEN);
  const rest = frames.filter(
    (row) => Math.abs(number(row, 'yaw_deg')! - median(numbers(frames, 'yaw_deg'))) < REST_DEG,
  );
  const unseen = runs(
    frames.map((row) => text(row, 'left_unseen') !== '' && text(row, 'right_unseen') !== ''),
  );
  const lost = runs(frames.map((row) => text(row, 'face') !== '1'));
  const blinks = runs(frames.map((row) => (number(row, 'closure') ?? 0) >= HALF_SHUT));
  const minutes = (frames.length * frameMs) / 60_000;
  return {
    clip,
    frames: frames.length,
    fps: rounded(1000 / frameMs, 1),
    openEar: rounded(median(numbers(open, 'ear')), 3),
    openEarSd: rounded(spread(numbers(open, 'ear')), 4),
    earNoise: rounded((noiseOf(numbers(frames, 'ear_left')) + noiseOf(numbers(frames, 'ear_right'))) / 2, 4),
    eyeConfidence: rounded(
      median([...numbers(frames, 'left_confidence'), ...numbers(frames, 'right_confidence')]),
      2,
    ),
    closuresPerMinute: rounded(blinks.length / minutes, 1),
    medianClosureMs: blinks.length === 0 ? null : rounded(median(blinks) * frameMs, 0),
    eyesUnseenShare: rounded(sum(unseen) / frames.length, 3),
    eyesUnseenRunMs: unseen.length === 0 ? null : rounded((sum(unseen) / unseen.length) * frameMs, 0),
    oneEyeUnseenShare: rounded(
      frames.filter((row) => (text(row, 'left_unseen') !== '') !== (text(row, 'right_unseen') !== ''))
        .length / frames.length,
      3,
    ),
    faceLostShare: rounded(sum(lost) / frames.length, 3),
    yaw: angle(rest, 'yaw_deg'),
    pitch: angle(rest, 'pitch_deg'),
    roll: angle(rest, 'roll_deg'),
    gazeYaw: angle(rest, 'gaze_yaw_deg'),
    gazePitch: angle(rest, 'gaze_pitch_deg'),
    quietMar: rounded(quantile(numbers(frames, 'mar'), 0.25), 3),
    marNoise: rounded(noiseOf(numbers(frames, 'mar')), 4),
    widestMar: rounded(quantile(numbers(frames, 'mar'), 0.99), 3),
  };
}

function angle(frames: readonly Row[], column: string) {
  const values = numbers(frames, column);
  return {
    median: rounded(median(values), 1),
    sd: rounded(spread(values), 2),
    noise: rounded(noiseOf(values), 2),
  };
}

/** Standard deviation of the noise of single frames, from second differences, so that movement drops out. */
function noiseOf(values: readonly number[]): number {
  return spread(differences(differences(values))) / SECOND_DIFFERENCE;
}

function spread(values: readonly number[]): number {
  const middle = median(values);
  return MAD_TO_SIGMA * median(values.map((value) => Math.abs(value - middle)));
}

/** Lengths of the runs of `true`, frames. */
function runs(flags: readonly boolean[]): number[] {
  const lengths: number[] = [];
  flags.forEach((flag, index) => {
    if (!flag) return;
    if (index > 0 && flags[index - 1] === true) lengths[lengths.length - 1]! += 1;
    else lengths.push(1);
  });
  return lengths;
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => value - values[index]!);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** @returns 0 for no values */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

function readRows(csv: string): Row[] {
  const [head, ...lines] = csv.trim().split('\n');
  const names = (head ?? '').split(',');
  if (!names.includes('ear_left')) throw new Error(`${file ?? ''}: is not a table of measurements`);
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index]!, cell])));
}

function text(row: Row, column: string): string {
  return row[column] ?? '';
}

/** `null` = an empty cell: not seen. */
function number(row: Row, column: string): number | null {
  return text(row, column) === '' ? null : Number(text(row, column));
}

function numbers(frames: readonly Row[], column: string): number[] {
  return frames.map((row) => number(row, column)).filter((value) => value !== null);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
