import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { judgeConfig } from '../../config/schema/judge.ts';

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Described>>;
}

/** Every setting of the judgement with its description. */
function settings(part: Described, path: string): [string, string][] {
  if (part.properties === undefined) return [[path, part.description ?? '']];
  return Object.entries(part.properties).flatMap(([name, inner]) => settings(inner, `${path}.${name}`));
}

describe('the numbers of the judgement', () => {
  const all = settings(z.toJSONSchema(judgeConfig, { io: 'input' }) as Described, 'judge');

  it('are many', () => {
    expect(all.length).toBeGreaterThan(90);
  });

  it.each(all)('%s names its source, or is called a choice', (_, description) => {
    expect(description).toMatch(/\((\([^)]*\)|[^)])*[A-Za-z]{3}/);
  });

  it('agree with each other', () => {
    const { eyes, perclos, drowsiness, time, distraction, speed, unresponsive, trip } = judgeConfig.parse({});
    expect([eyes.blinkMinMs, eyes.longBlinkMs, eyes.microsleepMs, eyes.sleepMs]).toEqual(
      [eyes.blinkMinMs, eyes.longBlinkMs, eyes.microsleepMs, eyes.sleepMs].toSorted((a, b) => a - b),
    );
    expect(eyes.blinkUntil).toBeLessThan(eyes.blinkAt);
    expect(eyes.blinkAt).toBeLessThan(eyes.blinkPeak);
    expect(eyes.closedSteadyShare).toBeGreaterThan(eyes.closedShare);
    expect(eyes.notSeenAgainMs).toBeGreaterThan(eyes.notSeenNoticeMs);
    expect(perclos.shortWindowMs).toBeLessThan(perclos.longWindowMs);
    expect(drowsiness.clearBelowKss).toBeLessThan(drowsiness.warnFromKss);
    expect(time.gapMs).toBe(time.holdMs + time.bridgeMs);
    expect([...distraction.levelMs]).toEqual(distraction.levelMs.toSorted((a, b) => a - b));
    expect(speed.silentBelowKmh).toBeLessThan(speed.slowBelowKmh);
    expect(speed.stoppedBelowKmh).toBeLessThan(speed.movingFromKmh);
    expect(speed.movingFromKmh).toBeLessThan(speed.silentBelowKmh);
    expect(unresponsive.closedMs).toBeGreaterThanOrEqual(eyes.microsleepMs + unresponsive.noReturnMs);
    expect(unresponsive.awayMs).toBeGreaterThanOrEqual(distraction.levelMs[0] + unresponsive.noReturnMs);
    expect(trip.presenceGapMs).toBeLessThan(trip.presenceStartMs);
  });
});
