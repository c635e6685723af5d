/** Stories of closed eyes: blinks, microsleep, sleep, squints, yawns, eyes that are not seen. */
import { describe, expect, it } from 'vitest';
import { blinksOf, drive, firstFrameMs } from './drive.ts';
import type { Act } from './drive.ts';
import { alertsOf, eventsOf, judgeConfig, play, raisedOf } from './play.ts';
import { expectOnTime, playOn, SETTINGS } from './settings.ts';

const SEEDS = [1, 2, 3, 4, 5];
const { eyes } = judgeConfig;

describe.each(SETTINGS)('closed eyes of a driver on the $side at $fps frames per second', (setting) => {
  it.each(SEEDS)('a microsleep of 1.5 s within normal blinking is told at 1.0 s (seed %i)', (seed) => {
    const acts: Act[] = [{ fromS: 20, toS: 21.5, does: 'close-eyes' }];
    const played = playOn(setting, { seconds: 40, seed, acts });
    const startMs = firstFrameMs(played.seen, 20);
    expect(alertsOf(played).map((a) => [a.kind, a.phase, a.severity])).toEqual([
      ['microsleep', 'raised', 3],
      ['microsleep', 'cleared', 3],
    ]);
    const [alert] = alertsOf(played);
    // A blink may run into it: then the closure began up to one blink earlier.
    expect(alert!.startMs).toBeLessThanOrEqual(startMs);
    expect(alert!.startMs).toBeGreaterThan(startMs - 200);
    expectOnTime(alert!.atMs, alert!.startMs + eyes.microsleepMs);
    expect(
      eventsOf(played)
        .filter((e) => e.kind !== 'blink')
        .map((e) => e.kind),
    ).toEqual(['microsleep']);
  });

  it.each(SEEDS)('a sleep of 3.5 s is one closure: one alert, updated (seed %i)', (seed) => {
    const acts: Act[] = [
      { fromS: 20, toS: 23.5, does: 'close-eyes' },
      { fromS: 23.5, toS: 25, does: 'no-blinks' },
    ];
    const played = playOn(setting, { seconds: 40, seed, acts });
    const { seen } = played;
    const alerts = alertsOf(played);
    expect(alerts.map((a) => [a.kind, a.phase, a.level])).toEqual([
      ['microsleep', 'raised', 1],
      ['sleep', 'updated', 2],
      ['sleep', 'cleared', 1],
    ]);
    expect(new Set(alerts.map((a) => a.alertKey))).toEqual(new Set(['story:1']));
    expectOnTime(alerts[1]!.atMs, alerts[0]!.startMs + eyes.sleepMs);
    const closures = eventsOf(played).filter((e) => e.kind !== 'blink');
    expect(closures.map((e) => [e.kind, e.endMs])).toEqual([['sleep', firstFrameMs(seen, 23.5)]]);
  });
});

