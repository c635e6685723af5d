/**
 * The stories of the attention level (after openpilot's driver monitoring), each at 30, 15 and 10 frames per
 * second with jitter and dropped frames, and mirrored for a driver on the right.
 */
import { describe, expect, it } from 'vitest';
import { judgeConfig } from './play.ts';
import { lookAway, tell, touch, tripEnd } from './levels.ts';
import type { Told } from './levels.ts';
import type { Act } from './drive.ts';
import { ON_TIME_MS, SETTINGS, speed } from './settings.ts';

const [first, second, third] = judgeConfig.distraction.levelMs.map((ms) => ms / 1000) as [
  number,
  number,
  number,
];
const { smoothMs, slowBelowKmh, silentBelowKmh } = judgeConfig.speed;
const slow = judgeConfig.face.slowLevelMs.map((ms) => ms / 1000) as [number, number, number];
/** Levels 1 to `levels.length` are reached within 100 ms of their seconds, counted from the first frame after `fromS`. */
function expectReached(told: Told, fromS: number, levels: readonly number[]): void {
  for (const [index, second] of levels.entries()) {
    const atS = told.reachedAtS(index + 1, fromS);
    expect(atS, `level ${index + 1}`).toBeDefined();
    expect(Math.abs(atS! - told.firstFrameS(fromS) - second) * 1000).toBeLessThanOrEqual(ON_TIME_MS);
  }
}
const hides = (fromS: number, toS: number): Act => ({ fromS, toS, does: 'leave' });

describe.each(SETTINGS)('a driver on the $side at $fps frames per second', (setting) => {
  it('who is always attentive stays at level 0 (story 1)', () => {
    const { states } = tell({ acts: [] }, setting);
    expect(states.every((state) => state.level === 0)).toBe(true);
    expect(states.at(-1)!.alerts.count).toBe(0);
  });

  it('who is always distracted climbs to level 3 and stays there (story 2)', () => {
    const told = tell({ acts: [lookAway(0, 120)] }, setting);
    expectReached(told, 0, [first, second, third]);
    expect([60.5, 119].map((s) => told.levelAt(s))).toEqual([3, 3]);
  });

  it('who is attentive again recovers, and climbs again when distracted again (story 4)', () => {
    const acts = [lookAway(0, 6), lookAway(12, 20)];
    const { levelAt } = tell({ acts, told: [touch(18)] }, setting);
    expect([5.9, 9, 12 + first - 0.1, 18, 19.9, 20.1, 22.5].map((s) => levelAt(s))).toEqual([
      2, 0, 0, 2, 2, 2, 0,
    ]);
  });

  it('who recovers goes down level by level (story 4)', () => {
    const { states } = tell({ acts: [lookAway(0, 7)] }, setting);
    const levels = states.map((state) => state.level).filter((level, at, all) => level !== all[at - 1]);
    expect(levels).toEqual([0, 1, 2, 1, 0]);
  });

  it('who hides keeps the level, and touch does not clear 3, the end of the trip does (story 5)', () => {
    const warned = tell({ acts: [lookAway(0, second + 1), hides(second + 1, second + 3)] }, setting);
    expect(warned.levelAt(second + 2.9)).toBe(2);
    const acts = [lookAway(0, third + 1), hides(third + 1, 60)];
    const { levelAt } = tell({ acts, told: [touch(20), tripEnd(30)] }, setting);
    expect([third + 2, 20.1, 29.9, 30.1].map((s) => levelAt(s))).toEqual([3, 3, 3, 0]);
  });

  it('who was at level 3 gets back by neither face nor touch, but by the end of the trip (story 7)', () => {
    const { levelAt } = tell({ acts: [lookAway(0, 13)], told: [touch(30), tripEnd(60)] }, setting);
    expect([20, 30.1, 59.9, 60.1].map((s) => levelAt(s))).toEqual([3, 3, 3, 0]);
  });

  it('whose face is never found climbs on the slow clock (story 3)', () => {
    const told = tell({ acts: [hides(0, 120)] }, setting);
    expectReached(told, 0, slow);
    expect([7.5, 70].map((s) => told.levelAt(s))).toEqual([0, 3]);
  });

  it('who is not seen answers by hand, or by showing the face (story 6)', () => {
    const atS = slow[1] + 0.5;
    const acts = [hides(0, 2 * atS), hides(2 * atS + 10, 120)];
    const { levelAt } = tell({ acts, told: [touch(atS)] }, setting);
    expect([atS - 0.1, atS + 0.1].map((s) => levelAt(s))).toEqual([2, 0]);
    expect([0, 0.5, 10].map((s) => levelAt(2 * atS + s))).toEqual([2, 1, 0]);
  });

  it('whose pose is uncertain is on the slow clock ten seconds later (story 11)', () => {
    const lateS = judgeConfig.face.uncertainPoseMs / 1000;
    const acts: Act[] = [lookAway(0, 120), { fromS: 0, toS: 120, does: 'uncertain-pose' }];
    expectReached(
      tell({ acts }, setting),
      0,
      slow.map((s) => s + lateS),
    );
  });

  it('who stands at a light is told soon after moving on (story 9)', () => {
    const told = [...speed(0, 0, 60), ...speed(90, 60, 120)];
    const { levelAt, reachedAtS } = tell({ acts: [lookAway(0, 120)], told }, setting);
    // Smoothed it is in the slow tier at 60 s, and in the strictest at 61 s: 57 km/h.
    const strictAtS = 61;
    expect(90 * (1 - Math.exp(-1000 / smoothMs))).toBeLessThan(slowBelowKmh);
    expect(90 * (1 - Math.exp(-2000 / smoothMs))).toBeGreaterThan(slowBelowKmh);
    expect(levelAt(strictAtS - 0.05)).toBe(0);
    expect(Math.abs(reachedAtS(1)! - strictAtS) * 1000).toBeLessThanOrEqual(ON_TIME_MS);
    // Standing, the look had counted up to just before level 1; it counts again from 60 s on.
    const secondAtS = 60 + second - first;
    expect(Math.abs(reachedAtS(2)! - secondAtS) * 1000).toBeLessThanOrEqual(ON_TIME_MS);
  });

  it('who looked away while standing, then at the road, is not told on driving off', () => {
    const told = [...speed(0, 0, 60), ...speed(90, 60, 120)];
    const acts = [lookAway(5, 25), lookAway(28, 40), lookAway(43, 59.4)];
    const { states } = tell({ acts, told }, setting);
    expect(states.every((state) => state.level === 0 && state.alerts.count === 0)).toBe(true);
  });

  it('who stops is at level 0 as soon as the smoothed speed says so (story 10)', () => {
    const told = [...speed(60, 0, 8), ...speed(0, 8, 40)];
    const { levelAt } = tell({ acts: [lookAway(0, 40)], told }, setting);
    // The smoothed speed falls below 20 km/h within the third second after the stop.
    const silentAtS = 8 + Math.ceil((smoothMs / 1000) * Math.log(60 / silentBelowKmh)) - 1;
    const soonS = ON_TIME_MS / 1000;
    expect([7.9, 8.1, silentAtS - 0.1, silentAtS + soonS, 30].map((s) => levelAt(s))).toEqual([
      2, 2, 2, 0, 0,
    ]);
  });

  it('without a trip stays silent (story 8)', () => {
    const { states } = tell({ acts: [lookAway(0, 120)], trip: 'none' }, setting);
    expect(states.every((state) => state.level === 0 && state.alerts.count === 0)).toBe(true);
  });
});

