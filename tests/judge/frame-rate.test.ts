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
});
