/**
 * A device that is lost a thousand times: no process, no descriptor and no listener is left behind. The
 * programs end at once, after a little or nothing, so that a life costs some milliseconds.
 */
import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { AudioWindows } from '../../agent/capture/audio-window.ts';
import { runCamera } from '../../agent/capture/camera-loop.ts';
import { FrameRing } from '../../agent/capture/frame-ring.ts';
import { runMicrophone } from '../../agent/capture/microphone-loop.ts';
import { WindowQueue } from '../../agent/capture/window-queue.ts';
import { configSchema } from '../../config/schema.ts';
import { frameBytes, openCamera, type Camera } from '../../hardware/camera/index.ts';
import { openMicrophone } from '../../hardware/microphone/index.ts';
import { fakePrograms } from '../fakes/programs.ts';
import { children, temporaryFolder } from '../hardware/media.ts';

const RETRY = { retryMinMs: 0, retryMaxMs: 0, silentAfterMs: 60_000 };
const folder = temporaryFolder();
const fakes = fakePrograms(folder);

const descriptors = () => readdirSync('/proc/self/fd').length;

/** Runs lives until there were so many; descriptors at the 20th and the last of them. */
async function lose(
  lives: number,
  run: (born: () => void, signal: AbortSignal) => Promise<unknown>,
): Promise<{ early: number; late: number; listeners: number }> {
  const stop = new AbortController();
  let made = 0;
  let early = 0;
  await run(() => {
    made += 1;
    if (made === 20) early = descriptors();
    if (made >= lives) stop.abort();
  }, stop.signal);
  await vi.waitFor(() => expect(descriptors()).toBeLessThanOrEqual(early));
  return { early, late: descriptors(), listeners: getEventListeners(stop.signal, 'abort').length };
}

function loseCamera(lives: number, settings: object) {
  const config = configSchema.shape.camera.parse({ width: 160, height: 120, ...settings });
  const ring = new FrameRing(frameBytes({ ...config, pixelFormat: 'yuv420p' }), 3, 'newest');
  return lose(lives, (born, signal) =>
    runCamera({
      makeCamera: (): Camera => {
        born();
        return openCamera(config);
      },
      ...{ sink: ring, retry: RETRY, badPictureAfterMs: 60_000, signal, onHealth: () => undefined },
    }),
  );
}

const TIMEOUT = { timeout: 120_000 };

it('a camera behind a program', TIMEOUT, async () => {
  const { early, late, listeners } = await loseCamera(1000, { preset: 'none', argv: ['true'] });
  expect(late).toBeLessThanOrEqual(early);
  expect([children(), listeners]).toEqual([[], 0]);
});

it('a camera that is asked for its modes first', TIMEOUT, async () => {
  const quick = fakes.make('ffmpeg', 'quick', 'exit 1');
  fakes.make('v4l2-ctl', 'quick', 'exit 1');
  process.env['PATH'] = `${quick}:${join(folder, 'bin-v4l2-ctl-quick')}:${process.env['PATH'] ?? ''}`;
  const { early, late, listeners } = await loseCamera(100, { preset: 'v4l2' });
  expect(late).toBeLessThanOrEqual(early);
  expect([children(), listeners]).toEqual([[], 0]);
});

it('a camera of single shots', TIMEOUT, async () => {
  fakes.in(fakes.make('fswebcam', 'quick', 'exit 1'), () => undefined);
  const { early, late, listeners } = await loseCamera(50, { driver: 'stills' });
  expect(late).toBeLessThanOrEqual(early);
  expect([children(), listeners]).toEqual([[], 0]);
});

it('a microphone', TIMEOUT, async () => {
  fakes.in(fakes.make('arecord', 'quick', 'exit 1'), () => undefined);
  const config = configSchema.shape.microphone.parse({ driver: 'lpcm16' });
  const { early, late, listeners } = await lose(1000, (born, signal) =>
    runMicrophone({
      makeMicrophone: () => {
        born();
        return openMicrophone(config);
      },
      ...{ windows: new AudioWindows(config), queue: new WindowQueue('newest'), retry: RETRY, check: config },
      ...{ signal, onHealth: () => undefined },
    }),
  );
  expect(late).toBeLessThanOrEqual(early);
  expect([children(), listeners]).toEqual([[], 0]);
});
