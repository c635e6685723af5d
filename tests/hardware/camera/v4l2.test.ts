/** ffmpeg's own V4L2 input, asked and read by the preset: the device alone is a stand-in. */
import { afterAll, describe, expect, it } from 'vitest';
import { FrameRing, slotBytesOf } from '../../../agent/capture/frame-ring.ts';
import type { CameraConfig } from '../../../config/schema.ts';
import { configSchema } from '../../../config/schema.ts';
import { frameBytes, openCamera } from '../../../hardware/camera/index.ts';
import { listModes } from '../../../hardware/camera/list-modes.ts';
import { shimCamera } from '../../fakes/v4l2-camera.ts';
import { temporaryFolder } from '../media.ts';

const shim = shimCamera(temporaryFolder());
if (shim === null)
  console.warn('the V4L2 preset over a stand-in is skipped: gcc and the V4L2 headers are needed');
afterAll(() => shim?.remove());

const settings = (more: object): CameraConfig =>
  configSchema.shape.camera.parse({ device: shim?.device, width: 320, height: 240, ...more });

/** The first frame of a camera that goes on. */
async function firstOf(config: CameraConfig): Promise<Uint8Array> {
  const stop = new AbortController();
  const camera = openCamera(config);
  const format = await camera.open(stop.signal);
  const ring = new FrameRing(frameBytes(format), 3, 'newest');
  const running = camera.frames(ring, stop.signal);
  const frame = await ring.next(stop.signal);
  if (frame === null) throw new Error(JSON.stringify(await running));
  const pixels = slotBytesOf(ring.buffer, ring.slotBytes, frame.slot).slice();
  ring.release(frame.slot);
  stop.abort();
  expect((await running).kind).toBe('aborted');
  return pixels;
}

describe.skipIf(shim === null)('the v4l2 preset', () => {
  it('finds out what the device offers', async () => {
    const modes = await listModes(shim?.device ?? '', new AbortController().signal);
    expect(modes.map(({ format, width }) => [format, width[0]])).toEqual([
      ['yuyv422', 320],
      ['yuyv422', 160],
    ]);
  });

  it('delivers the picture of the device in colour', async () => {
    const first = await firstOf(settings({}));
    const step = first[161]! - first[160]!;
    expect(first.length).toBe((320 * 240 * 3) / 2);
    expect([1, -159]).toContain(step); // the ramp of the stand-in
    expect(first[320 * 240]).toBe(128);
  });

  it('delivers grey in the full range, for infrared', async () => {
    const first = await firstOf(settings({ pixelFormat: 'gray8' }));
    expect(first.length).toBe(320 * 240);
    expect(Math.min(...first)).toBeCloseTo(((40 - 16) * 255) / 219, -0.5);
    expect(Math.max(...first)).toBeCloseTo(((199 - 16) * 255) / 219, -0.5);
  });

  it('fills and cuts where the device has no such shape', async () => {
    const first = await firstOf(settings({ width: 160, height: 160 }));
    expect(first.length).toBe((160 * 160 * 3) / 2);
  });
});
