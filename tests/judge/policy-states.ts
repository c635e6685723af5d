/** States of one behaviour each, at its limits, for the tests of the policy. */
import { applyPolicy } from '../../agent/judge/alert-policy.ts';
import type { AlertSlot, Wanted } from '../../agent/judge/alerts.ts';
import { noClosure } from '../../agent/judge/closures.ts';
import { noLook } from '../../agent/judge/distraction.ts';
import { initialState } from '../../agent/judge/index.ts';
import type { DriverState } from '../../agent/judge/index.ts';
import type { Notice } from '../../agent/judge/notices.ts';
import { beginSpan, keepShowing } from '../../agent/judge/span.ts';
import { unknownContext } from '../../agent/judge/surroundings.ts';
import { judgeConfig } from '../stories/play.ts';

export const config = judgeConfig;
export const { severity, eyes, distraction, face } = config;
export const NOW_MS = 100_000;

export const quiet: DriverState = {
  ...initialState('run'),
  atMs: NOW_MS,
  trip: { active: true, startMs: 0, cause: 'replay' },
};
export const standing: Partial<DriverState> = {
  context: { ...unknownContext, speedKmh: 0, speedAtMs: NOW_MS, slowSinceMs: NOW_MS - 60_000 },
};
export const driving = (changes: Partial<DriverState>): DriverState => ({ ...quiet, ...changes });
export const says = (changes: Partial<DriverState>) => applyPolicy(driving(changes), NOW_MS, config);
export const wanted = (slot: AlertSlot, changes: Partial<DriverState>): Wanted | undefined =>
  says(changes).wanted[slot];
/** A span that has shown up to now for `forMs`. */
export const lasting = (forMs: number) => keepShowing(beginSpan(NOW_MS - forMs), NOW_MS);
export const shutFor = (forMs: number, asleep = true) => ({
  ...noClosure,
  span: { ...lasting(forMs), unseenMs: 0 },
  asleep,
  peak: 0.9876,
});
export const awayFor = (forMs: number, level: 0 | 1 | 2 | 3) => ({
  ...noLook,
  span: lasting(forMs),
  level,
  peakLevel: level,
  carriedMs: 500.4,
  yawSumDeg: 60,
  pitchSumDeg: -6,
  frames: 2,
});
export const noticed = (forMs: number, changes: Partial<Notice> = {}): Notice => ({
  span: lasting(forMs),
  cause: 'no face',
  glimpsedMs: 0,
  told: true,
  afterMs: 8000,
  ...changes,
});
export const notices = (changes: Partial<DriverState['notices']>) => ({
  notices: { ...quiet.notices, ...changes },
});
export const hidden = (changes: Partial<DriverState['slowClock']>) => ({
  slowClock: { ...quiet.slowClock, ...changes },
});
export const openAs = (slot: AlertSlot): Pick<DriverState, 'alerts'> => ({
  alerts: {
    count: 1,
    open: {
      [slot]: {
        ...{ kind: 'face-lost', severity: 1, ownLevel: 0, startMs: 0, evidence: {}, alertKey: 'run:1' },
      },
    },
  },
});

/** An estimate to which nothing has added. */
export const noKssParts = {
  perclos: 0,
  closures: 0,
  reopening: 0,
  longBlinks: 0,
  yawns: 0,
  nods: 0,
  trip: 0,
  hour: 0,
} as const;
