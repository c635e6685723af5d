/**
 * What our networks cost together while driving: how often each runs at most, by the settings, times its INT8
 * latency. Output: milliseconds per second of driving on one thread.
 */
import type { Config } from '../../config/schema.ts';
import type { Int8Metrics } from '../quantize/metrics.ts';

export interface BudgetLine {
  readonly network: string;
  /** Runs a second, at most. */
  readonly perSecond: number;
  /** Median of one INT8 inference. */
  readonly medianMs: number;
  readonly msPerSecond: number;
}

export interface Budget {
  readonly lines: readonly BudgetLine[];
  readonly msPerSecond: number;
}

/**
 * Both eyes shut, the mouth open, somebody speaking: the most there is. The source's networks and `voice-open`
 * stand in for ours and are not counted beside them.
 */
export function mostPerSecond({ camera, perceive, microphone }: Config): Readonly<Record<string, number>> {
  const every = (ms: number): number => Math.min(camera.fps, 1000 / ms);
  return {
    'eye-state': 2 * every(Math.min(perceive.eyeStateEveryMs, perceive.eyeStateShutEveryMs)),
    mouth: every(perceive.mouthStateEveryMs),
    'face-emotion': every(perceive.affectEveryMs),
    'face-sex': every(perceive.affectEveryMs),
    voice: 1000 / microphone.hopMs,
  };
}

/** @param metrics of all networks; those that do not run in a drive are left out */
export function budgetOf(config: Config, metrics: readonly Int8Metrics[]): Budget {
  const lines = Object.entries(mostPerSecond(config)).flatMap(([network, perSecond]) => {
    const found = metrics.find((one) => one.network === network);
    if (found === undefined) return [];
    const { medianMs } = found.speed.int8;
    return [{ network, perSecond, medianMs, msPerSecond: perSecond * medianMs }];
  });
  return { lines, msPerSecond: lines.reduce((sum, line) => sum + line.msPerSecond, 0) };
}
