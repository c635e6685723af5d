/** Stories of drowsiness: slow blinks and falling lids over minutes. */
import { describe, expect, it } from 'vitest';
import { measures } from '../../agent/judge/index.ts';
import { drive, inOrder } from './drive.ts';
import type { Act, DriveOptions } from './drive.ts';
import { alertsOf, eventsOf, judgeConfig, play, raisedOf } from './play.ts';
import { playOn, SETTINGS } from './settings.ts';

/** Closures of `closedS` every `everyS`. */
function slowBlinks(fromS: number, toS: number, everyS: number, closedS: number): Act[] {
  const acts: Act[] = [];
  for (let atS = fromS; atS + closedS < toS; atS += everyS) {
    acts.push({ fromS: atS, toS: atS + closedS, does: 'close-eyes' });
  }
  return acts;
}
const drowsyAfterTwoMinutes: DriveOptions = { seconds: 240, acts: slowBlinks(120, 210, 2.8, 0.65), seed: 9 };

describe.each(SETTINGS)('a driver on the $side who grows drowsy, at $fps frames per second', (setting) => {
  const { fps } = setting;
  const played = playOn(setting, drowsyAfterTwoMinutes);

  it('is told once, while it lasts, and told why', () => {
    const raised = raisedOf(played);
    expect(raised.map((a) => [a.kind, a.severity, a.level])).toEqual([['drowsiness', 2, 0]]);
    expect(raised[0]!.atMs).toBeGreaterThan(125_000);
    expect(raised[0]!.atMs).toBeLessThan(205_000);
    expect(raised[0]!.evidence['kssEstimate']).toBeGreaterThanOrEqual(8);
    expect(raised[0]!.evidence['movedMostBy']).toBeTypeOf('string');
    expect(raised[0]!.evidence['blinkStatistics']).toBe(fps * 0.8 < 14 ? 'off: frame rate too low' : 'on');
  });

  it('was not told before it began', () => {
    expect(alertsOf(played).every((a) => a.startMs > 120_000)).toBe(true);
    expect(eventsOf(played, 'drowsiness')).toHaveLength(1);
  });
});

describe('the estimate', () => {
  it('is null until a minute of eyes was seen, and says how full its windows are', () => {
    const half = playUnfinished(45);
    expect(half.kssEstimate).toBeNull();
    expect(half.perclos60Fill).toBeCloseTo(0.75, 1);
    expect(half.perclos180Fill).toBeCloseTo(0.25, 1);
    const full = playUnfinished(200);
    expect(full.kssEstimate).not.toBeNull();
    expect(full.kssConfidence).toBeGreaterThan(0.9);
  });

  it('is null, not low, when the eyes were hidden most of the time', () => {
    const acts: Act[] = [{ fromS: 10, toS: 200, does: 'hide-eyes', reason: 'covered' }];
    expect(playUnfinished(200, acts).kssEstimate).toBeNull();
  });

  it('of yawns, a long trip and the night alone never warns', () => {
    const acts: Act[] = [];
    for (let atS = 20; atS < 280; atS += 30)
      acts.push({ fromS: atS, toS: atS + 5, does: 'open-mouth', mar: 0.6 });
    const night = inOrder(
      [{ kind: 'context', atMs: 1000, speedKmh: null, ignitionOn: true, hourOfDay: 3.5 }],
      drive({ seconds: 300, acts }),
    );
    const played = play(night);
    expect(eventsOf(played, 'yawn').length).toBeGreaterThan(5);
    expect(alertsOf(played)).toEqual([]);
  });
});

function playUnfinished(seconds: number, acts: readonly Act[] = []) {
  return measures(play(drive({ seconds, acts, trip: 'unended' })).state, judgeConfig);
}
