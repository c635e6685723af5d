/** Reading what comes from outside, making alerts, ids, topics. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validate as isUuid, version } from 'uuid';
import { EXAMPLES } from '../../agent/contract/examples.ts';
import {
  ALERT_KINDS,
  alertDraft,
  alertIdOf,
  alertInWords,
  CHANNELS,
  clearAfterRestart,
  CLEARED_REASONS,
  makeAlert,
  makeGap,
  newMessageId,
  outboxMessage,
  parseTopic,
  readMessage,
  toMessage,
  topicOf,
  topicOfAll,
} from '../../agent/contract/index.ts';
import type { AlertContext, AlertLike } from '../../agent/contract/index.ts';
import * as judge from '../../agent/judge/outcome.ts';

const about: AlertContext = {
  messageId: newMessageId(),
  deviceId: 'van-12',
  bootId: 'boot-1',
  tripId: null,
  wallTime: '1970-01-01T00:00:09.000Z',
  clock: 'unsynchronised',
  softwareVersion: '0.1.0',
  modelVersions: { 'face-mesh': '1' },
  speedKmh: 88,
  position: { latitudeDeg: 48, longitudeDeg: 11, accuracyM: null },
};
const microsleep: AlertLike = {
  alertKey: 'boot-1:run-1:7',
  phase: 'raised',
  kind: 'microsleep',
  severity: 2,
  level: 2,
  startMs: 5000,
  atMs: 6000,
  evidence: { closedMs: 1000, threshold: 1000, note: 'short', seen: true, gazeDeg: null },
};
const committed = { epoch: '7a0c1f52-9d7b-4f0e-8a3e-2f6f1f0f5b10', seq: 4, soundedBeforeCommit: false };

describe('alerts', () => {
  it('know the same kinds as the judge', () => {
    expect([...ALERT_KINDS]).toEqual([...judge.ALERT_KINDS]);
    const reasons: Record<NonNullable<judge.AlertOutcome['cleared']>, true> = {
      ended: true,
      'trip-end': true,
      restart: true,
      acknowledged: true,
    };
    expect(CLEARED_REASONS.toSorted()).toEqual(Object.keys(reasons).toSorted());
  });

  it('become messages that the contract takes, through draft and commit', () => {
    const draft = makeAlert(microsleep, about);
    expect(alertDraft.parse(draft)).toEqual(draft);
    const message = toMessage(draft, committed, true);
    expect(outboxMessage.parse(message)).toEqual(message);
    expect(message).toMatchObject({ seq: 4, historical: true, startedAtMs: 5000, capturedAtMs: 6000 });
  });

  it('share one id over their phases, and with no other alert or device', () => {
    const id = (changes: Partial<AlertLike>, deviceId = about.deviceId) =>
      makeAlert({ ...microsleep, ...changes }, { ...about, deviceId }).alertId;
    expect(id({ phase: 'cleared', cleared: 'ended', kind: 'sleep' })).toBe(id({}));
    expect(id({ alertKey: 'boot-1:run-1:8' })).not.toBe(id({}));
    expect(id({}, 'van-13')).not.toBe(id({}));
    expect(alertIdOf('van-12', 'boot-1:run-1:7')).toBe(id({}));
    expect(version(id({}))).toBe(5);
  });

  it('are never refused for what the evidence or the position says', () => {
    const wild = fc.record({
      evidence: fc.dictionary(
        fc.string({ maxLength: 20 }),
        fc.oneof(fc.double(), fc.string({ maxLength: 600 })),
      ),
      speedKmh: fc.double(),
      latitudeDeg: fc.double(),
    });
    fc.assert(
      fc.property(wild, ({ evidence, speedKmh, latitudeDeg }) => {
        const position = { latitudeDeg, longitudeDeg: 11, accuracyM: null };
        const draft = makeAlert({ ...microsleep, evidence }, { ...about, speedKmh, position });
        expect(alertDraft.safeParse(draft).error?.issues ?? []).toEqual([]);
      }),
    );
  });

  it('carry a reason when cleared, and only then', () => {
    const draft = makeAlert(microsleep, about);
    expect(alertDraft.safeParse({ ...draft, cleared: 'ended' }).success).toBe(false);
    expect(alertDraft.safeParse({ ...draft, phase: 'cleared' }).success).toBe(false);
    expect(alertDraft.safeParse({ ...draft, phase: 'cleared', cleared: 'ended' }).success).toBe(true);
  });

  it('left open by a run that is gone are cleared as the same alert of the same trip', () => {
    const trip = '0b1f6e2c-6f0e-4c0e-9a52-3d7f5a4e8c11';
    const left = makeAlert(microsleep, { ...about, tripId: trip });
    const next = { ...about, messageId: newMessageId(), bootId: 'boot-2', softwareVersion: '0.2.0' };
    const cleared = clearAfterRestart(left, 700, next);
    expect(alertDraft.parse(cleared)).toMatchObject({
      alertId: left.alertId,
      tripId: trip,
      phase: 'cleared',
      cleared: 'restart',
      bootId: 'boot-2',
      softwareVersion: '0.2.0',
      messageId: next.messageId,
      capturedAtMs: 700,
      startedAtMs: 700,
    });
    const sameBoot = clearAfterRestart(left, 9000, about);
    expect(sameBoot.startedAtMs).toBe(left.startedAtMs);
  });
});

describe('gap records', () => {
  it('become messages that the contract takes, without what only alerts have', () => {
    const ranges = [{ epoch: committed.epoch, firstSeq: 1, lastSeq: 3 }];
    const message = toMessage(makeGap({ reason: 'evicted', dropped: 3, ranges }, about), committed);
    expect(outboxMessage.parse(message)).toEqual(message);
    expect(message).not.toHaveProperty('soundedBeforeCommit');
    expect(alertInWords(message)).toBe('3 earlier message(s) are gone (evicted)');
  });
});

describe('an alert in words', () => {
  const words = (changes: Partial<AlertLike>, test = false) =>
    alertInWords(toMessage(makeAlert({ ...microsleep, ...changes }, { ...about, test }), committed));

  it('tells what, how grave, and what was measured', () => {
    expect(words({})).toBe('microsleep (warning): eyes closed 1.0 s');
    expect(words({ phase: 'cleared', cleared: 'ended', evidence: { closedMs: 1640 } })).toBe(
      'microsleep (warning): over, eyes closed 1.6 s',
    );
  });

  it('says first that it is only a test', () => {
    expect(words({ kind: 'stress', evidence: {} }, true)).toBe('TEST under stress (warning)');
  });

  it('has words for every kind and every end', () => {
    for (const kind of ALERT_KINDS) expect(words({ kind })).not.toContain('undefined');
    const ends = CLEARED_REASONS.map((cleared) => words({ phase: 'cleared', cleared }));
    expect(new Set(ends).size).toBe(CLEARED_REASONS.length);
  });
});

describe('reading a payload', () => {
  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CHANNELS), fc.uint8Array(), (channel, bytes) => {
        expect(readMessage(channel, bytes)).toHaveProperty('fault');
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...CHANNELS), fc.jsonValue(), (channel, value) => {
        expect(readMessage(channel, JSON.stringify(value))).toHaveProperty('fault');
      }),
    );
  });

  it('names the topic and the field that is wrong', () => {
    const payload = JSON.stringify({ ...EXAMPLES.ack['ack'], ackedSeq: -1 });
    expect(readMessage('ack', payload)).toEqual({
      fault: expect.stringMatching(/^ack, field ackedSeq: /) as string,
    });
    expect(readMessage('alert', 'no')).toEqual({ fault: 'alert: the payload is not JSON' });
  });

  it('skips unknown fields of a newer device and refuses unknown fields of a command', () => {
    const ack = { ...EXAMPLES.ack['ack'], later: 1 };
    expect(readMessage('ack', JSON.stringify(ack))).toEqual({ message: EXAMPLES.ack['ack'] });
    const command = { ...EXAMPLES.command['set'], later: 1 };
    expect(readMessage('command', JSON.stringify(command))).toHaveProperty('fault');
  });
});

describe('topics and ids', () => {
  it('are found again from their names', () => {
    for (const channel of CHANNELS) {
      expect(parseTopic(topicOf('van-12', channel))).toEqual({ deviceId: 'van-12', channel });
      expect(topicOfAll(channel)).toBe(`cabinwatch/v1/+/${channel}`);
    }
  });

  it.each(['a/b', '+', '#', 'a.b', '', 'x'.repeat(65), 'ä'])('refuse the device id %j', (deviceId) => {
    expect(() => topicOf(deviceId, 'alert')).toThrow('letters, digits, _ and -');
    expect(parseTopic(`cabinwatch/v1/${deviceId}/alert`)).toBeNull();
  });

  it.each(['cabinwatch/v2/van-12/alert', 'cabinwatch/v1/van-12/other', 'x/cabinwatch/v1/van-12/alert'])(
    'are not ours: %s',
    (topic) => {
      expect(parseTopic(topic)).toBeNull();
    },
  );

  it('are new for each message', () => {
    const ids = Array.from({ length: 1000 }, newMessageId);
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => isUuid(id) && version(id) === 7)).toBe(true);
  });
});
