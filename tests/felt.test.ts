import { expect, it } from 'vitest';
import { openFelt } from '../agent/felt.ts';
import { affectOf } from './stories/affect.ts';
import { attentiveFrame } from './stories/drive.ts';

const smile = attentiveFrame(1000, { affect: affectOf({ happy: 1 }) });

it('keeps the newest of a face for as long as it is news, over frames that were not asked', () => {
  const felt = openFelt('research');
  expect(felt.at(0)).toEqual({ face: null, voice: null });
  felt.take(smile);
  felt.take(attentiveFrame(1100));
  expect(felt.at(3900)).toEqual({ face: affectOf({ happy: 1 }), voice: null });
  expect(felt.at(4100)).toEqual({ face: null, voice: null });
});

it('keeps a voice beside it', () => {
  const felt = openFelt('research');
  felt.take(smile);
  felt.take({
    kind: 'voice-seen',
    atMs: 1500,
    ...{ windowMs: 3000, speechShare: 1, levelDbfs: -20, clippedShare: 0, gap: false },
    affect: affectOf({ sad: 1 }),
  });
  expect(felt.at(2000)).toEqual({ face: affectOf({ happy: 1 }), voice: affectOf({ sad: 1 }) });
});

it('keeps nothing in the fleet profile', () => {
  const felt = openFelt('fleet');
  felt.take(smile);
  expect(felt.at(1000)).toBeNull();
});
