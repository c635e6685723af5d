import { describe, expect, it } from 'vitest';
import {
  hearContext,
  hearsSpeech,
  hearVoice,
  ignitionNow,
  isStanding,
  knownSpeed,
  levelTimes,
  motionNow,
  stoppedForMs,
  unknownContext,
} from '../../agent/judge/surroundings.ts';
import type { ContextState } from '../../agent/judge/surroundings.ts';
import type { Context, VoiceSeen } from '../../agent/perceive/observation.ts';
import { judgeConfig } from '../stories/play.ts';

const told = (speedKmh: number | null, atMs = 0): Context => ({
  kind: 'context',
  atMs,
  speedKmh,
  ignitionOn: true,
  hourOfDay: 13.5,
});

const hear = (state: ContextState, context: Context) => hearContext(state, context, judgeConfig.speed);

describe('the speed', () => {
  it('is unknown until told, and again when what was told is stale', () => {
    const { staleAfterMs } = judgeConfig.speed;
    const context = hear(unknownContext, told(80, 1000));
    expect(knownSpeed(unknownContext, 0, judgeConfig.speed)).toBeNull();
    expect(knownSpeed(context, 1000 + staleAfterMs, judgeConfig.speed)).toBe(80);
    expect(knownSpeed(context, 1001 + staleAfterMs, judgeConfig.speed)).toBeNull();
  });

  it('is smoothed: one wrong value leaves the tier, a stop changes it in seconds', () => {
    let context = unknownContext;
    const speedAfter = (speeds: readonly number[]) => {
      context = unknownContext;
      for (const [second, speedKmh] of speeds.entries())
        context = hear(context, told(speedKmh, second * 1000));
      return context.speedKmh!;
    };
    expect(speedAfter([70, 70, 70])).toBe(70);
    expect(speedAfter([70, 70, 30])).toBeGreaterThan(50);
    expect(speedAfter([70, 0, 0])).toBeCloseTo(70 * Math.exp(-1), 6);
    expect(speedAfter([70, 0, 0, 0, 0, 0, 0])).toBeLessThan(5);
  });

  it('begins anew after it was stale', () => {
    const later = 1001 + judgeConfig.speed.staleAfterMs;
    expect(hear(hear(unknownContext, told(80, 1000)), told(10, later)).speedKmh).toBe(10);
  });

  it('is not forgotten by a message without one, only grows stale', () => {
    const context = hear(hear(unknownContext, told(80, 1000)), told(null, 5000));
    expect(knownSpeed(context, 5000, judgeConfig.speed)).toBe(80);
    expect(knownSpeed(context, 12_000, judgeConfig.speed)).toBeNull();
    expect(context.hourOfDay).toBe(13.5);
  });

  it.each([
    [null, [3000, 5000, 11_000]],
    [50, [3000, 5000, 11_000]],
    [49.9, [6000, 8000, 14_000]],
    [20, [6000, 8000, 14_000]],
    [19.9, null],
    [0, null],
  ] as const)('of %s km/h sets the level times to %j', (speedKmh, times) => {
    expect(levelTimes(hear(unknownContext, told(speedKmh)), 0, judgeConfig)).toEqual(times);
  });
});

