import { describe, expect, it } from 'vitest';
import {
  beginSpan,
  elapseSpan,
  endSpan,
  isShowing,
  keepShowing,
  lastedMs,
  observeSpan,
} from '../../agent/judge/span.ts';
import type { EndedSpan, Shown, Span, SpanRules, SpanStep } from '../../agent/judge/span.ts';

const rules: SpanRules = { holdMs: 300, gapMs: 500, bridgeMs: 200, returnMs: 0 };

/** Feeds `[time, shown]` pairs; `undefined` = a tick. */
function run(pairs: readonly (readonly [number, Shown | undefined])[], given = rules) {
  let span: Span | null = null;
  const ended: EndedSpan[] = [];
  for (const [atMs, shown] of pairs) {
    const step: SpanStep =
      shown === undefined ? elapseSpan(span, atMs, given) : observeSpan(span, shown, atMs, given);
    span = step.span;
    if (step.ended) ended.push(step.ended);
  }
  return { span: span, ended };
}

describe('a span', () => {
  it('begins with the first observation that shows it and ends with the first that does not', () => {
    const { span, ended } = run([[0, false], [100, true], [200, true], [300, false], [400, false]]); // prettier-ignore
    expect(span).toBeNull();
    expect(ended).toEqual([{ startMs: 100, endMs: 300, lastedMs: 200, unseenMs: 0, endSeen: true }]);
  });

  it('does not begin with what cannot be told', () => {
    expect(run([[0, null], [100, false], [200, undefined]]).span).toBeNull(); // prettier-ignore
  });

  it('grows between observations while the last one holds, and no longer', () => {
    const { span } = run([[0, true]]); // prettier-ignore
    expect(lastedMs(span!, 250, rules)).toBe(250);
    expect(lastedMs(span!, 300, rules)).toBe(300);
    expect(lastedMs(span!, 450, rules)).toBe(300);
  });

  it('counts a gap without observations between two that show it, up to gapMs', () => {
    expect(lastedMs(run([[0, true], [500, true]]).span!, 500, rules)).toBe(500); // prettier-ignore
    const ticked = run([[0, true], [350, undefined], [450, undefined], [500, true]]); // prettier-ignore
    expect(lastedMs(ticked.span!, 500, rules)).toBe(500);
  });

  it('ends out of sight when the gap grows longer than hold and bridge together', () => {
    const { span, ended } = run([[0, true], [501, undefined]]); // prettier-ignore
    expect(span).toBeNull();
    expect(ended).toEqual([{ startMs: 0, endMs: 300, lastedMs: 300, unseenMs: 0, endSeen: false }]);
  });

  it('begins anew when it shows after such a gap', () => {
    const { span, ended } = run([[0, true], [600, true]]); // prettier-ignore
    expect(ended).toHaveLength(1);
    expect(span!.startMs).toBe(600);
  });

  it('bridges a stretch that cannot be told, without counting it', () => {
    const { span, ended } = run([[0, true], [100, null], [200, null], [300, true]]); // prettier-ignore
    expect(ended).toEqual([]);
    expect(span!.unseenMs).toBe(200);
    expect(lastedMs(span!, 400, rules)).toBe(200);
  });

  it('does not grow while it cannot be told', () => {
    const { span } = run([[0, true], [100, null]]); // prettier-ignore
    expect(lastedMs(span!, 250, rules)).toBe(100);
    expect(isShowing(span)).toBe(false);
  });

  it('ends when it cannot be told for longer than the bridge', () => {
    const { ended } = run([[0, true], [100, null], [301, null]]); // prettier-ignore
    expect(ended).toEqual([{ startMs: 0, endMs: 100, lastedMs: 100, unseenMs: 0, endSeen: false }]);
  });

  it('counts no gap in which an observation could not tell, however short', () => {
    const { span } = run([[0, true], [100, undefined], [150, null], [250, true]]); // prettier-ignore
    expect(span!.unseenMs).toBe(100);
  });
});

describe('a span whose observations come later than the clock', () => {
  it('ends where the late observation says', () => {
    const late = run([[0, true], [400, undefined], [250, false]]); // prettier-ignore
    expect(late.ended[0]).toMatchObject({ endMs: 250, lastedMs: 250 });
  });

  it('goes on as if the clock had not run ahead', () => {
    const late = run([[0, true], [400, undefined], [250, true]]); // prettier-ignore
    expect(lastedMs(late.span!, 400, rules)).toBe(400);
  });
});

describe('a span with a tolerance for absence', () => {
  const tolerant: SpanRules = { ...rules, returnMs: 300 };

  it('goes on through a short absence, which counts', () => {
    const { span, ended } = run([[0, true], [100, false], [350, true], [400, true]], tolerant); // prettier-ignore
    expect(ended).toEqual([]);
    expect(lastedMs(span!, 400, tolerant)).toBe(400);
  });

  it('does not grow during the absence', () => {
    const { span } = run([[0, true], [100, false]], tolerant); // prettier-ignore
    expect(lastedMs(span!, 300, tolerant)).toBe(100);
    expect(isShowing(span)).toBe(false);
  });

  it('ends at the first observation of an absence that lasted', () => {
    const { ended } = run([[0, true], [100, false], [250, false], [400, false]], tolerant); // prettier-ignore
    expect(ended).toEqual([{ startMs: 0, endMs: 100, lastedMs: 100, unseenMs: 0, endSeen: true }]);
  });

  it('is not ended by an absence that went out of sight itself', () => {
    const hidingNeverEnds: SpanRules = { ...tolerant, bridgeMs: Infinity };
    const { span, ended } = run([[0, true], [100, false], [150, null], [5000, null]], hidingNeverEnds); // prettier-ignore
    expect(ended).toEqual([]);
    const back = run([[0, true], [100, false], [150, null], [5000, false], [5200, false], [5300, false]], hidingNeverEnds); // prettier-ignore
    expect(back.ended).toEqual([{ startMs: 0, endMs: 100, lastedMs: 100, unseenMs: 0, endSeen: false }]);
    expect(span!.startMs).toBe(0);
  });

  it('whose hiding never ends it counts no hidden time when it shows again', () => {
    const hidingNeverEnds: SpanRules = { ...tolerant, bridgeMs: Infinity };
    const { span } = run([[0, true], [100, null], [9000, true]], hidingNeverEnds); // prettier-ignore
    expect(lastedMs(span!, 9100, hidingNeverEnds)).toBe(200);
    const silent = run([[0, true], [9000, true]], hidingNeverEnds); // prettier-ignore
    expect(lastedMs(silent.span!, 9000, hidingNeverEnds)).toBe(300);
  });
});

describe('closing and keeping', () => {
  it('closes a span as it stands', () => {
    const showing = run([[0, true], [200, true]]).span!; // prettier-ignore
    expect(endSpan(showing, 250, rules)).toMatchObject({ endMs: 250, lastedMs: 250, endSeen: false });
    const absent = run([[0, true], [200, false]], { ...rules, returnMs: 300 }).span!; // prettier-ignore
    expect(endSpan(absent, 250, rules)).toMatchObject({ endMs: 200, endSeen: true });
  });

  it('keeps a span that is known to have gone on', () => {
    const kept = keepShowing(beginSpan(0), 5000);
    expect(lastedMs(kept, 5000, rules)).toBe(5000);
    expect(isShowing(kept)).toBe(true);
  });
});
