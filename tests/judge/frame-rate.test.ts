import { describe, expect, it } from 'vitest';
import { countFrame, framesPerSecond, noFrames } from '../../agent/judge/frame-rate.ts';
import { judgeConfig } from '../stories/play.ts';

const counted = (times: readonly number[], from = noFrames) =>
  times.reduce((rate, atMs) => countFrame(rate, atMs, judgeConfig.eyes), from);
const every = (periodMs: number, count: number, fromMs = 0) =>
  Array.from({ length: count }, (_, index) => fromMs + index * periodMs);

describe('the frame rate', () => {
  it('is unknown before a few frames have come', () => {
    expect(framesPerSecond(noFrames)).toBeNull();
    expect(framesPerSecond(counted(every(40, 3)))).toBeNull();
    expect(framesPerSecond(counted(every(40, 4)))).toBeCloseTo(25);
  });

  it('is that of regular frames', () => {
    expect(framesPerSecond(counted(every(1000 / 30, 60)))).toBeCloseTo(30);
  });

  it('counts dropped frames as missing', () => {
    const dropped = every(1000 / 30, 300).filter((_, index) => index % 2 === 0);
    expect(framesPerSecond(counted(dropped))).toBeCloseTo(15, 1);
  });

  it('is not ruined by one long silence', () => {
    const broken = [...every(40, 50), ...every(40, 50, 60_000)];
    expect(framesPerSecond(counted(broken))).toBeGreaterThan(20);
  });

  it('switches blink statistics off below their rate, and on again a little above it', () => {
    const slow = counted(every(100, 100));
    expect(counted(every(40, 100)).carriesBlinks).toBe(true);
    expect(slow.carriesBlinks).toBe(false);
    const justAbove = counted(every(1000 / 14.3, 200, 10_000), slow);
    expect(justAbove.carriesBlinks).toBe(false);
    expect(counted(every(1000 / 15, 200, 10_000), slow).carriesBlinks).toBe(true);
    expect(counted(every(1000 / 14.3, 200)).carriesBlinks).toBe(true);
  });

  it('is a mean to which the newest period adds its share', () => {
    const first = counted([0, 40]);
    expect(first).toMatchObject({ lastMs: 40, periods: 1, meanPeriodMs: 40 });
    expect(counted([100], first).meanPeriodMs).toBeCloseTo(50);
    const settled = { lastMs: 0, meanPeriodMs: 40, periods: 100, carriesBlinks: true };
    expect(counted([60], settled).meanPeriodMs).toBeCloseTo(41);
    expect(counted([5000], settled).meanPeriodMs).toBeCloseTo(40 + 0.05 * 960);
  });

  it('is unknown, and so leaves blinks as they were, before it has a period', () => {
    const of = (meanPeriodMs: number | null, periods = 3) =>
      framesPerSecond({ lastMs: 0, meanPeriodMs, periods, carriesBlinks: true });
    expect([of(50), of(50, 2), of(null), of(0), of(-1)]).toEqual([20, null, null, null, null]);
    expect(counted([0])).toEqual({ ...noFrames, lastMs: 0 });
    expect(counted([0, 500]).carriesBlinks).toBe(true);
    expect(counted([0, 40], { ...noFrames, carriesBlinks: false }).carriesBlinks).toBe(false);
  });

  it('carries blinks at their very rate', () => {
    const { minFpsForBlinks } = judgeConfig.eyes;
    const at = (fps: number, carriesBlinks: boolean) => {
      const meanPeriodMs = 1000 / fps;
      const rate = { lastMs: 0, meanPeriodMs, periods: 50, carriesBlinks };
      return countFrame(rate, meanPeriodMs, judgeConfig.eyes).carriesBlinks;
    };
    expect([at(minFpsForBlinks, true), at(minFpsForBlinks - 0.01, true)]).toEqual([true, false]);
    expect([at(minFpsForBlinks * 1.06, false), at(minFpsForBlinks * 1.04, false)]).toEqual([true, false]);
  });
});