describe('nobody seen', () => {
  const setting = SETTINGS[0]!;

  it('is one alert that grows with the levels, from a notice to a warning', () => {
    const { outcomes } = tell({ acts: [hides(0, slow[1] + 2)] }, setting);
    const alerts = outcomes.filter((o) => o.type === 'alert');
    expect(alerts.map((a) => [a.kind, a.phase, a.severity, a.level])).toEqual([
      ['face-lost', 'raised', 1, 0],
      ['face-lost', 'updated', 1, 1],
      ['face-lost', 'updated', 2, 2],
      ['face-lost', 'cleared', 2, 1],
    ]);
    expect(new Set(alerts.map((a) => a.alertKey)).size).toBe(1);
  });

  it('is answered by the button and the page in the vehicle, not by a command from afar', () => {
    const levelAfter = (origin: 'button' | 'command' | 'page') =>
      tell({ acts: [hides(0, 60)], told: [touch(25, origin)] }, setting).levelAt(25.1);
    expect([levelAfter('button'), levelAfter('page'), levelAfter('command')]).toEqual([0, 0, 2]);
  });

  it('with an uncertain pose is told as a face that is not seen, and over when it is certain again', () => {
    const acts: Act[] = [{ fromS: 0, toS: slow[0] + 14, does: 'uncertain-pose' }];
    const alerts = tell({ acts }, setting).outcomes.filter((o) => o.type === 'alert');
    expect(alerts.map((a) => [a.kind, a.phase, a.evidence['cause']])).toEqual([
      ['face-lost', 'raised', 'pose uncertain'],
      ['face-lost', 'cleared', 'pose uncertain'],
    ]);
  });
});

describe('inattention before', () => {
  const setting = SETTINGS[0]!;

  it('makes the next look away count sooner, unless the road was looked at long enough', () => {
    const soon = tell({ acts: [lookAway(0, 2.8), lookAway(3.4, 6)] }, setting);
    expect(soon.levelAt(3.4 + first - 0.6)).toBe(1);
    const later = tell({ acts: [lookAway(0, 2.8), lookAway(5.3, 8.2)] }, setting);
    expect(later.states.every((state) => state.level === 0)).toBe(true);
  });
});
