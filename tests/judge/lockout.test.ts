import { describe, expect, it } from 'vitest';
import { elapseLockout, endLockout, notLockedOut } from '../../agent/judge/lockout.ts';
import type { LockoutState } from '../../agent/judge/lockout.ts';
import { judgeConfig } from '../stories/play.ts';

const { lockout } = judgeConfig;
/** The gravest from the first to the second of each pair, ms; judged every 50 ms up to `untilMs`. */
function after(spells: readonly (readonly [number, number])[], untilMs: number): LockoutState {
  let state = notLockedOut;
  for (let atMs = 0; atMs <= untilMs; atMs += 50) {
    const terminal = spells.some(([fromMs, toMs]) => atMs >= fromMs && atMs < toMs);
    state = elapseLockout(state, terminal, atMs, lockout);
  }
  return state;
}

describe('a lockout', () => {
  it('begins with the third time', () => {
    const spells = [
      [1000, 2000],
      [5000, 6000],
      [9000, 9500],
    ] as const;
    expect(after(spells.slice(0, 2), 60_000)).toMatchObject({ terminalAlerts: 2, sinceMs: null });
    expect(after(spells, 8950).sinceMs).toBeNull();
    expect(after(spells, 60_000)).toMatchObject({ terminalAlerts: 3, sinceMs: 9000, terminalMs: 2500 });
  });

  it('begins after 30 s in all', () => {
    expect(after([[0, 29_000]], 60_000)).toMatchObject({ terminalMs: 29_000, sinceMs: null });
    expect(after([[0, 31_000]], 60_000).sinceMs).toBe(lockout.terminalMs);
    const parts = [
      [0, 20_000],
      [40_000, 55_000],
    ] as const;
    expect(after(parts, 60_000).sinceMs).toBe(50_000);
  });

  it('becomes an event when the trip ends, if it was one', () => {
    expect(endLockout(after([[0, 10_000]], 20_000), 20_000)).toEqual([]);
    expect(endLockout(after([[0, 40_000]], 50_000), 70_000)).toEqual([
      {
        type: 'event',
        kind: 'lockout',
        startMs: lockout.terminalMs,
        endMs: 70_000,
        evidence: { terminalAlerts: 1, terminalMs: 40_000 },
      },
    ]);
  });

  it('counts a spell once, from when it begins to when it is seen to be over', () => {
    const one = elapseLockout(notLockedOut, true, 1000, lockout);
    expect(one).toEqual({ terminalAlerts: 1, terminalMs: 0, terminal: true, sinceMs: null, countedMs: 1000 });
    const on = elapseLockout(one, true, 1500, lockout);
    expect(on).toMatchObject({ terminalAlerts: 1, terminalMs: 500, terminal: true });
    const over = elapseLockout(on, false, 1700, lockout);
    expect(over).toMatchObject({ terminalAlerts: 1, terminalMs: 700, terminal: false, countedMs: 1700 });
    expect(elapseLockout(over, false, 9000, lockout)).toMatchObject({ terminalMs: 700, countedMs: 9000 });
    const unclocked = { ...notLockedOut, terminal: true };
    expect(elapseLockout(unclocked, true, 9000, lockout).terminalMs).toBe(0);
  });

  it('begins at its very limits, and keeps when it began', () => {
    const at = (terminalAlerts: number, terminalMs: number, sinceMs: number | null = null) =>
      elapseLockout(
        { ...notLockedOut, terminalAlerts, terminalMs, sinceMs, countedMs: 0 },
        false,
        5000,
        lockout,
      ).sinceMs;
    expect([at(lockout.terminalAlerts, 0), at(lockout.terminalAlerts - 1, 0)]).toEqual([5000, null]);
    expect([at(0, lockout.terminalMs), at(0, lockout.terminalMs - 1)]).toEqual([5000, null]);
    expect(at(lockout.terminalAlerts, 0, 4000)).toBe(4000);
  });
});
