/** The oracle must be able to say no: each kind of fault is shown to it. */
import { describe, expect, it } from 'vitest';
import type { AlertMessage } from '../../../agent/contract/index.ts';
import { alertMessage } from '../../link/fixtures.ts';
import type { ClosedEyes } from './drive.ts';
import { judgeDelivery, judgeOrder, judgePhases, judgeTruth, together } from './oracle.ts';

const messages = [1, 2, 3, 4].map((seq) => alertMessage(seq));
const [one, two, three, four] = messages as [AlertMessage, AlertMessage, AlertMessage, AlertMessage];
const committed = { epoch: one.epoch, lastSeq: 4, messages };

describe('a delivery', () => {
  it('is right when all came once', () => {
    expect(judgeDelivery(committed, messages)).toEqual({
      counts: { committed: 4, delivered: 4, lost: 0 },
      faults: [],
    });
  });

  it.each([
    ['a message is lost', [one, three, four], 'lost: 2 of 4'],
    ['a message came twice', [...messages, two], '1 messages came more than once'],
    [
      'something came that nobody committed',
      [...messages, alertMessage(5)],
      '1 messages came that nobody committed',
    ],
    [
      'one came under another number',
      [one, two, three, { ...four, seq: 7 }],
      '1 messages came under another number',
    ],
  ])('is wrong when %s', (_, came, fault) => {
    expect(judgeDelivery(committed, came).faults).toEqual([fault]);
  });

  it('is wrong when the store itself lost a row, doubled one or has none', () => {
    const gap = { ...committed, messages: [one, two, four] };
    expect(judgeDelivery(gap, gap.messages).faults).toEqual([
      "the store's numbers have gaps: 3 rows, last number 4",
    ]);
    const twice = { ...committed, lastSeq: 2, messages: [one, { ...one, seq: 2 }] };
    expect(judgeDelivery(twice, [one]).faults).toContain('1 message ids are in the store twice');
    const empty = { ...committed, lastSeq: 0, messages: [] };
    expect(judgeDelivery(empty, []).faults).toEqual(['nothing was committed: nothing is shown']);
  });

  it('is in order or not', () => {
    expect(judgeOrder(messages).faults).toEqual([]);
    expect(judgeOrder([one, three, two, four]).faults).toEqual(['out of order: 2']);
  });
});

/** An alert's phases, as messages. */
function alert(
  startedAtMs: number,
  ...phases: [AlertMessage['phase'], AlertMessage['kind']][]
): AlertMessage[] {
  const alertId = `0190c000-0000-4000-8000-${String(startedAtMs).padStart(12, '0')}`;
  return phases.map(([phase, kind], n) => ({ ...alertMessage(n + 1), alertId, phase, kind, startedAtMs }));
}
const microsleepAt = (atMs: number) => alert(atMs, ['raised', 'microsleep'], ['cleared', 'microsleep']);
const sleepAt = (atMs: number) =>
  alert(atMs, ['raised', 'microsleep'], ['updated', 'sleep'], ['cleared', 'sleep']);

describe('the phases of an alert', () => {
  it('are raised, updated, cleared', () => {
    expect(judgePhases([...microsleepAt(1), ...sleepAt(2)])).toEqual({ counts: { alerts: 2 }, faults: [] });
  });

  it.each([
    ['it stays open', sleepAt(1).slice(0, 2), 'raised updated'],
    ['its beginning is missing', sleepAt(1).slice(1), 'updated cleared'],
    [
      'it goes on after its end',
      [...microsleepAt(1), ...sleepAt(1).slice(1)],
      'raised cleared updated cleared',
    ],
  ])('are wrong when %s', (_, phases, story) => {
    expect(judgePhases(phases).faults).toEqual([`an alert went: ${story}`]);
  });
});

describe('the truth', () => {
  const closures: ClosedEyes[] = [
    { kind: 'microsleep', startS: 5, endS: 6.6 },
    { kind: 'sleep', startS: 15, endS: 18.5 },
  ];
  const originMs = 100_000;
  const both = [...microsleepAt(105_100), ...sleepAt(114_900)];
  const judge = (seen: AlertMessage[], ...absences: [number, number][]) =>
    judgeTruth(
      seen,
      closures,
      originMs,
      absences.map(([fromMs, toMs]) => ({ fromMs, toMs })),
    );

  it('was told when each closure became one alert of its kind', () => {
    expect(judge(both)).toEqual({
      counts: { 'closures of the eyes': 2, 'of them watched from start to end': 2 },
      faults: [],
    });
  });

  it.each([
    ['was missed', sleepAt(114_900), 'the microsleep at 5.0 s became 0 alert(s): '],
    [
      'was told twice',
      [...both, ...microsleepAt(105_300)],
      'the microsleep at 5.0 s became 2 alert(s): microsleep, microsleep',
    ],
    [
      'was told as something less',
      [...microsleepAt(105_100), ...microsleepAt(114_900)],
      'the sleep at 15.0 s became 1 alert(s): microsleep',
    ],
    [
      'was told with another start',
      [...microsleepAt(105_600), ...sleepAt(114_900)],
      'the microsleep at 5.0 s became 0 alert(s): ',
    ],
  ])('was not told when a closure %s', (_, seen, fault) => {
    expect(judge(seen).faults).toEqual([fault]);
  });

  it('is not asked where nobody watched, but somewhere somebody must have', () => {
    expect(judge(sleepAt(114_900), [104_000, 105_500]).faults).toEqual([]);
    expect(judge(sleepAt(114_900), [107_200, 109_000]).faults).toHaveLength(1);
    expect(judge([], [104_000, 116_000]).faults).toEqual([
      'no closure of the eyes was watched from start to end',
    ]);
  });
});

it('puts verdicts together', () => {
  const whole = together({ counts: { a: 1 }, faults: ['x'] }, { counts: { b: 2 }, faults: ['y'] });
  expect(whole).toEqual({ counts: { a: 1, b: 2 }, faults: ['x', 'y'] });
});
