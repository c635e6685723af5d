import { beforeEach, expect, it } from 'vitest';
import type { AudioWindow } from '../agent/capture/audio-window.ts';
import type { Captured } from '../agent/capture/streams.ts';
import { flow, type FlowStages } from '../agent/flow.ts';
import type { NoFace, VoiceSeen } from '../agent/perceive/observation.ts';

const QUALITY = {
  brightness: 0.5,
  contrast: 0.2,
  sharpness: 9,
  dark: false,
  blurred: false,
  covered: false,
  frozen: false,
};
const noFace = (atMs: number): NoFace => ({ kind: 'no-face', atMs, quality: QUALITY });
const voice = (atMs: number): VoiceSeen => ({ kind: 'voice-seen', atMs }) as VoiceSeen;

let happened: string[];
beforeEach(() => {
  happened = [];
});

const frame = (atMs: number): Captured => ({
  kind: 'frame',
  atMs,
  slot: atMs / 10,
  meta: { atMs, index: 0, width: 4, height: 4, pixelFormat: 'gray8' },
  release: () => void happened.push(`release ${atMs}`),
});
const sound = (atMs: number): Captured => ({ kind: 'window', atMs, window: { atMs } as AudioWindow });

async function* stream(...items: Captured[]) {
  for (const item of items) {
    await Promise.resolve();
    yield item;
  }
}

/** Perception that notes what it is asked; `lost` frames are answered with `null`. */
const stages = (lost: number[] = []): FlowStages => ({
  perceive: {
    perceiveFrame(slot, { atMs }) {
      happened.push(`frame ${slot}`);
      return Promise.resolve(lost.includes(atMs) ? null : noFace(atMs));
    },
    perceiveWindow({ atMs }) {
      happened.push(`window ${atMs}`);
      return Promise.resolve(voice(atMs));
    },
  },
  judging: {
    observe: (seen) => void happened.push(`judge ${seen.kind} ${seen.atMs}`),
    advanceTo: () => undefined,
    measures: () => {
      throw new Error('not asked here');
    },
    state: () => {
      throw new Error('not asked here');
    },
  },
});

it('takes one item after the other through perception to the judge', async () => {
  await flow(stream(frame(10), sound(15), frame(20)), stages());
  expect(happened).toEqual([
    ...['frame 1', 'release 10', 'judge no-face 10'],
    ...['window 15', 'judge voice-seen 15'],
    ...['frame 2', 'release 20', 'judge no-face 20'],
  ]);
});

it('gives the slot of a lost frame back and goes on with the next', async () => {
  await flow(stream(frame(10), frame(20)), stages([10]));
  expect(happened).toEqual(['frame 1', 'release 10', 'frame 2', 'release 20', 'judge no-face 20']);
});

it('leaves out what is not wanted before it costs anything, and gives its slot back', async () => {
  await flow(stream(frame(10), sound(15), frame(20)), { ...stages(), isWanted: ({ atMs }) => atMs > 15 });
  expect(happened).toEqual(['release 10', 'frame 2', 'release 20', 'judge no-face 20']);
});

it('shows what was seen once it is judged', async () => {
  await flow(stream(frame(10), frame(20), sound(25)), {
    ...stages([20]),
    onSeen: ({ kind, atMs }) => void happened.push(`shown ${kind} ${atMs}`),
  });
  expect(happened.filter((what) => /^(judge|shown)/.test(what))).toEqual([
    ...['judge no-face 10', 'shown no-face 10'],
    ...['judge voice-seen 25', 'shown voice-seen 25'],
  ]);
});

it('ends with a failure of perception', async () => {
  const broken = stages();
  const perceive = { ...broken.perceive, perceiveFrame: () => Promise.reject(new Error('no worker')) };
  await expect(flow(stream(frame(10)), { ...broken, perceive })).rejects.toThrow('no worker');
});
