import { describe, expect, it } from 'vitest';
import { elapseLook, lapseOfLook, noLook, observeLook } from '../../agent/judge/distraction.ts';
import type { LookState } from '../../agent/judge/distraction.ts';
import { untaughtEyes } from '../../agent/judge/eyes.ts';
import { unlearnedNeutral } from '../../agent/judge/neutral-pose.ts';
import type { NeutralState } from '../../agent/judge/neutral-pose.ts';
import { sightOfFace, sightOfNoFace } from '../../agent/judge/sight.ts';
import type { Sight } from '../../agent/judge/sight.ts';
import { beginSpan } from '../../agent/judge/span.ts';
import type { FaceSeen } from '../../agent/perceive/observation.ts';
import { attentiveFrame, clearPicture } from '../stories/drive.ts';
import { judgeConfig } from '../stories/play.ts';

const { distraction, calibration, face, mouth, eyes } = judgeConfig;
const pose = { yawDeg: 0, pitchDeg: 0, rollDeg: 0, gazeYawDeg: 3, gazePitchDeg: 5 };
const known: NeutralState = { ...unlearnedNeutral, faceMs: calibration.doneMs, pose };
const calibrating: NeutralState = { ...known, faceMs: calibration.doneMs - 1 };

const read = (changes: Partial<FaceSeen>, before: Sight | null = null, neutral = known) =>
  sightOfFace(attentiveFrame(40, changes), untaughtEyes, neutral, before, judgeConfig);
const turned = (yawDeg: number, pitchDeg = 0, confidence = 0.9) => ({
  pose: { yawDeg, pitchDeg, rollDeg: 2, confidence },
});
const looking = (yawDeg: number, pitchDeg: number) => ({ gaze: { yawDeg, pitchDeg, confidence: 0.9 } });

describe('a sight of a face', () => {
  it('holds what was read, as it was measured and from the neutral pose', () => {
    const sight = read({
      ...turned(6, -4),
      ...looking(8, 9),
      mouth: { mar: 0.5, confidence: 0.9, yawn: 0.7 },
    });
    expect(sight).toMatchObject({ atMs: 40, picture: 'usable', face: true, closure: 0, ear: 0.32 });
    expect(sight).toMatchObject({
      eyesUnseen: null,
      mar: 0.5,
      yawn: 0.7,
      yawDeg: 6,
      pitchDeg: -4,
      rollDeg: 2,
    });
    expect(sight.head).toEqual({ yawDeg: 6, pitchDeg: -4 });
    expect(sight.gaze).toEqual({ yawDeg: 6 + 8 - 3, pitchDeg: -4 + 9 - 5 });
  });

  it('leaves the yawn out where it was not asked', () => {
    expect(read({ mouth: { mar: 0.5, confidence: 0.9 } }).yawn).toBeNull();
  });

  it('believes a pose and a mouth from the least confidence on', () => {
    expect(read(turned(0, 0, face.minPoseConfidence)).head).not.toBeNull();
    expect(read(turned(0, 0, face.minPoseConfidence - 0.01)).head).toBeNull();
    expect(read({ mouth: { mar: 0.5, confidence: mouth.minConfidence } }).mar).toBe(0.5);
    expect(read({ mouth: { mar: 0.5, confidence: mouth.minConfidence - 0.01 } }).mar).toBeNull();
  });

  it('knows no direction before there is a neutral pose', () => {
    const sight = read(looking(8, 9), null, unlearnedNeutral);
    expect([sight.head, sight.gaze, sight.away]).toEqual([null, null, null]);
  });

  it('goes on reading eyes that were read a little farther to the side', () => {
    const side = turned(eyes.readableYawDeg + 1);
    expect(read(side).eyesUnseen).toBe('profile');
    expect(read(side, read({})).closure).toBe(0);
    expect(read(side, read(side)).eyesUnseen).toBe('profile');
  });

  it('of a camera that is covered or frozen says which', () => {
    const noFace = (quality: FaceSeen['quality']) => sightOfNoFace({ kind: 'no-face', atMs: 5, quality });
    expect(noFace({ ...clearPicture, frozen: true }).picture).toBe('frozen');
    expect(noFace({ ...clearPicture, frozen: true, covered: true }).picture).toBe('covered');
    expect(noFace(clearPicture)).toMatchObject({ picture: 'usable', face: false });
    expect(read({ quality: { ...clearPicture, frozen: true } })).toMatchObject({
      atMs: 40,
      picture: 'frozen',
    });
  });
});

