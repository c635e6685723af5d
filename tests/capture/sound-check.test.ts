import { describe, expect, it } from 'vitest';
import { SoundCheck, type SoundCondition } from '../../agent/capture/sound-check.ts';

const CONFIG = { mutedBelowDbfs: -84, mutedAfterMs: 8000 };
const STEP = 1 / 32_768;

/** Hears `seconds` of sound in chunks of 20 ms; `value` of the nth sample. */
function hear(seconds: number, value: (n: number) => number): SoundCondition[] {
  const check = new SoundCheck(CONFIG);
  return Array.from({ length: seconds * 50 }, (_, chunk) =>
    check.listen({
      samples: Float32Array.from({ length: 320 }, (__, n) => value(chunk * 320 + n)),
      atMs: chunk * 20,
    }),
  );
}

const faultMs = (seen: readonly SoundCondition[]) => seen.findIndex((s) => s.fault !== null) * 20;

describe('the sound check', () => {
  it('has nothing to say about a quiet cabin', () => {
    const quiet = hear(20, (n) => (((n * 7919) % 21) - 10) * STEP); // ten steps of noise: -74 dBFS
    expect(quiet.every((s) => s.fault === null && s.stuckMs === null && s.fresh)).toBe(true);
  });

  it.each([
    ['zeros', () => 0],
    ['the last step of the converter', (n: number) => (n % 3 === 0 ? STEP : 0)],
    ['such a step on an offset', (n: number) => 0.01 + (n % 2 === 0 ? STEP : 0)],
  ])('says that %s are a muted microphone once they have lasted', (_, value) => {
    const seen = hear(9, value);
    expect(faultMs(seen)).toBe(8000);
    expect(seen.at(-1)?.fault).toMatch(/^the microphone delivers silence: is it muted/);
    expect(seen.at(-1)?.stuckMs).toBeNull();
  });

  it('takes one value for ever, which is not zero, for a stuck device', () => {
    const seen = hear(9, () => -0.5);
    expect(seen.map((s) => s.stuckMs).find((ms) => ms !== null)).toBe(8000);
    expect(seen.every((s) => s.fault === null)).toBe(true);
  });

  it('is satisfied by one word in the silence', () => {
    const seen = hear(15, (n) => (n > 7 * 16_000 && n < 7.5 * 16_000 ? Math.sin(n / 5) / 10 : 0));
    expect(seen.every((s) => s.fault === null)).toBe(true);
  });

  it('hears it when the sound comes back', () => {
    const seen = hear(12, (n) => (n > 10 * 16_000 ? Math.sin(n / 5) / 10 : 0));
    expect(seen[9 * 50]?.fault).not.toBeNull();
    expect(seen.at(-1)).toEqual({ fresh: true, fault: null, stuckMs: null });
  });
});
