/**
 * Which numbers of a device and epoch have come, and up to where without a gap: what a consumer may
 * acknowledge. Pure. In: numbers of messages that are safe with the consumer. Out: the mark, and ranges
 * that will not come any more.
 *
 * State lives as long as the run: a consumer that starts anew counts from `oldestSeq` on, the lowest number
 * that the device itself says still waits, so it never acknowledges what it has not seen.
 */

/** Numbers from first to last, both included. */
export interface SeqRange {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

export interface Numbering {
  /** Up to here everything has come or will never come; 0 = nothing yet. */
  readonly mark: number;
  /**
   * A message is safe.
   * @param seq its number
   * @param oldestSeq the lowest number that waited at the device when it was sent; `undefined` when it
   *   did not say so (then everything from 1 on must come)
   * @returns ranges that neither came nor are explained, and are not at the device any more
   */
  took(seq: number, oldestSeq: number | undefined): SeqRange[];
  /** A gap record: these will not come, and the device has said so. */
  explained(range: SeqRange): void;
}

/**
 * Numbers that came ahead of the mark and are remembered. A device has at most 1000 on their way
 * (`uplink.inFlight`); what is not remembered is not acknowledged, and comes again.
 */
const MAX_AHEAD = 10_000;

export function createNumbering(): Numbering {
  /** Numbers above the mark that came. */
  const ahead = new Set<number>();
  /** Ranges of gap records that reach above the mark. */
  let gaps: SeqRange[] = [];
  let mark: number | null = null;

  const advance = (from: number): number => {
    let at = from;
    for (;;) {
      const gap = gaps.find(({ firstSeq, lastSeq }) => firstSeq <= at + 1 && lastSeq > at);
      if (gap !== undefined) at = gap.lastSeq;
      else if (ahead.delete(at + 1)) at += 1;
      else break;
    }
    gaps = gaps.filter(({ lastSeq }) => lastSeq > at);
    return at;
  };
  /** The lowest number above `after` that came or is explained; `otherwise` when there is none below it. */
  const nextKnown = (after: number, otherwise: number): number => {
    const starts = [...ahead, ...gaps.map(({ firstSeq }) => firstSeq)];
    return starts.reduce((least, seq) => (seq > after && seq < least ? seq : least), otherwise);
  };

  return {
    get mark() {
      return mark ?? 0;
    },
    took(seq, oldestSeq) {
      const before = (oldestSeq ?? 1) - 1;
      const missing: SeqRange[] = [];
      // The first message of a run: what is below is some other run's to count.
      let at = advance(mark ?? before);
      while (at < before) {
        const next = nextKnown(at, before + 1);
        missing.push({ firstSeq: at + 1, lastSeq: next - 1 });
        at = advance(next - 1);
      }
      if (seq > at && ahead.size < MAX_AHEAD) ahead.add(seq);
      mark = advance(at);
      return missing;
    },
    explained(range) {
      if (range.lastSeq <= (mark ?? 0) || gaps.length >= MAX_AHEAD) return;
      gaps.push(range);
      if (mark !== null) mark = advance(mark);
    },
  };
}
