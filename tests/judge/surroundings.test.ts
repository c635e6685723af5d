import { describe, expect, it } from 'vitest';
import {
  hearContext,
  hearsSpeech,
  hearVoice,
  knownSpeed,
  levelTimes,
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
