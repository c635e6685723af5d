/** From an alert to its sound: the commit's moment, whose turn it is, how long it is repeated. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configSchema } from '../../config/schema.ts';
import type { Cue, Speaker } from '../../hardware/speaker/index.ts';
import type { AlertOutcome } from '../../agent/judge/outcome.ts';
import { openWarner, type Warner } from '../../agent/warn/warner.ts';

const { warn } = configSchema.parse({});
/** Shorter than every repeat. */
const CLIP_MS = 1200;
const never = new Promise<undefined>(() => undefined);
const done = Promise.resolve();

const alert = (changes: Partial<AlertOutcome> = {}): AlertOutcome => ({
  type: 'alert',
  phase: 'raised',
  alertKey: 'run:1',
  kind: 'microsleep',
  severity: 3,
  level: 1,
  startMs: 0,
  atMs: 1000,
  evidence: {},
  ...changes,
});

/** Plays for `CLIP_MS` and notes what and when, and what was cut short. */
function fakeSpeaker(): Speaker & { heard: string[]; cues: Cue[]; cut: string[] } {
  let end: (() => void) | null = null;
  const speaker = {
    heard: [] as string[],
    cues: [] as Cue[],
    cut: [] as string[],
    sound: (cue: Cue) =>
      new Promise<void>((resolve) => {
        end?.();
        speaker.cues.push(cue);
        speaker.heard.push(`${cue.kind} ${cue.severity} at ${Math.round(performance.now() - beganMs)}`);
        const timer = setTimeout(() => {
          end = null;
          resolve();
        }, CLIP_MS);
        end = () => {
          clearTimeout(timer);
          speaker.cut.push(cue.kind);
          resolve();
        };
      }),
    close: () => Promise.resolve(),
  };
  return speaker;
}

let beganMs: number;
let speaker: ReturnType<typeof fakeSpeaker>;
let warner: Warner;
const silent = (): void => undefined;
const tell = (changes: Partial<AlertOutcome>): Promise<void> => warner.warn(alert(changes), done, silent);

beforeEach(() => {
  vi.useFakeTimers();
  beganMs = performance.now();
  speaker = fakeSpeaker();
  warner = openWarner(speaker, warn);
});
afterEach(() => {
  warner.close();
  vi.useRealTimers();
});

