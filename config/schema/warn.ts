/** Warning in the cabin: sound, a line that drives a buzzer or lamp, how often it is repeated. */
import { z } from 'zod';
import { gpioOutputConfig } from './gpio.ts';
import { ms, ratio, section } from './units.ts';

const volumeConfig = section(
  {
    notice: ratio(0.3, 0, 1, 'Notices (choice: heard in a quiet cabin; 0 = silent)'),
    warning: ratio(0.6, 0, 1, 'Warnings (choice)'),
    critical: ratio(1, 0.2, 1, 'Critical alerts; they cannot be made silent (choice)'),
  },
  "Loudness by severity, on top of the device's own",
);

const repeatConfig = section(
  {
    criticalMs: ms(3000, 1500, 60_000, 'From one critical sound to the next (choice: a clip and a breath)'),
    warningMs: ms(5000, 2000, 600_000, 'From one warning to the next (choice)'),
    lastingMs: ms(
      60_000,
      5000,
      3_600_000,
      'The same for what lasts for minutes, whatever its severity: drowsiness, stress, a face, eyes or a picture that cannot be seen (choice)',
    ),
  },
  'A warning is repeated while its cause lasts; notices and lockout sound once',
);

export const warnConfig = section(
  {
    sound: z
      .enum(['aplay', 'log', 'none'])
      .default('log')
      .describe('aplay: play a sound file; log: one line; none: silent'),
    device: z
      .string()
      .regex(/^[A-Za-z0-9_.,:=-]+$/)
      .default('default')
      .describe('aplay: ALSA device'),
    folder: z
      .string()
      .optional()
      .describe(
        "Folder of sound files of one's own (hardware/speaker/README.md); what it lacks is the program's",
      ),
    volume: volumeConfig,
    repeat: repeatConfig,
    gpio: gpioOutputConfig.optional(),
    commitWaitMs: ms(
      100,
      0,
      1000,
      'Longest wait of the sound for the commit (choice: a delay that nobody hears)',
    ),
  },
  'Warning in the cabin',
);

export type WarnConfig = z.output<typeof warnConfig>;
