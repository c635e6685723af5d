import { describe, expect, it } from 'vitest';
import { noAlerts, reconcileAlerts } from '../../agent/judge/alerts.ts';
import type { AlertsState, SpokenNow, Wanted, WantedAlerts } from '../../agent/judge/alerts.ts';

const microsleep: Wanted = {
  kind: 'microsleep',
  severity: 3,
  ownLevel: 1,
  startMs: 100,
  evidence: { closedMs: 1000 },
};
const notice: Wanted = {
  kind: 'face-lost',
  severity: 1,
  ownLevel: 0,
  startMs: 50,
  evidence: { lastedMs: 8000 },
};
const now = (atMs: number, changes: Partial<SpokenNow> = {}): SpokenNow => ({
  runKey: 'run',
  atMs,
  level: 1,
  cleared: 'ended',
  ...changes,
});
const told = (state: AlertsState, wanted: WantedAlerts, at: SpokenNow) => reconcileAlerts(state, wanted, at);

describe('alerts', () => {
  it('are raised once, under a key of their own', () => {
    const first = told(noAlerts, { 'closed-eyes': microsleep }, now(1100));
    expect(first.outcomes).toEqual([
      {
        type: 'alert',
        phase: 'raised',
        alertKey: 'run:1',
        kind: 'microsleep',
        severity: 3,
        level: 1,
        startMs: 100,
        atMs: 1100,
        evidence: { closedMs: 1000 },
      },
    ]);
    expect(told(first.state, { 'closed-eyes': microsleep }, now(1200)).outcomes).toEqual([]);
  });

  it.each([
    { what: 'kind', change: { kind: 'sleep' } },
    { what: 'severity', change: { severity: 2 } },
    { what: 'level', change: { ownLevel: 2 } },
  ] as const)('are updated when their $what changes', ({ change }) => {
    const first = told(noAlerts, { 'closed-eyes': microsleep }, now(1100));
    const next = told(first.state, { 'closed-eyes': { ...microsleep, ...change } }, now(3100));
    expect(next.outcomes).toMatchObject([{ phase: 'updated', alertKey: 'run:1', atMs: 3100 }]);
  });

  it('are not updated by new evidence, but cleared with the newest', () => {
    const first = told(noAlerts, { 'closed-eyes': microsleep }, now(1100));
    const later = { ...microsleep, evidence: { closedMs: 1900 } };
    const second = told(first.state, { 'closed-eyes': later }, now(2000));
    expect(second.outcomes).toEqual([]);
    const third = told(second.state, {}, now(2100, { level: 0 }));
    expect(third.outcomes).toMatchObject([
      { phase: 'cleared', cleared: 'ended', alertKey: 'run:1', level: 0, evidence: { closedMs: 1900 } },
    ]);
    expect(third.state).toEqual({ count: 1, open: {} });
  });

  it('of several kinds stand beside each other, each with its key', () => {
    const both = told(noAlerts, { 'face-lost': notice, 'closed-eyes': microsleep }, now(9000));
    expect(both.outcomes.map((o) => [o.kind, o.alertKey])).toEqual([
      ['microsleep', 'run:1'],
      ['face-lost', 'run:2'],
    ]);
    const again = told(told(both.state, {}, now(9100)).state, { 'face-lost': notice }, now(9200));
    expect(again.outcomes[0]!.alertKey).toBe('run:3');
  });

  it('say why they were cleared', () => {
    const first = told(noAlerts, { 'face-lost': notice }, now(9000));
    expect(told(first.state, {}, now(9500, { cleared: 'trip-end' })).outcomes).toMatchObject([
      { phase: 'cleared', cleared: 'trip-end' },
    ]);
  });
});