describe('moving and standing', () => {
  const { stoppedAfterMs, staleAfterMs, movingFromKmh, stoppedBelowKmh } = judgeConfig.speed;
  /** Without smoothing, so that the speeds told are those judged. */
  const config = { ...judgeConfig.speed, smoothMs: 0 };
  const after = (speeds: readonly (number | null)[]) =>
    speeds.reduce<ContextState>(
      (state, speedKmh, second) => hearContext(state, told(speedKmh, second * 1000), config),
      unknownContext,
    );
  const motion = (speeds: readonly (number | null)[], atMs = (speeds.length - 1) * 1000) =>
    motionNow(after(speeds), atMs, config);

  it('are unknown until a speed says so', () => {
    expect(motionNow(unknownContext, 0, config)).toBe('unknown');
    expect(motion([movingFromKmh - 1])).toBe('unknown');
    expect(motion([0])).toBe('unknown');
  });

  it('have a hysteresis between them', () => {
    expect(motion([movingFromKmh])).toBe('moving');
    expect(motion([30, stoppedBelowKmh, movingFromKmh - 1])).toBe('moving');
    expect(motion([0, 0, 0, 0, stoppedBelowKmh, movingFromKmh - 1])).toBe('stopped');
    expect(motion([0, 0, 0, 0, movingFromKmh])).toBe('moving');
  });

  it('change to standing only when it was slow long enough without a break', () => {
    const slow = stoppedBelowKmh - 1;
    expect(motion([30, slow], 1000 + stoppedAfterMs - 1)).toBe('moving');
    expect(motion([30, slow], 1000 + stoppedAfterMs)).toBe('stopped');
    expect(motion([30, slow, slow, stoppedBelowKmh, slow, slow])).toBe('moving');
  });

  it('say how long the vehicle has been standing', () => {
    expect(stoppedForMs(after([30, 0, 0]), 2000, config)).toBeNull();
    expect(stoppedForMs(after([30, 0, 0, 0, 0]), 7000, config)).toBe(6000);
    expect(isStanding(after([30, 0, 0, 0, 0]), 7000, config)).toBe(true);
  });

  it('are unknown when the speed is stale, and begin anew after it', () => {
    const stood = after([0, 0, 0, 0, 0]);
    expect(motionNow(stood, 4000 + staleAfterMs, config)).toBe('stopped');
    expect(motionNow(stood, 4001 + staleAfterMs, config)).toBe('unknown');
    const again = hearContext(stood, told(0, 30_000), config);
    expect(motionNow(again, 30_000 + stoppedAfterMs - 1, config)).toBe('unknown');
    expect(motionNow(again, 30_000 + stoppedAfterMs, config)).toBe('stopped');
    const crept = hearContext(stood, told(stoppedBelowKmh, 30_000), config);
    expect(motionNow(crept, 39_000, config)).toBe('unknown');
  });
});

describe('the ignition', () => {
  const at = (atMs: number, ignitionOn: boolean | null): Context => ({ ...told(null, atMs), ignitionOn });

  it('is as it was last told, while that is fresh', () => {
    const { ignitionStaleMs } = judgeConfig.trip;
    const on = hear(unknownContext, at(1000, true));
    expect(ignitionNow(unknownContext, 0, judgeConfig)).toBeNull();
    expect(ignitionNow(on, 1000 + ignitionStaleMs, judgeConfig)).toBe(true);
    expect(ignitionNow(on, 1001 + ignitionStaleMs, judgeConfig)).toBeNull();
    expect(ignitionNow(hear(on, at(2000, null)), 2000, judgeConfig)).toBe(true);
    expect(ignitionNow(hear(on, at(2000, false)), 2000, judgeConfig)).toBe(false);
  });

  it('remembers since when', () => {
    const off = hear(hear(hear(unknownContext, at(0, true)), at(1000, false)), at(4000, false));
    expect(off).toMatchObject({ ignitionSinceMs: 1000, ignitionAtMs: 4000 });
  });
});

describe('speech', () => {
  const heard = (speechShare: number): VoiceSeen => ({
    kind: 'voice-seen',
    atMs: 5000,
    windowMs: 3000,
    speechShare,
    levelDbfs: -30,
    clippedShare: 0,
    gap: false,
  });

  it('is heard from its share of the window on, while the window is fresh', () => {
    const { staleAfterMs, speechShare } = judgeConfig.voice;
    expect(hearsSpeech(hearVoice(heard(speechShare)), 5000, judgeConfig.voice)).toBe(true);
    expect(hearsSpeech(hearVoice(heard(speechShare - 0.01)), 5000, judgeConfig.voice)).toBe(false);
    expect(hearsSpeech(hearVoice(heard(1)), 5000 + staleAfterMs, judgeConfig.voice)).toBe(true);
    expect(hearsSpeech(hearVoice(heard(1)), 5001 + staleAfterMs, judgeConfig.voice)).toBeNull();
    expect(hearsSpeech(null, 0, judgeConfig.voice)).toBeNull();
  });
});
