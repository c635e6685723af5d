import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudioWindow } from '../../agent/capture/audio-window.ts';
import { AudioWindows } from '../../agent/capture/audio-window.ts';

/** 1 kHz, so that one sample is one millisecond. */
const LENGTHS = { windowMs: 300, hopMs: 100, sampleRateHz: 1000 };

/** Sound whose sample at time t (ms) is t. */
const sound = (atMs: number, length: number) => ({
  atMs,
  samples: Float32Array.from({ length }, (_, n) => atMs + n),
});

/** Pushes stretches [from, to) cut into chunks, and flushes. */
function windowsOf(stretches: readonly (readonly [number, number])[], chunk = 20): AudioWindow[] {
  const windows = new AudioWindows(LENGTHS);
  const found: AudioWindow[] = [];
  for (const [from, to] of stretches) {
    for (let at = from; at < to; at += chunk)
      found.push(...windows.push(sound(at, Math.min(chunk, to - at))));
  }
  const last = windows.flush();
  return last === null ? found : [...found, last];
}

const spans = (windows: readonly AudioWindow[]) => windows.map((w) => [w.atMs - w.windowMs, w.atMs, w.gap]);

describe('windows of sound', () => {
  it('are full, overlap by the hop and say when they end', () => {
    const windows = windowsOf([[1000, 1500]]);
    expect(spans(windows)).toEqual([
      [1000, 1300, false],
      [1100, 1400, false],
      [1200, 1500, false],
    ]);
    expect(windows[1]?.samples).toEqual(sound(1100, 300).samples);
  });

  it('end with one that holds the rest and overlaps more', () => {
    expect(spans(windowsOf([[0, 450]])).at(-1)).toEqual([150, 450, false]);
  });

  it('are shorter only when the whole sound is', () => {
    const windows = windowsOf([[0, 70]]);
    expect(spans(windows)).toEqual([[0, 70, false]]);
    expect(windows[0]?.samples).toEqual(sound(0, 70).samples);
  });

  it('say that sound is missing, and have zeros where it is', () => {
    const windows = windowsOf([
      [0, 350],
      [450, 900],
    ]);
    expect(spans(windows)).toEqual([
      [0, 300, false],
      [100, 400, true],
      [200, 500, true],
      [300, 600, true],
      [400, 700, true],
      [500, 800, false],
      [600, 900, false],
    ]);
    const holed = windows[2]?.samples;
    expect(holed?.[149]).toBe(349);
    expect([...(holed?.slice(150, 250) ?? [])]).toEqual(new Array<number>(100).fill(0));
    expect(holed?.[250]).toBe(450);
  });

  it('begin anew after a hole longer than a window, without losing what came before it', () => {
    const windows = windowsOf([
      [0, 350],
      [5000, 5300],
    ]);
    expect(spans(windows)).toEqual([
      [0, 300, false],
      [50, 350, false],
      [5000, 5300, false],
    ]);
  });

  it('mark a clock that jumps back', () => {
    const windows = windowsOf([
      [1000, 1200],
      [1100, 1400],
    ]);
    expect(spans(windows).map(([, end, gap]) => [end, gap])).toEqual([
      [1200, true],
      [1300, true],
      [1400, false],
    ]);
  });

  it('follow a clock that drifts without calling it a hole', () => {
    const windows = new AudioWindows(LENGTHS);
    let last: AudioWindow | undefined;
    for (let n = 0; n < 3000; n += 1) {
      const chunk = { ...sound(0, 20), atMs: n * 20 * 1.001 }; // 1000 ppm, 60 ms in all
      last = windows.push(chunk).at(-1) ?? last;
    }
    expect(windows.stats()).toMatchObject({ gaps: 0, missingMs: 0 });
    expect(Math.abs((last?.atMs ?? 0) - 60_060)).toBeLessThan(20);
  });

  it('count windows, holes and missing sound', () => {
    const windows = new AudioWindows(LENGTHS);
    for (const at of [0, 100, 200, 350, 450]) windows.push(sound(at, 100));
    expect(windows.stats()).toEqual({ windows: 3, gaps: 1, missingMs: 50 });
  });

  it('do not depend on how the sound was cut into chunks', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(cuts, fc.integer({ min: 1, max: 2500 }), (sizes, total) => {
        const windows = new AudioWindows(LENGTHS);
        const found: AudioWindow[] = [];
        for (let at = 0, n = 0; at < total; n += 1) {
          const length = Math.min(sizes[n % sizes.length]!, total - at);
          found.push(...windows.push(sound(at, length)));
          at += length;
        }
        const last = windows.flush();
        expect(last === null ? found : [...found, last]).toEqual(windowsOf([[0, total]]));
      }),
    );
  });

  it('hold every sample at least once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), (total) => {
        const heard = new Set(windowsOf([[0, total]]).flatMap((w) => [...w.samples]));
        expect(heard.size).toBe(total);
      }),
      { numRuns: 30 },
    );
  });

  it('refuse a hop that leaves sound out', () => {
    expect(() => new AudioWindows({ ...LENGTHS, hopMs: 301 })).toThrow('must not exceed windowMs');
  });
});
