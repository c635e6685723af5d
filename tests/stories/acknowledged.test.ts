/** Stories of an acknowledgement: by a button, by the page, by a command from afar. */
import { describe, expect, it } from 'vitest';
import { lookAway, tell, touch } from './levels.ts';
import type { Act } from './drive.ts';
import { judgeConfig } from './play.ts';
import { SETTINGS } from './settings.ts';

const ORIGINS = ['button', 'page', 'command'] as const;
const [, slowSecondMs, slowThirdMs] = judgeConfig.face.slowLevelMs;
const atS = slowSecondMs / 1000 + 0.5;
const hides: Act = { fromS: 0, toS: 60, does: 'leave' };
const sleeps: Act = { fromS: 0, toS: 30, does: 'close-eyes' };

describe.each(SETTINGS)('a driver on the $side at $fps frames per second', (setting) => {
  it.each(ORIGINS)('who looks away and acknowledges (%s) looks away: alert and level stay', (origin) => {
    const { levelAt, outcomes } = tell({ acts: [lookAway(0, 10)], told: [touch(7, origin)] }, setting);
    expect([6.9, 7.1, 9.9].map((s) => levelAt(s))).toEqual([2, 2, 2]);
    const cleared = outcomes.filter((o) => o.type === 'alert' && o.phase === 'cleared');
    expect(cleared.every((o) => o.type === 'alert' && o.atMs >= 90_000)).toBe(true);
  });

  it.each(ORIGINS)('who sleeps does not respond, whoever acknowledges (%s)', (origin) => {
    const { states, outcomes } = tell({ acts: [sleeps], told: [touch(8, origin)] }, setting);
    const after = states.find((s) => s.atMs !== null && s.atMs > 88_100)!;
    expect(Object.keys(after.alerts.open)).toEqual(expect.arrayContaining(['closed-eyes', 'unresponsive']));
    expect(outcomes.some((o) => o.type === 'alert' && o.cleared === 'acknowledged')).toBe(false);
  });

  it('who is not seen answers by hand in the vehicle, and the clock begins anew', () => {
    for (const origin of ['button', 'page'] as const) {
      const { levelAt, reachedAtS } = tell({ acts: [hides], told: [touch(atS, origin)] }, setting);
      expect([atS - 0.1, atS + 0.1].map((s) => levelAt(s))).toEqual([2, 0]);
      expect(reachedAtS(1, atS + 0.1)! - atS).toBeCloseTo(judgeConfig.face.slowLevelMs[0] / 1000, 0);
    }
  });

  it('who is not seen is not answered for from afar', () => {
    const { levelAt } = tell({ acts: [hides], told: [touch(atS, 'command')] }, setting);
    expect(levelAt(atS + 0.1)).toBe(2);
  });

  it('at level 3 of the slow clock is not brought back by hand', () => {
    const third = slowThirdMs / 1000 + 0.5;
    const { levelAt } = tell({ acts: [hides], told: [touch(third, 'button')] }, setting);
    expect(levelAt(third + 0.1)).toBe(3);
  });
});
