/** Bounds: what goes, in which order, and that every number that will not come is named. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeGap, outboxMessage } from '../../agent/contract/index.ts';
import type { ClockState, Severity } from '../../agent/contract/index.ts';
import { openStore } from '../../agent/store/database.ts';
import { countOf, mergeRanges } from '../../agent/store/ranges.ts';
import type { GapMaker, Store } from '../../agent/store/store.ts';
import { about, draft, folder, storeConfig, telemetry } from './drafts.ts';

const gapOf: GapMaker = (gap) => makeGap(gap, about());
const plenty = 1024 ** 3;
const epochs = ['7a0c1f52-9d7b-4f0e-8a3e-2f6f1f0f5b10', '9b1d2f63-0e8c-4a1f-9b4f-3a7a2a1a6c21'] as const;

describe('keeping the store within its bounds', () => {
  let place: ReturnType<typeof folder>;
  let store: Store;
  beforeEach(() => {
    place = folder();
    store = openStore(place.file, storeConfig(), 'watch');
  });
  afterEach(() => {
    store.close();
    place.remove();
  });

  const waiting = () => store.unsent(0, 100_000);
  const alerts = () => waiting().filter(({ message }) => message.kind !== 'gap');
  /** Appends many in one commit: severity and state of the clock by number. */
  const fill = (
    count: number,
    severityOf: (n: number) => Severity,
    clockOf: (n: number) => ClockState = () => 'synchronised',
  ) =>
    store.appendAll(
      Array.from({ length: count }, (_, n) => ({
        draft: {
          ...draft(n, { phase: 'cleared', cleared: 'ended', severity: severityOf(n) }),
          clock: clockOf(n),
          wallTime: new Date(Date.UTC(2026, 0, 1 + n)).toISOString(),
        },
        soundedBeforeCommit: () => false,
      })),
    );
  /** All numbers that wait or are named by a gap record; each once. */
  const accounted = () =>
    waiting()
      .flatMap(({ seq, message }) => [
        seq,
        ...(message.kind === 'gap'
          ? message.ranges.flatMap(({ firstSeq, lastSeq }) =>
              Array.from({ length: lastSeq - firstSeq + 1 }, (_, n) => firstSeq + n),
            )
          : []),
      ])
      .toSorted((a, b) => a - b);
  const allNumbers = () => Array.from({ length: store.lastSeq() }, (_, n) => n + 1);

  it('changes nothing within the bounds', () => {
    fill(5, () => 1);
    expect(store.prune({ maxBytes: plenty, olderThan: null }, gapOf)).toEqual({
      telemetry: 0,
      expired: 0,
      evicted: 0,
    });
    expect(store.lastSeq()).toBe(5);
  });

  it('drops what is too old and names it, but not what was made under a doubtful clock', () => {
    fill(
      10,
      () => 3,
      (n) => (n === 2 ? 'unsynchronised' : 'synchronised'),
    );
    const pruned = store.prune({ maxBytes: plenty, olderThan: '2026-01-06T00:00:00.000Z' }, gapOf);
    expect(pruned.expired).toBe(4);
    expect(alerts().map(({ seq }) => seq)).toEqual([3, 6, 7, 8, 9, 10]);
    expect(waiting().at(-1)?.message).toMatchObject({
      kind: 'gap',
      reason: 'expired',
      dropped: 4,
      ranges: [
        { epoch: store.epoch, firstSeq: 1, lastSeq: 2 },
        { epoch: store.epoch, firstSeq: 4, lastSeq: 5 },
      ],
    });
  });

  it('drops telemetry first, then the least severe, then the oldest of those', () => {
    store.spillTelemetry(Array.from({ length: 50 }, (_, n) => telemetry(n)));
    fill(900, (n) => ((n % 3) + 1) as Severity);
    const pruned = store.prune({ maxBytes: 600 * 1024, olderThan: null }, gapOf);
    expect(store.takeTelemetry(1)).toEqual([]);
    expect(pruned.telemetry).toBe(50);
    expect(pruned.evicted).toBeGreaterThan(0);
    const left = (severity: Severity) =>
      alerts().filter(({ message }) => 'severity' in message && message.severity === severity);
    expect(left(3)).toHaveLength(300);
    expect(left(1)).toHaveLength(0);
    const warnings = left(2).map(({ seq }) => seq);
    expect(warnings).toEqual(
      allNumbers()
        .filter((seq) => seq <= 900 && seq % 3 === 2)
        .slice(-warnings.length),
    );
    expect(accounted()).toEqual(allNumbers());
  });

  it('ends within the bound, and keeps its records few and valid, however often it is pruned', () => {
    for (let round = 0; round < 6; round += 1) {
      fill(300, (n) => ((n % 2) + 1) as Severity);
      store.prune({ maxBytes: 300 * 1024, olderThan: null }, gapOf);
    }
    expect(accounted()).toEqual(allNumbers());
    const gaps = waiting().filter(({ message }) => message.kind === 'gap');
    expect(gaps.length).toBeLessThan(6);
    for (const { message } of waiting()) expect(outboxMessage.parse(message)).toEqual(message);
  });
});

describe('ranges', () => {
  const range = fc
    .tuple(fc.constantFrom(...epochs), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 5 }))
    .map(([epoch, firstSeq, more]) => ({ epoch, firstSeq, lastSeq: firstSeq + more }));
  const numbers = (ranges: readonly { epoch: string; firstSeq: number; lastSeq: number }[]) =>
    new Set(
      ranges.flatMap(({ epoch, firstSeq, lastSeq }) =>
        Array.from({ length: lastSeq - firstSeq + 1 }, (_, n) => `${epoch} ${String(firstSeq + n)}`),
      ),
    );

  it('name the same numbers when merged, each once, in as few ranges as there are runs', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), (ranges) => {
        const merged = mergeRanges(ranges);
        expect(numbers(merged)).toEqual(numbers(ranges));
        expect(countOf(merged)).toBe(numbers(ranges).size);
        for (const [at, { epoch, firstSeq }] of merged.entries()) {
          const before = merged[at - 1];
          if (before?.epoch === epoch) expect(firstSeq).toBeGreaterThan(before.lastSeq + 1);
        }
      }),
    );
  });
});
