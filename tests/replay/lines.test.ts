import { describe, expect, it } from 'vitest';
import type { AlertOutcome } from '../../agent/judge/outcome.ts';
import { collectLines } from '../../agent/replay/lines.ts';

const closure = (
  phase: AlertOutcome['phase'],
  atMs: number,
  more: Partial<AlertOutcome> = {},
): AlertOutcome => ({
  type: 'alert',
  phase,
  alertKey: 'replay:1',
  kind: 'microsleep',
  severity: 2,
  level: 2,
  startMs: 10_000,
  atMs,
  evidence: { closedMs: atMs - 10_000 },
  ...more,
});

describe('an event', () => {
  it('is a line at once, in seconds to the millisecond, with its evidence', () => {
    const line = collectLines('a.mp4').take({
      type: 'event',
      kind: 'blink',
      startMs: 1000.4,
      endMs: 1233.6,
      evidence: { closedMs: 233 },
    });
    expect(line).toEqual({
      type: 'event',
      file: 'a.mp4',
      kind: 'blink',
      startS: 1,
      endS: 1.234,
      evidence: { closedMs: 233 },
    });
  });
});

describe('an alert', () => {
  it('is one line when it is cleared: its last kind, its highest severity and level, all its phases', () => {
    const lines = collectLines('a.mp4');
    expect(lines.take(closure('raised', 11_000))).toBeNull();
    expect(lines.take(closure('updated', 13_000, { kind: 'sleep', severity: 3, level: 3 }))).toBeNull();
    const cleared = closure('cleared', 13_600, {
      kind: 'sleep',
      severity: 2,
      level: 0,
      cleared: 'ended',
      evidence: {},
    });
    expect(lines.take(cleared)).toEqual({
      type: 'alert',
      file: 'a.mp4',
      kind: 'sleep',
      severity: 3,
      level: 3,
      startS: 10,
      endS: 13.6,
      alertedAtS: 11,
      cleared: 'ended',
      evidence: { closedMs: 3000 },
      phases: [
        { phase: 'raised', kind: 'microsleep', severity: 2, level: 2, atS: 11 },
        { phase: 'updated', kind: 'sleep', severity: 3, level: 3, atS: 13 },
        { phase: 'cleared', kind: 'sleep', severity: 2, level: 0, atS: 13.6 },
      ],
    });
  });

  it('is not mixed up with another one that is open at the same time', () => {
    const lines = collectLines('a.mp4');
    lines.take(closure('raised', 11_000));
    lines.take(closure('raised', 12_000, { alertKey: 'replay:2', kind: 'drowsiness', startMs: 2000 }));
    const cleared = lines.take(closure('cleared', 13_000, { cleared: 'ended' }));
    expect(cleared).toMatchObject({ kind: 'microsleep', startS: 10, alertedAtS: 11 });
    expect(lines.rest(20_000)).toMatchObject([{ kind: 'drowsiness', startS: 2, alertedAtS: 12, endS: 20 }]);
  });

  it('that nobody cleared ends with the file', () => {
    const lines = collectLines('a.mp4');
    lines.take(closure('raised', 11_000));
    expect(lines.rest(12_500)).toMatchObject([{ kind: 'microsleep', endS: 12.5, cleared: null }]);
  });

  it('carries no key: two replays write the same', () => {
    const written = ['one:1', 'two:7'].map((alertKey) => {
      const lines = collectLines('a.mp4');
      lines.take(closure('raised', 11_000, { alertKey }));
      return JSON.stringify(lines.take(closure('cleared', 12_000, { alertKey, cleared: 'ended' })));
    });
    expect(written[0]).toBe(written[1]);
  });
});
