import { describe, expect, it } from 'vitest';
import {
  elapseMouth,
  endMouth,
  inYawn,
  observeMouth,
  shutMouth,
  yawnsWithin,
} from '../../agent/judge/yawn.ts';
import type { MouthState } from '../../agent/judge/yawn.ts';
import type { EventOutcome } from '../../agent/judge/outcome.ts';
import { judgeConfig } from '../stories/play.ts';

const PERIOD_MS = 40;
type Stretch = readonly [mar: number | null, forMs: number, yawn?: number];

function run(stretches: readonly Stretch[], from: MouthState = shutMouth, startMs = 0) {
  let state = from;
  let atMs = startMs;
  const events: EventOutcome[] = [];
  for (const [mar, forMs, yawn = null] of stretches) {
    for (const endMs = atMs + forMs; atMs < endMs; atMs += PERIOD_MS) {
      const step = observeMouth(state, { mar, yawn }, atMs, judgeConfig);
      state = step.state;
      events.push(...step.events);
    }
  }
  return { state, events, atMs };
}

describe('a yawn', () => {
  it('is a mouth that is wide open for long enough', () => {
    expect(run([[0.15, 400], [0.6, 1920], [0.15, 800]]).events).toEqual([]); // prettier-ignore
    const { events } = run([[0.15, 400], [0.6, 2000], [0.15, 800]]); // prettier-ignore
    expect(events).toEqual([
      {
        type: 'event',
        kind: 'yawn',
        startMs: 400,
        endMs: 2400,
        evidence: { openMs: 2000, peakMar: 0.6, openShare: 1, unseenMs: 0 },
      },
    ]);
  });

  it('is not one just below the opening of a yawn', () => {
    expect(run([[0.39, 6000], [0.15, 800]]).events).toEqual([]); // prettier-ignore
    expect(run([[0.4, 6000], [0.15, 800]]).events).toHaveLength(1); // prettier-ignore
  });

  it('is one yawn though it is interrupted for a moment', () => {
    const { events } = run([[0.6, 1200], [0.3, 280], [0.6, 1200], [0.15, 800]]); // prettier-ignore
    expect(events.map((e) => e.endMs - e.startMs)).toEqual([2680]);
    expect(run([[0.6, 1200], [0.3, 400], [0.6, 1200], [0.15, 800]]).events).toEqual([]); // prettier-ignore
  });

  it('is not made of many short openings', () => {
    const laughing = Array.from({ length: 20 }, (): Stretch[] => [[0.6, 160], [0.2, 160]]).flat(); // prettier-ignore
    expect(run([...laughing, [0.15, 800]]).events).toEqual([]);
  });

  it('is none where the mouth network sees none on the whole: singing, laughing', () => {
    const { yawnProbability } = judgeConfig.mouth;
    const surely = run([[0.6, 3000, yawnProbability + 0.01], [0.15, 800]]); // prettier-ignore
    expect(surely.events[0]?.evidence['yawnProbability']).toBe(0.81);
    expect(run([[0.6, 3000, yawnProbability - 0.01], [0.15, 800]]).events).toEqual([]); // prettier-ignore
    // A moment of doubt changes nothing, and each opening is judged by its own answers.
    expect(run([[0.6, 400, 0.1], [0.6, 3000, 0.99], [0.15, 800]]).events).toHaveLength(1); // prettier-ignore
    expect(
      run([[0.6, 3000, 0.1], [0.15, 800], [0.6, 3000, 0.95], [0.15, 800]]).events,
    ).toHaveLength(1); // prettier-ignore
  });

  it('is bridged, not counted, while the mouth is covered', () => {
    const { events } = run([[0.6, 1200], [null, 280], [0.6, 1200], [0.15, 800]]); // prettier-ignore
    expect(events).toHaveLength(1);
    expect(events[0]!.evidence['openMs']).toBe(2400);
    expect(run([[0.6, 1200], [null, 2000], [0.6, 1200], [0.15, 800]]).events).toEqual([]); // prettier-ignore
  });

  it('is recorded when the frames stop, or the trip ends, after it was long enough', () => {
    const { state, atMs } = run([[0.6, 4000]]); // prettier-ignore
    expect(elapseMouth(state, atMs + 5000, judgeConfig).events).toHaveLength(1);
    expect(endMouth(state, atMs, judgeConfig).events).toHaveLength(1);
    expect(endMouth(shutMouth, atMs, judgeConfig).events).toEqual([]);
  });
});

describe('the mouth', () => {
  it('counts as yawning for a while after it was wide open', () => {
    const { state, atMs } = run([[0.6, 400], [0.2, 80]]); // prettier-ignore
    const wideMs = atMs - 120;
    expect(inYawn(state, wideMs + judgeConfig.mouth.yawnAfterMs, judgeConfig)).toBe(true);
    expect(inYawn(state, wideMs + judgeConfig.mouth.yawnAfterMs + 1, judgeConfig)).toBe(false);
    expect(inYawn(shutMouth, 0, judgeConfig)).toBe(false);
  });

  it('remembers its yawns for the window of the estimate', () => {
    let state = shutMouth;
    let atMs = 0;
    for (let yawn = 0; yawn < 3; yawn++) {
      const ran = run([[0.6, 3000], [0.15, 60_000]], state, atMs); // prettier-ignore
      ({ state, atMs } = ran);
    }
    expect(yawnsWithin(state, atMs, judgeConfig.drowsiness.yawnWindowMs)).toBe(3);
    expect(yawnsWithin(state, atMs, 70_000)).toBe(1);
    const muchLater = run([[0.6, 3000], [0.15, 800]], state, atMs + 900_000); // prettier-ignore
    expect(muchLater.state.yawns).toHaveLength(1);
  });
});