describe('blinks', () => {
  it.each([30, 24, 15])('are all found at %i frames per second, and nothing else', (fps) => {
    const options = { seconds: 120, fps, earNoise: 0.025, seed: 3 };
    const played = play(drive(options));
    expect(alertsOf(played)).toEqual([]);
    const kinds = new Set(eventsOf(played).map((e) => e.kind));
    expect(kinds).toEqual(new Set(['blink']));
    const truth = blinksOf(options);
    const found = eventsOf(played).map((e) => e.startMs);
    expect(found).toHaveLength(truth.length);
    for (const [index, atMs] of truth.entries()) expect(found[index]! - atMs).toBeLessThan(2000 / fps);
  });

  it('are not made of noise', () => {
    const acts: Act[] = [{ fromS: 0, toS: 600, does: 'no-blinks' }];
    const played = play(drive({ seconds: 600, earNoise: 0.03, acts, seed: 4 }));
    expect(eventsOf(played)).toEqual([]);
  });

  it('of narrow eyes are found as well', () => {
    const options = { seconds: 120, openEar: 0.19, seed: 5 };
    const played = play(drive(options));
    const later = (atMs: number) => atMs > 5000; // the level of such eyes takes seconds to learn
    const found = eventsOf(played, 'blink').map((e) => e.startMs);
    expect(found.filter(later)).toHaveLength(blinksOf(options).filter(later).length);
    expect(alertsOf(played)).toEqual([]);
  });

  it('are switched off below the frame rate that carries them, and said to be', () => {
    const slow = play(drive({ seconds: 90, fps: 10, acts: [{ fromS: 80, toS: 81.5, does: 'close-eyes' }] }));
    expect(eventsOf(slow, 'blink')).toEqual([]);
    expect(raisedOf(slow).map((a) => a.kind)).toEqual(['microsleep']);
    expect(slow.state.frames.carriesBlinks).toBe(false);
  });

  it('that are long are recorded, not told', () => {
    const acts: Act[] = [{ fromS: 20, toS: 20.7, does: 'close-eyes' }];
    const played = play(drive({ seconds: 40, acts, seed: 6 }));
    expect(alertsOf(played)).toEqual([]);
    expect(eventsOf(played, 'long-blink')).toHaveLength(1);
  });
});

describe.each(SETTINGS)('half shut eyes of a driver on the $side at $fps frames per second', (setting) => {
  it('for seconds (a squint in the sun) are neither a microsleep nor a long blink', () => {
    const acts: Act[] = [{ fromS: 20, toS: 26, does: 'close-eyes', closure: 0.6 }];
    const played = playOn(setting, { seconds: 40, acts });
    expect(alertsOf(played)).toEqual([]);
    expect(eventsOf(played).filter((e) => e.kind !== 'blink')).toEqual([]);
  });

  it('and then shut are a microsleep counted from the shutting', () => {
    const acts: Act[] = [
      { fromS: 20, toS: 26, does: 'close-eyes', closure: 0.6 },
      { fromS: 26, toS: 27.6, does: 'close-eyes' },
    ];
    const played = playOn(setting, { seconds: 40, acts });
    const { seen } = played;
    const [alert] = raisedOf(played);
    expect(alert).toMatchObject({ kind: 'microsleep', startMs: firstFrameMs(seen, 26) });
    expectOnTime(alert!.atMs, firstFrameMs(seen, 26) + eyes.microsleepMs);
  });

  it('in a yawn are no microsleep; fully shut they are', () => {
    const yawn: Act = { fromS: 19, toS: 24, does: 'open-mouth', mar: 0.6 };
    const squint: Act = { fromS: 20, toS: 23, does: 'close-eyes', closure: 0.72 };
    const half = playOn(setting, { seconds: 40, acts: [yawn, squint] });
    expect(alertsOf(half)).toEqual([]);
    expect(eventsOf(half, 'yawn')).toHaveLength(1);
    const shut = playOn(setting, { seconds: 40, acts: [yawn, { fromS: 20, toS: 23.5, does: 'close-eyes' }] });
    expect(raisedOf(shut).map((a) => a.kind)).toEqual(['microsleep']);
  });
});

