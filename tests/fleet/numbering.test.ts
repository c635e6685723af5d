/** What may be acknowledged, and what is missing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNumbering } from '../../agent/fleet/numbering.ts';

const range = (firstSeq: number, lastSeq: number) => ({ firstSeq, lastSeq });

describe('the numbering of a device and epoch', () => {
  it('goes up with a run without gaps, whatever the order within it', () => {
    const numbering = createNumbering();
    expect(numbering.mark).toBe(0);
    for (const seq of [1, 3, 4]) expect(numbering.took(seq, 1)).toEqual([]);
    expect(numbering.mark).toBe(1);
    numbering.took(2, 1);
    expect(numbering.mark).toBe(4);
  });

  it('begins, in a new run, where the device says it still waits, not at what comes first', () => {
    const numbering = createNumbering();
    numbering.took(503, 500);
    expect(numbering.mark).toBe(499);
    for (const seq of [500, 501, 502]) numbering.took(seq, 500);
    expect(numbering.mark).toBe(503);
  });

  it('never begins in the middle when the device does not say where', () => {
    const numbering = createNumbering();
    numbering.took(503, undefined);
    expect(numbering.mark).toBe(0);
  });

  it('names what is gone from the device and never came, once', () => {
    const numbering = createNumbering();
    for (const seq of [1, 2, 5, 6]) numbering.took(seq, 1);
    expect(numbering.took(9, 8)).toEqual([range(3, 4), range(7, 7)]);
    expect(numbering.took(10, 8)).toEqual([]);
    expect(numbering.mark).toBe(7);
    numbering.took(8, 8);
    expect(numbering.mark).toBe(10);
  });

  it('takes what a gap record explains as come', () => {
    const numbering = createNumbering();
    numbering.took(1, 1);
    numbering.explained(range(2, 40));
    expect(numbering.took(41, 41)).toEqual([]);
    expect(numbering.mark).toBe(41);
  });

  it('is not held up by a device that tells wild numbers', () => {
    const numbering = createNumbering();
    numbering.took(1, 1);
    numbering.explained(range(5, Number.MAX_SAFE_INTEGER - 10));
    expect(numbering.took(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1)).toHaveLength(2);
  });

  it('never covers a number that neither came nor was given up by the device', () => {
    const steps = fc.array(
      fc.record({ seq: fc.integer({ min: 1, max: 30 }), oldest: fc.integer({ min: 1, max: 30 }) }),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const numbering = createNumbering();
        const came = new Set<number>();
        let lowest = 1;
        let last = 0;
        for (const { seq, oldest } of all) {
          const oldestSeq = Math.min(seq, oldest);
          numbering.took(seq, oldestSeq);
          came.add(seq);
          lowest = Math.max(lowest, oldestSeq);
          for (let n = lowest; n <= numbering.mark; n += 1) expect(came.has(n)).toBe(true);
          expect(numbering.mark).toBeGreaterThanOrEqual(last);
          expect(came.has(numbering.mark + 1)).toBe(false);
          last = numbering.mark;
        }
      }),
    );
  });

  it('names each missing number exactly once, and no other', () => {
    const kept = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(kept, (seqs) => {
        const numbering = createNumbering();
        numbering.took(1, 1);
        const inOrder = [...new Set([...seqs, 41])].sort((a, b) => a - b);
        const missing = inOrder.flatMap((seq) => numbering.took(seq, seq));
        const named = missing.flatMap(({ firstSeq, lastSeq }) =>
          Array.from({ length: lastSeq - firstSeq + 1 }, (_, n) => firstSeq + n),
        );
        const wanted = Array.from({ length: 41 }, (_, n) => n + 1).filter(
          (seq) => seq !== 1 && !inOrder.includes(seq),
        );
        expect(named).toEqual(wanted);
      }),
    );
  });
});
