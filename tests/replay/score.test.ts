import { describe, expect, it } from 'vitest';
import { readFoundLines, readTruth } from '../../agent/replay/score-input.ts';
import { scoreKinds } from '../../agent/replay/score.ts';

const lines = (...found: object[]) =>
  readFoundLines(found.map((one) => JSON.stringify({ file: 'a.mp4', ...one })).join('\n'), 'out.jsonl');
const truth = (...rows: string[]) =>
  readTruth(['file,start_s,end_s,event,note', ...rows].join('\n'), 'events.csv');
const summary = { type: 'summary', kind: 'summary' };

describe('score', () => {
  it('finds an overlapping event of the kind and says how late it was', () => {
    const [score] = scoreKinds(
      lines(summary, { type: 'alert', kind: 'microsleep', startS: 10.1, endS: 11.7, alertedAtS: 11.1 }),
      truth('a.mp4,10,11.6,microsleep,'),
    );
    expect(score).toMatchObject({
      kind: 'microsleep',
      found: 1,
      missed: 0,
      falsePositives: 0,
      precision: 1,
      recall: 1,
    });
    expect(score?.startErrorS?.max).toBeCloseTo(0.1);
    expect(score?.alertDelayS?.max).toBeCloseTo(1.1);
  });

  it('counts what was missed and what was cried without cause', () => {
    const scores = scoreKinds(
      lines(summary, { type: 'alert', kind: 'sleep', startS: 50, endS: 54, alertedAtS: 53 }),
      truth('a.mp4,10,13.5,sleep,'),
    );
    expect(scores).toMatchObject([
      { kind: 'sleep', found: 0, missed: 1, falsePositives: 1, precision: 0, recall: 0 },
    ]);
  });

  it('matches one for one: two blinks found for one true are one too many', () => {
    const blink = { type: 'event', kind: 'blink', startS: 1, endS: 1.2 };
    const scores = scoreKinds(
      lines(summary, blink, { ...blink, startS: 1.3, endS: 1.4 }),
      truth('a.mp4,1,1.2,blink,'),
    );
    expect(scores).toMatchObject([{ kind: 'blink', found: 1, falsePositives: 1, startErrorS: { max: 0 } }]);
  });

  it('does not judge blinks that nobody marked, but judges a yawn that truth denies', () => {
    const found = lines(
      summary,
      { type: 'event', kind: 'blink', startS: 1, endS: 1.2 },
      { type: 'event', kind: 'yawn', startS: 2, endS: 5 },
    );
    expect(scoreKinds(found, truth('a.mp4,0,15,no_yawn,'))).toMatchObject([
      { kind: 'yawn', falsePositives: 1 },
    ]);
  });

  it('does not judge notices about what cannot be seen, unless truth speaks of them', () => {
    const notice = { type: 'alert', kind: 'eyes-not-seen', startS: 1, endS: 12, alertedAtS: 9 };
    expect(scoreKinds(lines(summary, notice), truth('a.mp4,0,15,no_yawn,'))).toEqual([]);
    expect(scoreKinds(lines(summary, notice), truth('a.mp4,0,15,no_eyes-not-seen,'))).toMatchObject([
      { kind: 'eyes-not-seen', falsePositives: 1 },
    ]);
  });

  it('wants drowsiness alerted before the end of its span', () => {
    const late = { type: 'alert', kind: 'drowsiness', startS: 80, endS: 120, alertedAtS: 101 };
    expect(scoreKinds(lines(summary, late), truth('a.mp4,20,100,drowsiness,'))).toMatchObject([
      { missed: 1, falsePositives: 1 },
    ]);
    expect(
      scoreKinds(lines(summary, { ...late, alertedAtS: 99 }), truth('a.mp4,20,100,drowsiness,')),
    ).toMatchObject([{ missed: 0 }]);
  });

  it('leaves out files that were not replayed', () => {
    expect(scoreKinds(lines(summary), truth('b.mp4,1,5,yawn,'))).toEqual([]);
  });

  it('names file and line of what it cannot read', () => {
    expect(() => readTruth('file,start_s,end_s,event,note\na.mp4,5,1,yawn,\n', 'e.csv')).toThrow(
      'e.csv, line 2',
    );
    expect(() => readTruth('a,b\n', 'e.csv')).toThrow('first line must be');
    expect(() => readFoundLines('{"type":"x"}', 'o.jsonl')).toThrow('o.jsonl, line 1');
  });
});
