import { describe, expect, it } from 'vitest';
import { elapseNotices, noNotices, observeNotices } from '../../agent/judge/notices.ts';
import type { Notice, NoticeKind, NoticesState } from '../../agent/judge/notices.ts';
import type { LevelTimes } from '../../agent/judge/distraction.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import { beginSpan } from '../../agent/judge/span.ts';
import { judgeConfig } from '../stories/play.ts';

const { camera, distraction, eyes, face, time } = judgeConfig;
const DRIVING: LevelTimes = distraction.levelMs;

/** A notice that began at 0 and was last seen to show at `seenMs`. */
const notice = (cause: string, seenMs: number, more: Partial<Notice> = {}): Notice => ({
  ...{ span: { ...beginSpan(0), seenMs }, cause, glimpsedMs: 0, told: false, afterMs: 0 },
  ...more,
});
const lasting = (kind: NoticeKind, open: Notice): NoticesState => ({ ...noNotices, [kind]: open });
const tick = (state: NoticesState, nowMs: number, times: LevelTimes = DRIVING, config = judgeConfig) =>
  elapseNotices(state, nowMs, nowMs, times, config);
const sight = (atMs: number, more: Partial<Sight> = {}) =>
  ({
    ...{ atMs, picture: 'usable', face: true, closure: 0.05, eyesUnseen: null, away: false },
    ...more,
  }) as Sight;
const lost = (atMs: number) => sight(atMs, { face: false, closure: null, away: null });
const hidden = (atMs: number, eyesUnseen: Sight['eyesUnseen'] = 'covered') =>
  sight(atMs, { closure: null, eyesUnseen });
const observe = (state: NoticesState, ...seen: Sight[]) =>
  seen.reduce((before, now) => observeNotices(before, now, DRIVING, judgeConfig).state, state);
/** Absence seen from `untilMs` to `seenMs`. */
const over = (untilMs: number, seenMs: number) => ({
  span: { ...beginSpan(0), seenMs, untilMs, absentFromMs: untilMs },
});

describe('a notice between frames', () => {
  it('is none while nothing is amiss', () => {
    const step = tick(noNotices, 5000);
    expect(step.state).toBe(noNotices);
    expect(step.events).toEqual([]);
  });

  it('is told by the clock, at its time, unless the vehicle stands', () => {
    const state = lasting('face-lost', notice('no face', face.lostNoticeMs - 100));
    const at = (nowMs: number, times: LevelTimes = DRIVING) => tick(state, nowMs, times).state['face-lost'];
    expect(at(face.lostNoticeMs - 1)).toMatchObject({ told: false, afterMs: face.lostNoticeMs });
    expect(at(face.lostNoticeMs)).toMatchObject({ told: true, afterMs: face.lostNoticeMs });
    expect(at(face.lostNoticeMs, null)?.told).toBe(false);
  });

  it('each has its own time', () => {
    const config = {
      ...judgeConfig,
      face: { ...face, lostNoticeMs: 7000 },
      eyes: { ...eyes, notSeenNoticeMs: 7500 },
    };
    const afterMs = (kind: NoticeKind, cause: string) =>
      tick(lasting(kind, notice(cause, 100)), 200, DRIVING, config).state[kind]?.afterMs;
    expect(afterMs('face-lost', 'no face')).toBe(7000);
    expect(afterMs('eyes-not-seen', 'covered')).toBe(7500);
    expect(afterMs('camera-blocked', 'covered')).toBe(camera.blockedNoticeMs);
    expect(afterMs('camera-blocked', 'frozen')).toBe(camera.frozenNoticeMs);
  });

  it('goes out of sight when no frame comes, keeping what is known of it', () => {
    const open = notice('covered', 1000, { told: true, afterMs: 8000 });
    expect(tick(lasting('camera-blocked', open), 1100).state['camera-blocked']).toBe(open);
    expect(tick(lasting('camera-blocked', open), 1500).state['camera-blocked']).toMatchObject({
      ...{ cause: 'covered', told: true, afterMs: 8000 },
      span: { startMs: 0, unseenFromMs: 1000 + time.holdMs },
    });
  });

  it('that was told ends with an event, and is remembered where it hid the eyes', () => {
    const told = notice('covered', 9800, { ...over(9000, 9800), told: true, afterMs: 8000 });
    expect(tick(lasting('eyes-not-seen', told), 9999).events).toEqual([]);
    const { state, events } = tick(lasting('eyes-not-seen', told), 9000 + face.noticeClearMs);
    expect(state).toEqual({ ...noNotices, hidEyesMs: { covered: 10_000 } });
    expect(events).toEqual([
      {
        type: 'event',
        kind: 'eyes-not-seen',
        startMs: 0,
        endMs: 9000,
        evidence: { lastedMs: 9000, cause: 'covered' },
      },
    ]);
  });

  it('that was not told is remembered when it hid the eyes for the time of a notice', () => {
    const ended = (untilMs: number) => {
      const open = notice('covered', 8500, over(untilMs, 8500));
      return tick(lasting('eyes-not-seen', open), untilMs + eyes.glimpseMs, null);
    };
    const hidFor = ended(eyes.notSeenNoticeMs);
    expect(hidFor).toEqual({
      state: { ...noNotices, hidEyesMs: { covered: eyes.notSeenNoticeMs + eyes.glimpseMs } },
      events: [],
    });
    expect(ended(eyes.notSeenNoticeMs - 1).state).toEqual(noNotices);
  });
});

