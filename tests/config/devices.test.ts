/** What is said of camera and microphone settings that do not go together. */
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../config/schema.ts';

const faults = (section: 'camera' | 'microphone', settings: object) =>
  configSchema
    .safeParse({ [section]: settings })
    .error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);

describe('the settings of the camera', () => {
  it.each([
    [{ driver: 'recorded' }, 'camera.file: a video file, for driver "recorded"'],
    [{ preset: 'none' }, 'camera.argv: a program and arguments, for preset "none"'],
    [{ preset: 'rtsp', network: true }, 'camera.url: an address, for preset "rtsp"'],
    [
      { preset: 'rtsp', url: 'rtsp://10.0.0.5/1' },
      'camera.network: true, for preset "rtsp": the process that sees the driver then has network access',
    ],
    [
      { preset: 'jetson', device: 'front' },
      `camera.device: a device that ends with the camera's number, for preset "jetson"`,
    ],
    [{ driver: 'stills', device: 'rtsp' }, 'camera.device: a device under /dev, for driver "stills"'],
    [{ retryMinMs: 900, retryMaxMs: 800 }, 'camera.retryMaxMs: at least retryMinMs'],
  ])('%j', (settings, fault) => {
    expect(faults('camera', settings)).toEqual([fault]);
  });

  it('ask nothing of what another driver needs', () => {
    expect(faults('camera', { driver: 'recorded', file: 'drive.mp4', preset: 'rtsp' })).toBeUndefined();
  });
});

describe('the settings of the microphone', () => {
  it.each([
    [{ hopMs: 4000 }, 'microphone.hopMs: at most windowMs: windows overlap, no sound is left out'],
    [
      { recorder: 'rec', device: 'hw:1' },
      'microphone.device: "default", for recorder "rec", which cannot choose a device (arecord and sox can)',
    ],
    [{ retryMinMs: 900, retryMaxMs: 800 }, 'microphone.retryMaxMs: at least retryMinMs'],
  ])('%j', (settings, fault) => {
    expect(faults('microphone', settings)).toEqual([fault]);
  });
});
