/**
 * Frame rate as the judge sees it, from the times of the observations: a running mean of the period, so
 * that drops count as the missing frames they are. Blink statistics depend on it.
 */
import type { JudgeConfig } from '../../config/schema.ts';

const MS_PER_S = 1000;
/** Share of the newest period in the mean: about the last 20 frames. */
const NEWEST_SHARE = 0.05;
/** A silence is no frame rate: longer periods count as this. */
const LONGEST_PERIOD_MS = 1000;
/** Periods needed before a rate is told. */
const LEAST_PERIODS = 3;
/** Switched-off statistics come back this much above the limit, so that they do not flicker. */
const BACK_ON = 1.05;

export interface FrameRate {
  /** Time of the newest frame. */
  readonly lastMs: number | null;
  readonly meanPeriodMs: number | null;
  readonly periods: number;
  /** The rate carries blink statistics. */
  readonly carriesBlinks: boolean;
}

export const noFrames: FrameRate = { lastMs: null, meanPeriodMs: null, periods: 0, carriesBlinks: true };

/** Counts a frame at `atMs`. */
export function countFrame(rate: FrameRate, atMs: number, config: JudgeConfig['eyes']): FrameRate {
  if (rate.lastMs === null) return { ...rate, lastMs: atMs };
  const periodMs = Math.min(LONGEST_PERIOD_MS, atMs - rate.lastMs);
  const periods = rate.periods + 1;
  const share = Math.max(NEWEST_SHARE, 1 / periods);
  const before = rate.meanPeriodMs ?? periodMs;
  const counted = { ...rate, lastMs: atMs, periods, meanPeriodMs: before + share * (periodMs - before) };
  return { ...counted, carriesBlinks: carriesBlinks(counted, config) };
}

/** Frames per second, `null` until it can be told. */
export function framesPerSecond(rate: FrameRate): number | null {
  if (rate.meanPeriodMs === null || rate.meanPeriodMs <= 0 || rate.periods < LEAST_PERIODS) return null;
  return MS_PER_S / rate.meanPeriodMs;
}

function carriesBlinks(rate: FrameRate, config: JudgeConfig['eyes']): boolean {
  const fps = framesPerSecond(rate);
  if (fps === null) return rate.carriesBlinks;
  return fps >= config.minFpsForBlinks * (rate.carriesBlinks ? 1 : BACK_ON);
}
