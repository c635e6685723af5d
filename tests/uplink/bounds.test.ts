import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { GapMaker, PruneLimits } from '../../agent/store/store.ts';
import { keepWithinBounds } from '../../agent/uplink/bounds.ts';

const config = { maxBytes: 1_000_000, keepDays: 14 };

function limitsGiven(clockState: 'synchronised' | 'unknown', hasBroker: boolean): PruneLimits {
  let given: PruneLimits | undefined;
  const prune = (limits: PruneLimits, gapOf: GapMaker) => {
    given = limits;
    const gap = gapOf({
      reason: 'expired',
      dropped: 1,
      ranges: [{ epoch: crypto.randomUUID(), firstSeq: 1, lastSeq: 1 }],
    });
    expect(gap).toMatchObject({ kind: 'gap', deviceId: 'van', dropped: 1 });
    return { telemetry: 0, expired: 1, evicted: 0 };
  };
  const clock = {
    bootId: 'b',
    monotonicMs: () => 0,
    wallTime: () => '2026-11-15T00:00:00.000Z',
    state: () => clockState,
  };
  const speaker = { deviceId: 'van', softwareVersion: '0', clock };
  keepWithinBounds({
    store: { prune },
    config,
    hasBroker,
    speaker,
    tripId: () => null,
    log: pino({ level: 'silent' }),
  });
  return given!;
}

it('lets messages age out where there is no broker and the clock is right', () => {
  expect(limitsGiven('synchronised', false)).toEqual({
    maxBytes: 1_000_000,
    olderThan: '2026-11-01T00:00:00.000Z',
  });
});

it('keeps old messages for a broker that is configured', () => {
  expect(limitsGiven('synchronised', true).olderThan).toBeNull();
});

it('throws nothing away on the word of a clock that may be wrong', () => {
  expect(limitsGiven('unknown', false).olderThan).toBeNull();
});

it('survives a store that cannot prune now', () => {
  const prune = () => {
    throw new Error('disk full');
  };
  const clock = {
    bootId: 'b',
    monotonicMs: () => 0,
    wallTime: () => '2026-11-15T00:00:00.000Z',
    state: () => 'unknown' as const,
  };
  const speaker = { deviceId: 'van', softwareVersion: '0', clock };
  const log = pino({ level: 'silent' });
  expect(() =>
    keepWithinBounds({ store: { prune }, config, hasBroker: true, speaker, tripId: () => null, log }),
  ).not.toThrow();
});
