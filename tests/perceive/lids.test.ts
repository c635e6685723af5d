/** Stories of lids: an EAR curve goes in, out comes from when to when lowered lids are taken for a look down. */
import { describe, expect, it } from 'vitest';
import { createLids } from '../../agent/perceive/lids.ts';
import { configSchema } from '../../config/schema.ts';

const config = configSchema.parse({}).perceive;
const OPEN = 0.3;
const SHUT = 0.03;

interface Frame {
  readonly ear: number | null;
  readonly pitchDeg?: number;
  readonly mar?: number;
}

/** MAR of a driver who talks until `untilMs`: four syllables a second. */
const talkingUntil = (untilMs: number) => (nowMs: number) =>
  nowMs < untilMs ? 0.1 + 0.1 * Math.sin((nowMs / 1000) * 2 * Math.PI * 4) : 0.01;

/** EAR of lids that fall at `atMs` within `closingMs`, stay shut for `shutMs` and open within 100 ms. */
const closure = (atMs: number, closingMs: number, shutMs: number) => (nowMs: number) => {
  const falling = (nowMs - atMs) / closingMs;
  const rising = (nowMs - atMs - closingMs - shutMs) / 100;
  const share = Math.min(1, Math.max(0, falling)) - Math.min(1, Math.max(0, rising));
  return OPEN - share * (OPEN - SHUT);
};

/** Milliseconds of the story at which lids were taken for a look down. */
function lookDowns(story: (nowMs: number) => Frame, lengthMs: number, fps = 30): number[] {
  const lids = createLids(config);
  const found: number[] = [];
  for (let i = 0; i < (lengthMs * fps) / 1000; i++) {
    const nowMs = (i * 1000) / fps;
    const { ear, pitchDeg = -5, mar = 0.01 } = story(nowMs);
    if (lids.lookingDown(ear, mar, pitchDeg, nowMs)) found.push(nowMs);
  }
  return found;
}

describe('lids that drop abruptly and stay down in a driver who has just talked', () => {
  const mar = talkingUntil(3000);
  const look = (nowMs: number) => ({ ear: closure(5000, 60, 6000)(nowMs), mar: mar(nowMs) });

  it('are taken for a look down, until they have been down for so long that it does not matter', () => {
    const found = lookDowns(look, 12_000);
    expect(found[0]! - 5000).toBeGreaterThanOrEqual(config.lookDownAfterMs);
    expect(found[0]! - 5000).toBeLessThan(config.lookDownAfterMs + 100);
    expect(found.at(-1)! - 5000).toBeGreaterThan(config.lookDownUntilMs - 50);
    expect(found.at(-1)! - 5000).toBeLessThan(config.lookDownUntilMs + 100);
  });

  it('are taken for one at 15 fps too', () => {
    expect(lookDowns(look, 12_000, 15).length).toBeGreaterThan(20);
  });

  it('count as closed at 8 fps, where nobody can see how fast they went', () => {
    expect(lookDowns(look, 12_000, 8)).toEqual([]);
  });

  it('count as closed when several slow closures went before', () => {
    const slow = [3000, 6000, 9000].map((atMs) => closure(atMs, 100, 700));
    const last = closure(14_000, 60, 4000);
    const story = (nowMs: number) => ({
      ear: Math.min(last(nowMs), ...slow.map((one) => one(nowMs))),
      mar: talkingUntil(13_000)(nowMs),
    });
    expect(lookDowns(story, 19_000)).toEqual([]);
  });

  it('are taken for a look down again once the slow closures are long past', () => {
    const slow = [3000, 6000, 9000].map((atMs) => closure(atMs, 100, 700));
    const last = closure(80_000, 60, 2000);
    const story = (nowMs: number) => ({
      ear: Math.min(last(nowMs), ...slow.map((one) => one(nowMs))),
      mar: talkingUntil(78_000)(nowMs),
    });
    expect(lookDowns(story, 84_000).length).toBeGreaterThan(20);
  });
});

describe('a driver who has not talked', () => {
  it('is believed asleep however fast the lids fell', () => {
    expect(lookDowns((nowMs) => ({ ear: closure(5000, 60, 6000)(nowMs) }), 12_000)).toEqual([]);
  });

  it('is one who yawned, or whose talk is long past', () => {
    const shut = closure(15_000, 60, 6000);
    const yawn = (nowMs: number) => (nowMs > 9000 && nowMs < 13_000 ? 0.6 : nowMs < 9000 ? 0.01 : 0.02);
    const yawned = (nowMs: number) => ({ ear: shut(nowMs), mar: nowMs > 14_000 ? 0.01 : yawn(nowMs) });
    expect(lookDowns((nowMs) => ({ ear: shut(nowMs), mar: talkingUntil(8000)(nowMs) }), 20_000)).toEqual([]);
    expect(lookDowns(yawned, 20_000)).toEqual([]);
  });
});

describe('closures', () => {
  it('are never looks down while they are as short as blinks and slow blinks', () => {
    const story = (nowMs: number) => ({
      ear: Math.min(closure(3000, 60, 100)(nowMs), closure(6000, 60, 700)(nowMs)),
    });
    expect(lookDowns(story, 9000)).toEqual([]);
  });

  it('are never looks down when the lids fall slowly', () => {
    expect(lookDowns((nowMs) => ({ ear: closure(5000, 300, 4000)(nowMs) }), 10_000)).toEqual([]);
  });

  it('are believed although the head sinks afterwards', () => {
    const story = (nowMs: number) => ({
      ear: closure(5000, 300, 6000)(nowMs),
      pitchDeg: nowMs > 6500 && nowMs < 11_000 ? -35 : -5,
    });
    expect(lookDowns(story, 11_000)).toEqual([]);
  });
});

describe('a head that goes down', () => {
  it('takes the lids along: a look down from the first frame on', () => {
    const story = (nowMs: number) => ({
      ear: closure(5000, 300, 3000)(nowMs),
      pitchDeg: nowMs > 4900 && nowMs < 8400 ? -30 : -5,
    });
    const found = lookDowns(story, 10_000);
    expect(found[0]).toBeLessThan(5300);
    expect(found.at(-1)).toBeGreaterThan(8200);
  });

  it('is judged against where the head usually is, not against the camera', () => {
    const story = (nowMs: number) => ({ ear: closure(5000, 300, 3000)(nowMs), pitchDeg: -30 });
    expect(lookDowns(story, 10_000)).toEqual([]);
  });
});

it('forgets a closure whose end was not seen', () => {
  const story = (nowMs: number) => ({
    ear: nowMs > 5300 && nowMs < 9000 ? null : nowMs < 9000 ? closure(5000, 60, 9000)(nowMs) : OPEN,
  });
  expect(lookDowns(story, 12_000)).toEqual([]);
});