describe('a camera that falls silent', () => {
  const silence = (state: NoticesState, nowMs: number, sinceMs: number) =>
    elapseNotices(state, nowMs, sinceMs, DRIVING, judgeConfig).state['camera-blocked'];

  it('is silent from the time on that is no gap any more', () => {
    expect(silence(noNotices, 1000 + time.silentAfterMs, 1000)).toMatchObject({
      ...{ cause: 'silent', told: false, afterMs: camera.blockedNoticeMs },
      span: { startMs: 1000, seenMs: 1000 + time.silentAfterMs },
    });
  });

  it('goes on with what was told of it before, and else says what it is now', () => {
    const covered = notice('covered', 9000, { told: true, afterMs: 8000 });
    const whenTold = silence(lasting('camera-blocked', covered), 12_000, 9000);
    expect(whenTold).toMatchObject({ cause: 'covered', told: true, afterMs: 8000, span: { startMs: 0 } });
    const untold = notice('frozen', 2000);
    expect(silence(lasting('camera-blocked', untold), 4000, 2000)).toMatchObject({
      ...{ cause: 'silent', told: false, afterMs: camera.blockedNoticeMs, span: { startMs: 0 } },
    });
  });
});

describe('what a notice says', () => {
  it('is the cause of its first frame', () => {
    expect(observe(noNotices, lost(0))['face-lost']).toEqual(
      notice('no face', 0, { afterMs: face.lostNoticeMs }),
    );
    expect(observe(noNotices, hidden(0, null))['eyes-not-seen']?.cause).toBe('unknown');
    const dark = sight(0, { picture: 'frozen', face: false, closure: null });
    expect(observe(noNotices, dark)).toMatchObject({
      ...{ 'camera-blocked': { cause: 'frozen' }, 'face-lost': null, 'eyes-not-seen': null },
    });
  });

  it('begins anew after a silence too long to bridge', () => {
    const open = observe(noNotices, hidden(0), hidden(200, 'covered'), hidden(5000, 'profile'));
    expect(open['eyes-not-seen']).toMatchObject({ cause: 'profile', span: { startMs: 5000 } });
  });

  it('stays told while nothing can be told of it', () => {
    const told = notice('no face', 9000, { told: true, afterMs: 8000 });
    const covered = [9100, 9300, 11_000].map((atMs) => sight(atMs, { picture: 'covered', face: false }));
    expect(observe(lasting('face-lost', told), ...covered)['face-lost']?.told).toBe(true);
  });
});

describe('a glimpse', () => {
  const { glimpseMs } = eyes;

  it('ends hidden eyes, but no lost face, and only of the eyes is its time left out', () => {
    const face1 = observe(noNotices, lost(0), sight(200), sight(500), sight(200 + glimpseMs), lost(900));
    expect(face1['face-lost']).toMatchObject({ span: { startMs: 0 }, glimpsedMs: 700 });
    const eyes1 = observe(noNotices, hidden(0), sight(200), sight(500), sight(200 + glimpseMs), hidden(900));
    expect(eyes1['eyes-not-seen']).toMatchObject({ span: { startMs: 900 }, glimpsedMs: 0 });
    const glimpsed = (kind: NoticeKind) =>
      tick(lasting(kind, notice('profile', 8000, { glimpsedMs: 300 })), 8100).state[kind]?.told;
    expect([glimpsed('face-lost'), glimpsed('eyes-not-seen')]).toEqual([true, false]);
  });
});

describe('a cause that was told lately', () => {
  it('is late again from its time on, and does not touch the camera', () => {
    const startedMs = (sinceMs: number, kind: NoticeKind = 'eyes-not-seen') => {
      const open = notice('covered', 0, { span: beginSpan(sinceMs) });
      return tick({ ...lasting(kind, open), hidEyesMs: { covered: 0 } }, sinceMs + 100).state[kind]?.afterMs;
    };
    expect(startedMs(eyes.notSeenLatelyMs - 1)).toBe(eyes.notSeenAgainMs);
    expect(startedMs(eyes.notSeenLatelyMs)).toBe(eyes.notSeenNoticeMs);
    expect(startedMs(1000, 'camera-blocked')).toBe(camera.blockedNoticeMs);
  });
});
