/** Stories of stress: what a face and a voice express, and whose voice it is. */
import { describe, expect, it } from 'vitest';
import { affectOf, voices, withFaces } from './affect.ts';
import type { Feeling } from './affect.ts';
import { drive, inOrder } from './drive.ts';
import type { Act } from './drive.ts';
import { eventsOf, play, raisedOf } from './play.ts';

const neutral = affectOf({ neutral: 0.8, happy: 0.1, sad: 0.1 });
const angry = affectOf({ angry: 0.75, disgust: 0.1, neutral: 0.15 });
const DRIVE_S = 200;

interface Cabin {
  readonly face: readonly Feeling[];
  readonly voice: readonly Feeling[];
  /** When the driver's own mouth speaks. */
  readonly speaks: readonly { readonly fromS: number; readonly toS: number }[];
}

const talk = ({ fromS, toS }: { fromS: number; toS: number }): Act => ({
  ...{ fromS, toS, does: 'open-mouth', mar: 0.28, everyMs: 300, forMs: 150 },
});

function told({ face, voice, speaks }: Cabin, fps: number) {
  const acts = speaks.map(talk);
  const frames = drive({ seconds: DRIVE_S, acts, fps, jitterMs: 15, drops: 0.2, seed: 4 });
  const calmFace: Feeling = { fromS: 0, toS: DRIVE_S, affect: neutral };
  return play(inOrder(withFaces(frames, [calmFace, ...face]), voices(voice)));
}

describe.each([30, 15, 10])('at %i frames per second', (fps) => {
  const minute = { fromS: 60, toS: 120 };

  it('anger in face and voice for a minute is stress, told once as a notice, and over when it is over', () => {
    const played = told(
      { face: [{ ...minute, affect: angry }], voice: [{ ...minute, affect: angry }], speaks: [minute] },
      fps,
    );
    const raised = raisedOf(played);
    expect(raised.map((alert) => [alert.kind, alert.severity, alert.level])).toEqual([['stress', 1, 0]]);
    expect(raised[0]!.atMs).toBeGreaterThan(75_000);
    expect(raised[0]!.atMs).toBeLessThan(120_000);
    expect(raised[0]!.evidence['strain']).toBeGreaterThanOrEqual(0.55);
    const [event] = eventsOf(played, 'stress');
    expect(event?.endMs).toBeGreaterThan(120_000);
    expect(event?.endMs).toBeLessThan(170_000);
  });

  it('shouting once is no stress', () => {
    const shout = { fromS: 60, toS: 64 };
    const played = told(
      { face: [{ ...shout, affect: angry }], voice: [{ ...shout, affect: angry }], speaks: [shout] },
      fps,
    );
    expect(raisedOf(played)).toEqual([]);
  });

  it('singing is not, though the voice sounds like anger', () => {
    const song = { fromS: 30, toS: 150 };
    const played = told({ face: [], voice: [{ ...song, affect: angry }], speaks: [song] }, fps);
    expect(raisedOf(played)).toEqual([]);
  });

  it("a passenger's voice does not count while the driver's mouth is still", () => {
    const quarrel = { fromS: 30, toS: 150 };
    const frown = affectOf({ angry: 0.5, neutral: 0.5 });
    const cabin: Cabin = {
      ...{ face: [{ ...quarrel, affect: frown }], voice: [{ ...quarrel, affect: angry }] },
      speaks: [],
    };
    expect(raisedOf(told(cabin, fps))).toEqual([]);
    // The same words out of the driver's own mouth are.
    expect(raisedOf(told({ ...cabin, speaks: [quarrel] }, fps)).map((alert) => alert.kind)).toEqual([
      'stress',
    ]);
  });
});
