import { describe, expect, it } from 'vitest';
import { SampleClock } from '../../../hardware/microphone/sample-clock.ts';

const RATE = 16_000;

/** Reads of `periodMs` that arrive when they are complete, `late(n)` ms after that. */
function reads(count: number, periodMs: number, late: (n: number) => number, speed = 1): number[] {
  const clock = new SampleClock(RATE);
  return Array.from({ length: count }, (_, n) =>
    clock.place((periodMs * RATE) / 1000, (n + 1) * periodMs * speed + late(n)),
  );
}

/** How far each read's time is from where it belongs [ms]. */
const errors = (times: readonly number[], periodMs: number, speed = 1) =>
  times.map((atMs, n) => atMs - n * periodMs * speed);

describe('the time of live sound', () => {
  it('is the arrival less the length', () => {
    expect(new SampleClock(RATE).place(2000, 5000)).toBe(4875);
  });

  it('does not jump when reads arrive late and at once', () => {
    const jitter = (n: number) => [0, 3, 90, 40, 0, 7, 300, 175, 50, 0][n % 10]!;
    const off = errors(reads(300, 125, jitter), 125);
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(1);
  });

  it('recovers from a first read that was late', () => {
    const off = errors(
      reads(500, 125, (n) => (n === 0 ? 50 : 0)),
      125,
    );
    expect(off[0]).toBe(50);
    expect(Math.abs(off.at(-1)!)).toBeLessThan(1);
  });

  it('follows a device whose clock is off by 200 ppm, for an hour', () => {
    const speed = 1.0002;
    const off = errors(
      reads(28_800, 125, (n) => (n % 4) * 5, speed),
      125,
      speed,
    );
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(2);
  });

  it('shows sound that was lost as a jump of its length, within two seconds', () => {
    const lostMs = 400;
    const times = reads(100, 125, (n) => (n >= 50 ? lostMs : 0));
    const steps = times.slice(1).map((atMs, n) => atMs - times[n]!);
    const jumps = steps.filter((step) => Math.abs(step - 125) > 5);
    expect(jumps).toHaveLength(1);
    expect(jumps[0]).toBeCloseTo(125 + lostMs, 0);
    expect(steps.indexOf(jumps[0]!)).toBeLessThan(50 + 2000 / 125);
  });

  it('never runs back over what it has placed by more than drift', () => {
    const times = reads(200, 20, (n) => (n < 5 ? 0 : -20 * n)); // unpaced: all at once
    for (const [n, atMs] of times.entries()) if (n > 0) expect(atMs - times[n - 1]!).toBeGreaterThan(17);
  });
});
