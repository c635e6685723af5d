/** Ranges of numbers as gap records name them: both ends included, by epoch. Pure. */
import type { GapDraft } from '../contract/index.ts';

export type Range = GapDraft['ranges'][number];

/** The same numbers in as few ranges as possible, in order within each epoch. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const sorted = ranges.toSorted((a, b) => a.epoch.localeCompare(b.epoch) || a.firstSeq - b.firstSeq);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last === undefined || last.epoch !== range.epoch || range.firstSeq > last.lastSeq + 1) {
      merged.push({ ...range });
    } else {
      last.lastSeq = Math.max(last.lastSeq, range.lastSeq);
    }
  }
  return merged;
}

/** How many numbers merged ranges name. */
export const countOf = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, { firstSeq, lastSeq }) => sum + lastSeq - firstSeq + 1, 0);
