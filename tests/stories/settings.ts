/**
 * The settings at which every story holds: three frame rates, each with late and dropped frames, for a driver
 * on the left and, mirrored, on the right.
 */
import { expect } from 'vitest';
import type { Observation } from '../../agent/perceive/observation.ts';
import type { JudgeConfig } from '../../config/schema.ts';
import { drive, inOrder } from './drive.ts';
import type { Act, DriveOptions } from './drive.ts';
import { judgeConfig, play } from './play.ts';
import type { Played } from './play.ts';

export interface Setting {
  readonly side: 'left' | 'right';
  readonly fps: number;
  readonly jitterMs: number;
  readonly drops: number;
}

export const SETTINGS: readonly Setting[] = (['left', 'right'] as const).flatMap((side) => [
  { side, fps: 30, jitterMs: 8, drops: 0.2 },
  { side, fps: 15, jitterMs: 15, drops: 0.2 },
  { side, fps: 10, jitterMs: 25, drops: 0.2 },
]);

/** So far an alert may be from its nominal time. */
export const ON_TIME_MS = 100;

/** The judge of a vehicle with the driver on that side. */
export function configOn({ side }: Setting, config: JudgeConfig = judgeConfig): JudgeConfig {
  return { ...config, distraction: { ...config.distraction, driverSide: side } };
}

/** A drive at that setting; looks and the camera's place are told as of a driver on the left. */
export function driveOn({ side, ...rate }: Setting, options: DriveOptions): Observation[] {
  const { acts = [], neutral } = options;
  const all = { ...rate, ...options };
  if (side === 'left') return drive(all);
  const across = neutral && { neutral: { ...neutral, yawDeg: -neutral.yawDeg } };
  return drive({ ...all, acts: acts.map(mirrored), ...across });
}

/** Plays it, with what others say meanwhile. */
export function playOn(
  setting: Setting,
  options: DriveOptions,
  told: readonly Observation[] = [],
): Played & { readonly seen: readonly Observation[] } {
  const seen = driveOn(setting, options);
  return { ...play(inOrder(seen, told), configOn(setting)), seen };
}

/** The same act of a driver on the other side. */
export function mirrored(act: Act): Act {
  return act.does === 'look' || act.does === 'gaze' ? { ...act, yawDeg: -(act.yawDeg ?? 0) } : act;
}

/** Not before its nominal time, and within 100 ms after it. */
export function expectOnTime(atMs: number | undefined, nominalMs: number): void {
  expect(atMs).toBeDefined();
  expect(atMs! - nominalMs).toBeGreaterThanOrEqual(0);
  expect(atMs! - nominalMs).toBeLessThanOrEqual(ON_TIME_MS);
}

/** That speed, told every second from `fromS` to `toS`. */
export const speed = (speedKmh: number, fromS: number, toS: number): Observation[] =>
  Array.from({ length: Math.ceil(toS - fromS) }, (_, index) => ({
    kind: 'context',
    atMs: (fromS + index) * 1000,
    speedKmh,
    ignitionOn: null,
    hourOfDay: null,
  }));