describe('the limits of the road', () => {
  const { awayYawDeg, awayPitchDownDeg, awayPitchUpDeg, backDeg, gazePitchDeg } = distraction;
  const away = (changes: Partial<FaceSeen>, before: Sight | null = null, neutral = known) =>
    read(changes, before, neutral).away;

  it('belong to the road', () => {
    expect([away(turned(awayYawDeg)), away(turned(-awayYawDeg))]).toEqual([false, false]);
    expect([away(turned(0, -awayPitchDownDeg)), away(turned(0, awayPitchUpDeg))]).toEqual([false, false]);
  });

  it('are narrower for the way back, in each direction', () => {
    const before = read(turned(60));
    expect(away(turned(0, awayPitchUpDeg - backDeg), before)).toBe(false);
    expect(away(turned(0, awayPitchUpDeg - backDeg + 0.1), before)).toBe(true);
    const gazeUp = (deg: number) => looking(pose.gazeYawDeg, pose.gazePitchDeg + deg);
    expect(away(gazeUp(gazePitchDeg - backDeg), before)).toBe(false);
    expect(away(gazeUp(gazePitchDeg - backDeg + 0.1), before)).toBe(true);
    const provisional = calibration.provisionalAwayDeg - backDeg;
    expect(away(turned(provisional), before, calibrating)).toBe(false);
    expect(away(turned(provisional + 0.1), before, calibrating)).toBe(true);
  });
});

describe('a look-away between frames', () => {
  const { levelMs, glanceMinMs } = distraction;
  const look = (forMs: number, more: Partial<LookState> = {}): LookState => ({
    ...noLook,
    span: { ...beginSpan(0), seenMs: forMs },
    ...more,
  });

  it('does not move while the last frame holds, and is nothing where there is none', () => {
    expect(elapseLook(noLook, 9000, levelMs, judgeConfig)).toEqual({
      state: noLook,
      events: [],
      ended: null,
    });
    const going = look(1000);
    expect(elapseLook(going, 1100, levelMs, judgeConfig).state).toBe(going);
  });

  it('goes out of sight, and is then over', () => {
    const hidden = elapseLook(look(1000), 1400, levelMs, judgeConfig).state;
    expect(hidden.span).toMatchObject({ startMs: 0, unseenFromMs: 1300 });
    const over = elapseLook(hidden, 1501, levelMs, judgeConfig);
    expect(over.state).toEqual(noLook);
    expect(over.events).toMatchObject([{ kind: 'glance', startMs: 0, endMs: 1300 }]);
    expect(over.ended).toEqual({ startMs: 0, endMs: 1300, mirror: null, level: 0 });
  });

  it('counts from the length of a glance on, and only while it shows', () => {
    expect(lapseOfLook(look(glanceMinMs), glanceMinMs, judgeConfig)).toBe(glanceMinMs);
    expect(lapseOfLook(look(glanceMinMs - 1), glanceMinMs - 1, judgeConfig)).toBe(0);
    const back = { ...beginSpan(0), seenMs: 1000, untilMs: 1000, absentFromMs: 1000 };
    expect(lapseOfLook(look(1000, { span: back }), 1100, judgeConfig)).toBe(0);
    expect(lapseOfLook(noLook, 1100, judgeConfig)).toBe(0);
  });

  it('is a glance from that length on', () => {
    const endedAfter = (forMs: number) =>
      [forMs, forMs + glanceMinMs].reduce<{ state: LookState; kinds: string[] }>(
        ({ state, kinds }, atMs) => {
          const step = observeLook(state, { ...read({}), atMs, away: false }, levelMs, 0, judgeConfig);
          return { state: step.state, kinds: [...kinds, ...step.events.map((e) => e.kind)] };
        },
        { state: { ...noLook, span: beginSpan(0) }, kinds: [] },
      ).kinds;
    expect(endedAfter(glanceMinMs)).toEqual(['glance']);
    expect(endedAfter(glanceMinMs - 1)).toEqual([]);
  });

  it('that is held back stays as it is while nothing is added', () => {
    const standing = look(1000, { carriedMs: -5000 });
    expect(elapseLook(standing, 1100, null, judgeConfig).state).toBe(standing);
    const carried = elapseLook(look(4000, { carriedMs: 500 }), 4100, null, judgeConfig).state;
    expect(carried).toMatchObject({ level: 0, carriedMs: levelMs[0] - 1 - 4100 });
  });
});
