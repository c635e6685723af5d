import { describe, expect, it } from 'vitest';
import { elapseNotices, endNotices, noNotices, observeNotices } from '../../agent/judge/notices.ts';
import type { NoticesState } from '../../agent/judge/notices.ts';
import type { LevelTimes } from '../../agent/judge/distraction.ts';
import type { EventOutcome } from '../../agent/judge/outcome.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import type { EyeUnseenReason } from '../../agent/perceive/observation.ts';
import { judgeConfig } from '../stories/play.ts';

const PERIOD_MS = 50;
const { eyes, face, camera, distraction, time } = judgeConfig;
const DRIVING: LevelTimes = distraction.levelMs;
const STANDING: LevelTimes = null;

interface Stretch {
  readonly forMs: number;
  readonly eyesUnseen?: EyeUnseenReason;
  readonly face?: boolean;
  readonly away?: boolean | null;
  readonly picture?: Sight['picture'];
}
const seen = (forMs: number): Stretch => ({ forMs });
const hidden = (forMs: number, eyesUnseen: EyeUnseenReason = 'covered'): Stretch => ({ forMs, eyesUnseen });
const lost = (forMs: number): Stretch => ({ forMs, face: false, away: null });

/** Frames every 50 ms; when each kind was first told, and what ended. */
function run(stretches: readonly Stretch[], times: LevelTimes = DRIVING) {
  let state: NoticesState = noNotices;
  let atMs = 0;
  const told: { kind: string; atMs: number; cause: string; afterMs: number }[] = [];
  const events: EventOutcome[] = [];
  for (const stretch of stretches) {
    for (const endMs = atMs + stretch.forMs; atMs < endMs; atMs += PERIOD_MS) {
      const before = state;
      const step = observeNotices(state, sightOf(stretch, atMs), times, judgeConfig);
      state = step.state;
      events.push(...step.events);
      for (const kind of ['eyes-not-seen', 'face-lost', 'camera-blocked'] as const) {
        const notice = state[kind];
        if (notice?.told === true && before[kind]?.told !== true)
          told.push({ kind, atMs, cause: notice.cause, afterMs: notice.afterMs });
      }
    }
  }
  return { state, told, events, atMs };
}

function sightOf(
  { eyesUnseen, face: found = true, away = false, picture = 'usable' }: Stretch,
  atMs: number,
): Sight {
  const closure = eyesUnseen === undefined && found ? 0.05 : null;
  return { atMs, picture, face: found, closure, eyesUnseen: eyesUnseen ?? null, away } as Sight;
}
const toldAt = (stretches: readonly Stretch[]) => run(stretches).told.map((notice) => notice.atMs);

