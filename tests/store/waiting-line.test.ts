/** The bookkeeping of what waits for the disk. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headOf, isDraft, surplusOf } from '../../agent/store/waiting-line.ts';
import type { Waiting } from '../../agent/store/waiting-line.ts';
import { draft } from './drafts.ts';

const settle = { resolve: () => undefined, reject: () => undefined };
const call: Waiting = { op: 'call', name: 'canary', args: [], ...settle };
const waitingDraft = (severity: 1 | 2 | 3, n: number): Waiting => ({
  op: 'append',
  draft: draft(n, { severity }),
  sounded: new SharedArrayBuffer(4),
  ...settle,
});
const line = fc
  .array(fc.constantFrom(0, 1, 2, 3), { maxLength: 12 })
  .map((items) => items.map((one, n) => (one === 0 ? call : waitingDraft(one, n))));

describe('the line of what waits', () => {
  it('takes from the head alone, never past a call', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 1, max: 5 }), (items, limit) => {
        const head = headOf(items, limit);
        const taken = Array.isArray(head) ? head : [head];
        expect(items.slice(0, taken.length)).toEqual(taken);
        expect(taken.length > 0 || items.length === 0).toBe(true);
        expect(taken.length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('gives up none while the bound holds, and never a more important one than it keeps', () => {
    fc.assert(
      fc.property(
        line,
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 4 }),
        (items, busy, max) => {
          const free = items.slice(busy).filter(isDraft);
          const surplus = surplusOf(items, busy, max);
          expect(surplus !== null).toBe(free.length > max);
          if (surplus === null) return;
          const severityOf = (item: (typeof free)[number]) =>
            item.draft.kind === 'gap' ? 4 : item.draft.severity;
          const least = Math.min(...free.map(severityOf));
          expect(surplus).toBe(free.find((item) => severityOf(item) === least));
        },
      ),
    );
  });
});
