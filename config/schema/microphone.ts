/** Microphone settings. */
import { z } from 'zod';
import { ms, ratio, section } from './units.ts';

export const microphoneConfig = section(
  {
    enabled: z.boolean().default(true).describe('false: no sound is ever read, no recorder is started'),
    driver: z
      .enum(['lpcm16', 'recorded', 'none'])
      .default('none')
      .describe(
        'lpcm16: a device, by arecord or sox; recorded: a file that ffmpeg reads (or the sound of the recorded video)',
      ),
    file: z.string().optional().describe('recorded: the sound or video file; left out = the camera file'),
    recorder: z
      .enum(['arecord', 'sox', 'rec'])
      .default('arecord')
      .describe('lpcm16: the program that records (arecord is in alsa-utils, sox and rec are in sox)'),
    device: z
      .string()
      .regex(/^[A-Za-z0-9_][A-Za-z0-9_:,.=-]*$/, 'letters, digits and _ : , . = - only, not - first')
      .default('default')
      .describe('lpcm16: ALSA name such as default or plughw:1,0 (arecord -L lists them)'),
    sampleRateHz: z.literal(16_000).default(16_000).describe('Sample rate of the networks [Hz]'),
    windowMs: ms(3000, 500, 10_000, 'Length of a window of sound (voice networks take 3 s)'),
    hopMs: ms(1000, 100, 10_000, 'Distance between the starts of two windows'),
    clippedAt: ratio(0.999, 0.5, 1, 'Absolute sample value that counts as clipped'),
    latencyMs: ms(0, 0, 1000, 'Known delay between sound and arrival, taken off the arrival time'),
    mutedBelowDbfs: z
      .number()
      .min(-96)
      .max(-40)
      .default(-84)
      .describe(
        'Sound whose RMS without its mean stays below is no sound: the microphone is muted (-84 is two steps of 16 bits) [dBFS]',
      ),
    mutedAfterMs: ms(8000, 500, 60_000, 'Muted or stuck for so long is reported; a stuck one is opened anew'),
    retryMinMs: ms(500, 50, 60_000, 'First wait before a lost microphone is tried again'),
    retryMaxMs: ms(30_000, 100, 600_000, 'Longest wait before a lost microphone is tried again'),
    silentAfterMs: ms(
      3000,
      200,
      60_000,
      'No samples for so long (2.5 times so long for the first): the microphone is opened anew',
    ),
  },
  'The microphone in the cabin',
).superRefine((microphone, found) => {
  const fault = (field: keyof MicrophoneConfig, message: string) =>
    found.addIssue({ code: 'custom', path: [field], message });
  if (microphone.hopMs > microphone.windowMs)
    fault('hopMs', 'at most windowMs: windows overlap, no sound is left out');
  if (microphone.recorder === 'rec' && microphone.device !== 'default')
    fault('device', '"default", for recorder "rec", which cannot choose a device (arecord and sox can)');
  if (microphone.retryMaxMs < microphone.retryMinMs) fault('retryMaxMs', 'at least retryMinMs');
});

export type MicrophoneConfig = z.output<typeof microphoneConfig>;
