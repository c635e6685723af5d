/**
 * The judge as it is, and judges weakened on purpose: the hours must tell them apart, or they prove nothing.
 * In: the product's config. Out: a config and a reading of observations for each judge.
 */
import type { EyeReading, Observation } from '../../../agent/perceive/observation.ts';
import type { JudgeConfig } from '../../../config/schema.ts';

export const WEAKENED = ['thresholdsHalved', 'unseenIsClosed', 'mirrorsNotExcused'] as const;
/** A judge with one number of the config changed: its path and the value. */
export type SweptJudge = `${string}=${number}`;
export type JudgeName = 'asItIs' | (typeof WEAKENED)[number] | SweptJudge;

/** How one judge is set up. */
export interface JudgeSetUp {
  readonly config: JudgeConfig;
  /** What this judge is told instead of an observation. */
  readonly hear: (seen: Observation) => Observation;
}

/** EAR of a shut eye, lower than any open one (measured: closed .04-.10). */
const SHUT: EyeReading = { ear: 0.05, confidence: 0.9, unseen: null };

/** Sets up a judge by its name for a driver on that side. */
export function judgeSetUp(name: JudgeName, product: JudgeConfig, side: 'left' | 'right'): JudgeSetUp {
  const distraction = { ...product.distraction, driverSide: side };
  const config: JudgeConfig = { ...product, distraction };
  const hear = (seen: Observation) => seen;
  switch (name) {
    case 'asItIs':
      return { config, hear };
    case 'thresholdsHalved':
      return { config: halved(config), hear };
    case 'unseenIsClosed':
      return { config, hear: unseenAsClosed };
    case 'mirrorsNotExcused':
      return { config: { ...config, distraction: { ...distraction, mirrorZones: [] } }, hear };
    default:
      return { config: changed(config, name), hear };
  }
}

function changed(config: JudgeConfig, name: SweptJudge): JudgeConfig {
  const copy = structuredClone(config);
  const [path = '', value] = name.split('=');
  const { section, key } = placeOf(copy, path);
  section[key] = Number(value);
  return copy;
}

/** @throws when the judge's config has no number at that path */
export function numberAt(config: JudgeConfig, path: string): number {
  const { section, key } = placeOf(config, path);
  return section[key]!;
}

function placeOf(config: JudgeConfig, path: string): { section: Record<string, number>; key: string } {
  const keys = path.split('.');
  const key = keys.pop() ?? '';
  let section: unknown = config;
  for (const name of keys) section = (section as Record<string, unknown>)[name];
  const numbers = section as Record<string, number>;
  if (typeof numbers[key] !== 'number') throw new Error(`the judge's config has no number "${path}"`);
  return { section: numbers, key };
}

/** Durations and PERCLOS that decide a warning, halved; angles and windows stay. */
function halved(config: JudgeConfig): JudgeConfig {
  const { distraction, eyes, perclos } = config;
  const [first, second, third] = distraction.levelMs;
  return {
    ...config,
    eyes: { ...eyes, microsleepMs: eyes.microsleepMs / 2, sleepMs: eyes.sleepMs / 2 },
    distraction: {
      ...distraction,
      levelMs: [first / 2, second / 2, third / 2],
      slowLevelMs: distraction.slowLevelMs / 2,
      repeatedAwayMs: distraction.repeatedAwayMs / 2,
    },
    perclos: {
      ...perclos,
      awakeBelow: perclos.awakeBelow / 2,
      awakeLongBelow: perclos.awakeLongBelow / 2,
      drowsyFrom: perclos.drowsyFrom / 2,
      drowsyLongFrom: perclos.drowsyLongFrom / 2,
    },
  };
}

function unseenAsClosed(seen: Observation): Observation {
  if (seen.kind !== 'face-seen') return seen;
  const shut = (eye: EyeReading): EyeReading => (eye.unseen === null ? eye : SHUT);
  return { ...seen, leftEye: shut(seen.leftEye), rightEye: shut(seen.rightEye) };
}
