/** Camera and microphone settings. */
import { z } from 'zod';
import { count, ms, ratio, section } from './units.ts';

export const cameraConfig = section(
  {
    driver: z
      .enum(['recorded', 'pipe'])
      .default('pipe')
      .describe('recorded: a file that ffmpeg reads; pipe: raw frames from a subprocess'),
    file: z.string().optional().describe('recorded: the video file, relative to the config file'),
    pace: z
      .enum(['own', 'lossless'])
      .default('own')
      .describe(
        'recorded: own = at the pace of its timestamps; lossless = as fast as every frame is perceived',
      ),
    preset: z.enum(['v4l2', 'none']).default('v4l2').describe('pipe: argv template; none = give argv'),
    device: z
      .string()
      .regex(/^[A-Za-z0-9_./:-]+$/, 'letters, digits and _ . / : - only')
      .default('/dev/video0')
      .describe('pipe: what the preset opens'),
    argv: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        'pipe with preset none: program and arguments that write raw frames to standard output; {width} {height} {fps} {device} are filled in',
      ),
    pixelFormat: z.enum(['yuv420p', 'gray8']).default('yuv420p').describe('pipe: layout of the raw frames'),
    width: count(640, 160, 3840, 'Width of the picture before rotation [px]'),
    height: count(480, 120, 2160, 'Height of the picture before rotation [px]'),
    fps: z
      .number()
      .min(1)
      .max(60)
      .default(15)
      .describe(
        'Wanted frame rate [1/s]; blink statistics need 15 (BEHAVIOUR.md: detection falls from 95 % at 30 Hz to 51 % at 10 Hz)',
      ),
    rotateDeg: z
      .union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)])
      .default(0)
      .describe('Clockwise turn that sets the picture upright [deg]'),
    mirror: z.boolean().default(false).describe('The camera delivers a mirror picture: flip it back'),
    crop: z
      .strictObject({
        x: z.number().min(0).max(1),
        y: z.number().min(0).max(1),
        width: z.number().min(0.1).max(1),
        height: z.number().min(0.1).max(1),
      })
      .refine((c) => c.x + c.width <= 1 && c.y + c.height <= 1, 'x + width and y + height of at most 1')
      .optional()
      .describe('Part of the upright picture that is used, in fractions of it'),
    latencyMs: ms(0, 0, 1000, 'Known delay between light and arrival, taken off the arrival time'),
    retryMinMs: ms(500, 50, 60_000, 'First wait before a lost camera is tried again'),
    retryMaxMs: ms(30_000, 100, 600_000, 'Longest wait before a lost camera is tried again'),
    silentAfterMs: ms(
      3000,
      200,
      60_000,
      'No frame for so long (three times so long for the first): the camera is opened anew',
    ),
  },
  'The camera that sees the driver',
).superRefine((camera, found) => {
  const fault = (field: string, message: string) =>
    found.addIssue({ code: 'custom', path: [field], message });
  if (camera.driver === 'recorded' && camera.file === undefined)
    fault('file', 'a video file, for driver "recorded"');
  if (camera.driver === 'pipe' && camera.preset === 'none' && camera.argv === undefined) {
    fault('argv', 'a program and arguments, for preset "none"');
  }
  if (camera.retryMaxMs < camera.retryMinMs) fault('retryMaxMs', 'at least retryMinMs');
});

export const microphoneConfig = section(
  {
    enabled: z.boolean().default(true).describe('false: no sound is ever read'),
    driver: z
      .enum(['recorded', 'none'])
      .default('none')
      .describe('recorded: a file that ffmpeg reads (or the sound of the recorded video)'),
    file: z.string().optional().describe('recorded: the sound or video file; left out = the camera file'),
    sampleRateHz: z.literal(16_000).default(16_000).describe('Sample rate of the networks [Hz]'),
    windowMs: ms(3000, 500, 10_000, 'Length of a window of sound (voice networks take 3 s)'),
    hopMs: ms(1000, 100, 10_000, 'Distance between the starts of two windows'),
    clippedAt: ratio(0.999, 0.5, 1, 'Absolute sample value that counts as clipped'),
  },
  'The microphone in the cabin',
).superRefine((microphone, found) => {
  if (microphone.hopMs > microphone.windowMs) {
    const message = 'at most windowMs: windows overlap, no sound is left out';
    found.addIssue({ code: 'custom', path: ['hopMs'], message });
  }
});
export type CameraConfig = z.output<typeof cameraConfig>;
export type MicrophoneConfig = z.output<typeof microphoneConfig>;