describe.each(SETTINGS)('sleep of a driver on the $side at $fps frames per second', (setting) => {
  it('with a flutter of the lids stays one sleep', () => {
    const acts: Act[] = [
      { fromS: 20, toS: 22, does: 'close-eyes' },
      { fromS: 22.15, toS: 25, does: 'close-eyes' },
    ];
    const played = playOn(setting, { seconds: 40, acts });
    expect(raisedOf(played).map((a) => a.kind)).toEqual(['microsleep', 'unresponsive']);
    expect(eventsOf(played, 'sleep')).toHaveLength(1);
  });

  it('keeps its alert while the face is lost, and does not grow by it', () => {
    const acts: Act[] = [
      { fromS: 20, toS: 22, does: 'close-eyes' },
      { fromS: 22, toS: 28, does: 'leave' },
    ];
    const played = playOn(setting, { seconds: 40, acts });
    const alerts = alertsOf(played, 'microsleep');
    expect(alerts.map((a) => a.phase)).toEqual(['raised', 'cleared']);
    expect(alerts[1]!.atMs).toBeGreaterThan(28_000);
    expect(alertsOf(played, 'sleep')).toEqual([]);
  });

  it('from the first frame on is noticed, though the open eye was never seen', () => {
    const acts: Act[] = [{ fromS: 0, toS: 10, does: 'close-eyes' }];
    const [alert] = raisedOf(playOn(setting, { seconds: 2.5, acts }));
    expect(alert).toMatchObject({ kind: 'microsleep' });
    expectOnTime(alert!.atMs, alert!.startMs + eyes.microsleepMs);
  });
});

describe.each(SETTINGS)('eyes not seen, of a driver on the $side at $fps frames per second', (setting) => {
  it.each(['covered', 'eyes-down', 'profile', 'poor-picture'] as const)(
    'because of "%s" are never closed, whatever their EAR says',
    (reason) => {
      const acts: Act[] = [{ fromS: 10, toS: 70, does: 'hide-eyes', reason, ear: 0.04 }];
      const played = playOn(setting, { seconds: 80, acts, trip: 'unended' });
      expect(alertsOf(played, 'microsleep')).toEqual([]);
      expect(alertsOf(played, 'sleep')).toEqual([]);
      const { closedMs, seenMs } = played.state.perclos.pastLong;
      expect(seenMs).toBeLessThan(21_000);
      expect(closedMs).toBeLessThan(0.1 * seenMs);
    },
  );

  it('end a closure that is not yet a microsleep, unless they are seen shut again at once', () => {
    const closing = (hiddenForS: number): Act[] => [
      { fromS: 20, toS: 21.4 + hiddenForS, does: 'close-eyes' },
      { fromS: 20.7, toS: 20.7 + hiddenForS, does: 'hide-eyes', reason: 'covered' },
    ];
    expect(raisedOf(playOn(setting, { seconds: 30, acts: closing(0.5) }))).toEqual([]);
    const [alert] = raisedOf(playOn(setting, { seconds: 30, acts: closing(0.15) }));
    expect(alert!.kind).toBe('microsleep');
    // The unseen stretch is not counted: the alert comes that much later.
    expect(alert!.atMs - alert!.startMs).toBeGreaterThanOrEqual(eyes.microsleepMs + 100);
  });
});

describe.each(SETTINGS)('the mouth of a driver on the $side at $fps frames per second', (setting) => {
  it('wide open for seconds is a yawn', () => {
    const acts: Act[] = [{ fromS: 20, toS: 24.5, does: 'open-mouth', mar: 0.62 }];
    const played = playOn(setting, { seconds: 40, acts });
    const { seen } = played;
    const [yawn] = eventsOf(played, 'yawn');
    expect(yawn).toMatchObject({ startMs: firstFrameMs(seen, 20), endMs: firstFrameMs(seen, 24.5) });
  });

  it.each([
    { what: 'talking', mar: 0.29, everyMs: 300, forMs: 150 },
    { what: 'laughing', mar: 0.55, everyMs: 250, forMs: 130 },
    { what: 'singing', mar: 0.5, everyMs: 900, forMs: 500 },
    { what: 'a hand over the mouth', mar: 0.33, everyMs: 5000, forMs: 5000 },
  ])('of somebody $what is no yawn', ({ mar, everyMs, forMs }) => {
    const acts: Act[] = [{ fromS: 20, toS: 50, does: 'open-mouth', mar, everyMs, forMs }];
    const played = playOn(setting, { seconds: 60, acts });
    expect(eventsOf(played, 'yawn')).toEqual([]);
    expect(alertsOf(played)).toEqual([]);
  });
});