describe('eyes that are not seen', () => {
  it('are told after the notice time, with cause and threshold', () => {
    expect(run([seen(1000), hidden(20_000)]).told).toEqual([
      {
        kind: 'eyes-not-seen',
        atMs: 1000 + eyes.notSeenNoticeMs,
        cause: 'covered',
        afterMs: eyes.notSeenNoticeMs,
      },
    ]);
  });

  it('are told through short glimpses, which do not count, and not through longer ones', () => {
    const glimpse = eyes.glimpseMs - 100;
    expect(toldAt([hidden(4000), seen(glimpse), hidden(6000)])).toEqual([eyes.notSeenNoticeMs + glimpse]);
    expect(toldAt([hidden(5000), seen(eyes.glimpseMs + 100), hidden(5000)])).toEqual([]);
  });

  it('say nothing while the head looks away', () => {
    expect(toldAt([{ ...hidden(20_000), away: true }])).toEqual([]);
  });

  it('are told by their first cause, whatever hides them in a single frame', () => {
    const flicker = [hidden(4000), hidden(50, 'profile'), hidden(3950), hidden(100, 'profile')];
    expect(run(flicker).told.map((notice) => notice.cause)).toEqual(['covered']);
  });

  it('of a cause that was told lately are told again only when they stay hidden', () => {
    const again = [hidden(9000), seen(5000), hidden(9000), seen(5000)];
    expect(toldAt(again)).toEqual([eyes.notSeenNoticeMs]);
    const stays = run([...again, hidden(eyes.notSeenAgainMs + 1000)]);
    expect(stays.told.map(({ atMs, afterMs }) => [atMs, afterMs])).toEqual([
      [eyes.notSeenNoticeMs, eyes.notSeenNoticeMs],
      [28_000 + eyes.notSeenAgainMs, eyes.notSeenAgainMs],
    ]);
  });

  it('of another cause are told at once', () => {
    const other = run([hidden(9000), seen(5000), hidden(9000, 'poor-picture')]);
    expect(other.told.map(({ cause, atMs }) => [cause, atMs])).toEqual([
      ['covered', 8000],
      ['poor-picture', 22_000],
    ]);
  });

  it('of a cause that was told long ago are told at once', () => {
    const longAgo = [hidden(9000), seen(eyes.notSeenLatelyMs + 5000), hidden(9000)];
    expect(toldAt(longAgo)).toHaveLength(2);
    expect(toldAt([hidden(9000), seen(eyes.notSeenLatelyMs - 5000), hidden(9000)])).toHaveLength(1);
  });

  it('for a moment leave nothing behind', () => {
    expect(toldAt([hidden(5000), seen(5000), hidden(9000)])).toEqual([18_000]);
  });

  it('are recorded when they end', () => {
    const { events } = run([hidden(9000), seen(5000)]);
    expect(events).toMatchObject([
      { kind: 'eyes-not-seen', startMs: 0, endMs: 9000, evidence: { cause: 'covered' } },
    ]);
    expect(run([hidden(5000), seen(5000)]).events).toEqual([]);
  });
});

describe('a face that is lost', () => {
  it('is told after the notice time, each time', () => {
    expect(toldAt([lost(9000), seen(5000), lost(9000)])).toEqual([
      face.lostNoticeMs,
      14_000 + face.lostNoticeMs,
    ]);
  });
});

describe('a driver in a vehicle that stands or creeps', () => {
  it('is not told of a lost face or hidden eyes, only of the camera', () => {
    expect(run([lost(20_000)], STANDING).told).toEqual([]);
    expect(run([hidden(20_000)], STANDING).told).toEqual([]);
    const covered = run([{ ...lost(20_000), picture: 'covered' }], STANDING);
    expect(covered.told.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['camera-blocked', camera.blockedNoticeMs],
    ]);
  });

  it('is told as soon as it drives, if it lasts', () => {
    const { state, atMs } = run([lost(20_000)], STANDING);
    const moved = observeNotices(state, sightOf(lost(0), atMs), DRIVING, judgeConfig);
    expect(moved.state['face-lost']?.told).toBe(true);
  });
});

describe('a camera that delivers nothing', () => {
  it('is silent from its last frame on, and told on the tick', () => {
    const { state, atMs } = run([seen(1000)]);
    const lastMs = atMs - PERIOD_MS;
    const at = (nowMs: number) =>
      elapseNotices(state, nowMs, lastMs, DRIVING, judgeConfig).state['camera-blocked'];
    expect(at(lastMs + time.silentAfterMs - 1)).toBeNull();
    expect(at(lastMs + camera.blockedNoticeMs - 1)?.told).toBe(false);
    expect(at(lastMs + camera.blockedNoticeMs)).toMatchObject({ told: true, cause: 'silent' });
  });

  it('and at the end of the trip is closed', () => {
    const silent = elapseNotices(noNotices, 20_000, 0, DRIVING, judgeConfig).state;
    expect(endNotices(silent, 20_000, judgeConfig).events).toMatchObject([
      { kind: 'camera-blocked', endMs: 20_000 },
    ]);
  });
});
