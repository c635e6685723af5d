/** Time, notices, speed tiers and severities. */
import { z } from 'zod';
import { count, ms, ratio, section } from '../units.ts';

const severity = (value: 1 | 2 | 3, text: string) =>
  z
    .union([z.literal(1), z.literal(2), z.literal(3)])
    .default(value)
    .describe(`${text} [1 notice, 2 warning, 3 critical] (choice)`);

export const timeConfig = section(
  {
    holdMs: ms(
      300,
      50,
      1000,
      'An observation stands for the time after it, so long at most; then nothing is seen (choice: two dropped frames at 10 fps)',
    ),
    gapMs: ms(
      500,
      50,
      1000,
      'A gap without frames counts for what both its ends show, up to this (choice: four dropped frames at 10 fps)',
    ),
    bridgeMs: ms(
      200,
      0,
      1000,
      'Unseen stretches up to this do not end a behaviour; they are not counted either (choice: half a blink)',
    ),
    silentAfterMs: ms(1000, 200, 5000, 'No frame for so long: the camera is silent (choice)'),
  },
  'Time between observations',
);

export const faceNoticeConfig = section(
  {
    lostNoticeMs: ms(8000, 1000, 9500, 'Face lost for so long: notice (Euro NCAP: told within 10 s)'),
    noticeClearMs: ms(1000, 0, 10_000, 'Seen again for so long ends a notice (choice: flicker does not)'),
    slowLevelMs: z
      .tuple([z.number(), z.number(), z.number()])
      .default([15_000, 24_000, 30_000])
      .describe(
        'Nobody seen for so long raises the attention level to 1, 2, 3 [ms] (openpilot: 15 / 24 / 30 s)',
      ),
    uncertainPoseMs: ms(
      10_000,
      1000,
      60_000,
      'A head pose uncertain for longer counts as nobody seen (openpilot: 10 s)',
    ),
    minPoseConfidence: ratio(0.5, 0, 1, 'Head pose below this confidence is uncertain (choice)'),
  },
  'Face',
);

export const cameraNoticeConfig = section(
  {
    blockedNoticeMs: ms(
      8000,
      1000,
      9500,
      'Camera covered or silent for so long: notice (Euro NCAP: told within 10 s)',
    ),
    frozenNoticeMs: ms(
      6000,
      1000,
      9500,
      'Camera reported frozen for so long: notice (the report itself comes 2 s late)',
    ),
  },
  'Camera',
);

export const voiceConfig = section(
  {
    speechShare: ratio(0.2, 0, 1, 'Share of a window of sound with speech that counts as speaking (choice)'),
    staleAfterMs: ms(4000, 500, 60_000, 'A window older than this says nothing (choice: a window and a hop)'),
  },
  'Voice activity',
);

export const speedConfig = section(
  {
    slowBelowKmh: z
      .number()
      .min(0)
      .max(200)
      .default(50)
      .describe('Below this speed the slow tier holds [km/h] (EU ADDW)'),
    silentBelowKmh: z
      .number()
      .min(0)
      .max(100)
      .default(20)
      .describe('Below this speed look-aways raise nothing [km/h] (EU ADDW)'),
    smoothMs: ms(2000, 0, 10_000, 'Time constant that smooths the speed (GPS practice: 2 s)'),
    staleAfterMs: ms(10_000, 1000, 60_000, 'A speed older than this is unknown (GPS practice)'),
    movingFromKmh: z
      .number()
      .min(1)
      .max(50)
      .default(10)
      .describe('From this speed on the vehicle moves [km/h] (GPS practice)'),
    stoppedBelowKmh: z
      .number()
      .min(0)
      .max(50)
      .default(5)
      .describe('Below this speed it stops, and stands up to the moving speed [km/h] (GPS practice)'),
    stoppedAfterMs: ms(3000, 0, 60_000, 'once it was slower for so long (GPS practice: 3 s)'),
  },
  'Speed tiers; no speed known is the strictest tier',
);

export const unresponsiveConfig = section(
  {
    closedMs: ms(
      6000,
      2000,
      60_000,
      'Eyes closed for so long, what followed out of sight included: the driver does not respond (Euro NCAP: >= 6 s)',
    ),
    awayMs: ms(
      6000,
      3000,
      60_000,
      'The same for looking away; in the slow tier later by as much as level 1 (Euro NCAP: >= 6 s)',
    ),
    noReturnMs: ms(
      3000,
      1000,
      30_000,
      'No return seen so long after a warning of closed eyes or of looking away (Euro NCAP: 3 s)',
    ),
  },
  'Driver who does not respond',
);

export const lockoutConfig = section(
  {
    terminalAlerts: count(
      3,
      1,
      100,
      'So many times in a trip that the driver did not respond or looked away up to level 3 (openpilot: 3 terminal alerts)',
    ),
    terminalMs: ms(30_000, 1000, 600_000, 'or for so long, all of them together (openpilot: 30 s)'),
  },
  'Lockout: until the end of the trip the driver is told to take a break',
);

export const severityConfig = section(
  {
    microsleep: severity(3, 'Microsleep'),
    sleep: severity(3, 'Sleep'),
    distraction: z
      .tuple([severity(2, 'level 1'), severity(2, 'level 2'), severity(3, 'level 3')])
      .default([2, 2, 3])
      .describe('Long distraction at attention level 1, 2, 3 [1 notice, 2 warning, 3 critical] (choice)'),
    repeatedGlances: severity(2, 'Repeated short glances'),
    drowsiness: severity(2, 'Drowsiness'),
    unresponsive: severity(3, 'Driver who does not respond'),
    lockout: severity(3, 'Lockout'),
    stress: severity(1, 'Stress'),
    eyesNotSeen: severity(1, 'Eyes not seen'),
    faceLost: severity(1, 'Face lost'),
    cameraBlocked: severity(1, 'Camera covered, frozen or silent'),
    slowClock: z
      .tuple([severity(1, 'level 1'), severity(2, 'level 2'), severity(2, 'level 3')])
      .default([1, 2, 2])
      .describe('Nobody seen at attention level 1, 2, 3 [1 notice, 2 warning, 3 critical] (choice)'),
  },
  'Severity of each alert (closed eyes are critical, looks and tiredness warn, what cannot be seen is said)',
);