describe('the commit', () => {
  it('is waited for before it sounds', async () => {
    const commit = Promise.withResolvers<undefined>();
    const soundedFirst = vi.fn();
    const warned = warner.warn(alert(), commit.promise, soundedFirst);
    await vi.advanceTimersByTimeAsync(warn.commitWaitMs - 1);
    expect(speaker.cues).toEqual([]);
    commit.resolve(undefined);
    await warned;
    expect(speaker.cues).toEqual([{ kind: 'microsleep', severity: 3 }]);
    expect(soundedFirst).not.toHaveBeenCalled();
  });

  it('is waited for no longer than a moment, and whoever stores is told', async () => {
    const soundedFirst = vi.fn();
    void warner.warn(alert(), never, soundedFirst);
    await vi.advanceTimersByTimeAsync(warn.commitWaitMs);
    expect(speaker.heard).toEqual([`microsleep 3 at ${warn.commitWaitMs}`]);
    expect(soundedFirst).toHaveBeenCalledOnce();
  });

  it('may fail: it sounds anyway, and whoever stores is told', async () => {
    const soundedFirst = vi.fn();
    await warner.warn(alert(), Promise.reject(new Error('disk')), soundedFirst);
    expect(speaker.cues).toHaveLength(1);
    expect(soundedFirst).toHaveBeenCalledOnce();
  });

  it('may take longer than the cause lasts: it sounds once', async () => {
    void warner.warn(alert(), never, silent);
    await tell({ phase: 'cleared', cleared: 'ended' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(speaker.heard).toEqual([`microsleep 3 at ${warn.commitWaitMs}`]);
  });
});

describe('repeating', () => {
  it('goes on while the cause lasts and ends with it', async () => {
    await tell({ kind: 'distraction', severity: 2 });
    await vi.advanceTimersByTimeAsync(2 * warn.repeat.warningMs);
    await tell({ kind: 'distraction', severity: 2, phase: 'cleared', cleared: 'ended' });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(speaker.heard).toEqual([
      'distraction 2 at 0',
      `distraction 2 at ${warn.repeat.warningMs}`,
      `distraction 2 at ${2 * warn.repeat.warningMs}`,
    ]);
  });

  it('is faster for critical alerts, and says what the alert has become', async () => {
    await tell({ kind: 'microsleep' });
    await tell({ kind: 'sleep', phase: 'updated' });
    await vi.advanceTimersByTimeAsync(warn.repeat.criticalMs);
    expect(speaker.heard).toEqual(['microsleep 3 at 0', `sleep 3 at ${warn.repeat.criticalMs}`]);
  });

  it('is slow for what lasts for minutes', async () => {
    await tell({ kind: 'drowsiness', severity: 2 });
    await vi.advanceTimersByTimeAsync(warn.repeat.lastingMs);
    expect(speaker.heard).toEqual(['drowsiness 2 at 0', `drowsiness 2 at ${warn.repeat.lastingMs}`]);
  });

  it.each([
    { kind: 'face-lost', severity: 1 },
    { kind: 'lockout', severity: 3 },
  ] as const)('is not for $kind of severity $severity', async (one) => {
    await tell(one);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(speaker.heard).toEqual([`${one.kind} ${one.severity} at 0`]);
  });

  it('ends when the warner is closed', async () => {
    await tell({});
    warner.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(speaker.heard).toHaveLength(1);
  });
});

describe('two at a time', () => {
  it('a graver one interrupts a lesser one', async () => {
    await tell({ alertKey: 'a', kind: 'camera-blocked', severity: 1 });
    await vi.advanceTimersByTimeAsync(100);
    await tell({ alertKey: 'b', kind: 'microsleep', severity: 3 });
    expect(speaker.heard).toEqual(['camera-blocked 1 at 0', 'microsleep 3 at 100']);
    expect(speaker.cut).toEqual(['camera-blocked']);
  });

  it('one that becomes graver is heard at once', async () => {
    await tell({ kind: 'distraction', severity: 2 });
    await vi.advanceTimersByTimeAsync(100);
    await tell({ kind: 'distraction', severity: 3, phase: 'updated' });
    expect(speaker.heard).toEqual(['distraction 2 at 0', 'distraction 3 at 100']);
  });

  it('a lesser one never interrupts: it is heard when the graver one is over', async () => {
    await tell({ alertKey: 'a', kind: 'lockout', severity: 3 });
    await vi.advanceTimersByTimeAsync(100);
    await tell({ alertKey: 'b', kind: 'drowsiness', severity: 2 });
    await vi.advanceTimersByTimeAsync(CLIP_MS);
    expect(speaker.heard).toEqual(['lockout 3 at 0', `drowsiness 2 at ${CLIP_MS}`]);
    expect(speaker.cut).toEqual([]);
  });

  it('a lesser one waits as long as the driver has something graver to do', async () => {
    await tell({ alertKey: 'a', kind: 'microsleep', severity: 3 });
    await tell({ alertKey: 'b', kind: 'drowsiness', severity: 2 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(speaker.cues.every(({ kind }) => kind === 'microsleep')).toBe(true);
    await tell({ alertKey: 'a', phase: 'cleared', cleared: 'ended' });
    await vi.advanceTimersByTimeAsync(CLIP_MS);
    expect(speaker.cues.at(-1)).toEqual({ kind: 'drowsiness', severity: 2 });
  });

  it('what lasts for minutes keeps no notice waiting', async () => {
    await tell({ alertKey: 'a', kind: 'drowsiness', severity: 2 });
    await vi.advanceTimersByTimeAsync(CLIP_MS);
    await tell({ alertKey: 'b', kind: 'camera-blocked', severity: 1 });
    expect(speaker.cues.at(-1)).toEqual({ kind: 'camera-blocked', severity: 1 });
  });

  it('a new one of the same severity is heard at once, and both are repeated', async () => {
    await tell({ alertKey: 'a', kind: 'microsleep' });
    await vi.advanceTimersByTimeAsync(100);
    await tell({ alertKey: 'b', kind: 'distraction' });
    await vi.advanceTimersByTimeAsync(warn.repeat.criticalMs + CLIP_MS);
    expect(speaker.cues.map(({ kind }) => kind)).toEqual([
      'microsleep',
      'distraction',
      'microsleep',
      'distraction',
    ]);
    expect(speaker.cut).toEqual(['microsleep']);
  });

  it('what is cleared before its turn is not heard', async () => {
    await tell({ alertKey: 'a', kind: 'microsleep' });
    await tell({ alertKey: 'b', kind: 'camera-blocked', severity: 1 });
    await tell({ alertKey: 'b', kind: 'camera-blocked', severity: 1, phase: 'cleared', cleared: 'ended' });
    await tell({ alertKey: 'a', phase: 'cleared', cleared: 'ended' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(speaker.heard).toEqual(['microsleep 3 at 0']);
  });
});
