import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBackoff } from '../../agent/uplink/backoff.ts';

describe('the back-off', () => {
  it('draws each wait evenly below a bound that doubles up to the longest', () => {
    const upper = createBackoff(100, 1000, () => 0.999999);
    expect(Array.from({ length: 6 }, () => Math.round(upper.next(0)))).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
    const lower = createBackoff(100, 1000, () => 0);
    expect(lower.next(0)).toBe(0);
  });

  it('spreads a fleet that lost its broker at one moment over the whole wait', () => {
    let state = 1;
    const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
    const waits = Array.from({ length: 1000 }, () => createBackoff(1000, 60_000, random).next(3600_000));
    const tenths = Array.from({ length: 10 }, (_, n) => waits.filter((wait) => Math.floor(wait / 100) === n));
    for (const tenth of tenths) expect(tenth.length).toBeGreaterThan(50);
  });

  it('begins anew after a connection that lasted', () => {
    const backoff = createBackoff(100, 10_000, () => 0.5);
    for (let n = 0; n < 5; n += 1) backoff.next(0);
    expect(backoff.next(60_000)).toBe(50);
  });

  it('waits ever longer while it is thrown out right behind the CONNACK', () => {
    const backoff = createBackoff(100, 10_000, () => 0.5);
    const waits = Array.from({ length: 5 }, () => backoff.next(20));
    expect(waits).toEqual([50, 100, 200, 400, 800]);
  });

  it('never waits longer than allowed, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e6)), fc.double({ min: 0, max: 0.9999, noNaN: true }), (lives, draw) => {
        const backoff = createBackoff(1000, 60_000, () => draw);
        for (const lived of lives) expect(backoff.next(lived)).toBeLessThanOrEqual(60_000);
      }),
    );
  });
});
