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

describe('a yawn without frames', () => {
  const { mouth, time } = judgeConfig;
  const wide = run([[0.6, 4000]]).state; // prettier-ignore

  it('changes nothing where nothing happens', () => {
    expect(elapseMouth(wide, 3990, judgeConfig)).toEqual({ state: wide, events: [] });
    expect(elapseMouth(wide, 3990, judgeConfig).state).toBe(wide);
    expect(elapseMouth(shutMouth, 9000, judgeConfig)).toEqual({ state: shutMouth, events: [] });
  });

  it('is remembered when it ends, and the mouth is ready for the next', () => {
    const { state } = elapseMouth(wide, 9000, judgeConfig);
    expect(state).toMatchObject({ span: null, openMs: 0, peakMar: 0, yawns: [3960 + time.holdMs] });
    expect(state.wideMs).toBe(3960);
  });

  it('at the end of a trip counts the time since its last frame', () => {
    const openFor = (openMs: number) => {
      const state = { ...wide, openMs };
      return endMouth(state, 4000, judgeConfig).events;
    };
    const enoughMs = mouth.yawnOpenShare * 4000 - 40;
    expect(openFor(enoughMs)).toHaveLength(1);
    expect(openFor(enoughMs - 1)).toEqual([]);
    expect(openFor(3960)[0]?.evidence['openShare']).toBe(1);
    expect(endMouth(wide, 4000, judgeConfig).state).toBe(shutMouth);
  });

  it('is one at the very probability that is asked for', () => {
    const { yawnProbability } = mouth;
    const answered = (yawnSum: number) =>
      endMouth({ ...wide, answers: 1, yawnSum }, 4000, judgeConfig).events;
    expect(answered(yawnProbability)).toHaveLength(1);
    expect(answered(yawnProbability - 0.001)).toEqual([]);
  });
});

describe('the mouth', () => {
  it('counts answers, opening and peak of one opening alone', () => {
    const open = run([[0.7, 400, 0.9], [0.5, 400]]).state; // prettier-ignore
    expect(open).toMatchObject({ peakMar: 0.7, answers: 10, openMs: 760 });
    expect(open.yawnSum).toBeCloseTo(9);
    const shut = run([[0.15, 2000]], open, 800).state; // prettier-ignore
    expect(shut).toMatchObject({ span: null, peakMar: 0, answers: 0, yawnSum: 0, openMs: 0 });
    const answeredShut = run([[0.15, 400, 0.9]]).state; // prettier-ignore
    expect(answeredShut).toMatchObject({ peakMar: 0, answers: 0, yawnSum: 0 });
    const next = run([[0.5, 400, 0.4]], shut, 2800).state; // prettier-ignore
    expect(next).toMatchObject({ peakMar: 0.5, answers: 10 });
  });

  it('keeps the yawns of the window to its very edge', () => {
    const state = { ...shutMouth, yawns: [1000, 2000] };
    expect(yawnsWithin(state, 61_000, 60_000)).toBe(2);
    expect(yawnsWithin(state, 61_001, 60_000)).toBe(1);
    const { yawnWindowMs } = judgeConfig.drowsiness;
    const later = run([[0.6, 3000], [0.15, 800]], { ...state, yawns: [2999, 3000] }, yawnWindowMs).state; // prettier-ignore
    expect(later.yawns).toEqual([3000, yawnWindowMs + 3000]);
  });

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
