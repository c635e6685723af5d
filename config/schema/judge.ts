/**
 * Every number of the judgement, each with its source. Sources are named in the descriptions: a protocol,
 * a paper, a measurement of this project ("measured"), or "choice" where nobody has one.
 */
import type { z } from 'zod';
import { eyesConfig, mouthConfig, perclosConfig } from './judge/eyes.ts';
import { drowsinessConfig } from './judge/drowsiness.ts';
import { calibrationConfig, distractionConfig } from './judge/attention.ts';
import {
  cameraNoticeConfig,
  faceNoticeConfig,
  lockoutConfig,
  severityConfig,
  speedConfig,
  timeConfig,
  unresponsiveConfig,
  voiceConfig,
} from './judge/policy.ts';
import { stressConfig } from './judge/stress.ts';
import { tripConfig } from './judge/trip.ts';
import { count, ms, section } from './units.ts';

export const judgeConfig = section(
  {
    time: timeConfig,
    eyes: eyesConfig,
    perclos: perclosConfig,
    mouth: mouthConfig,
    drowsiness: drowsinessConfig,
    distraction: distractionConfig,
    calibration: calibrationConfig,
    face: faceNoticeConfig,
    camera: cameraNoticeConfig,
    voice: voiceConfig,
    stress: stressConfig,
    unresponsive: unresponsiveConfig,
    lockout: lockoutConfig,
    speed: speedConfig,
    trip: tripConfig,
    severity: severityConfig,
    tickMs: count(50, 10, 500, 'Distance of two ticks [ms] (choice: an alert is at most so late)'),
    blinksPerMinuteWindowMs: ms(
      60_000,
      10_000,
      300_000,
      'Window of the blink statistics (choice: as PERCLOS)',
    ),
    restoreWithinMs: ms(
      60_000,
      0,
      600_000,
      'A saved state older than this is not restored (choice: as long as the short PERCLOS window)',
    ),
    saveEveryMs: ms(
      2000,
      200,
      60_000,
      'Distance of two saves of the state (choice: so much is lost in a crash)',
    ),
  },
  'The judgement',
);
export type JudgeConfig = z.output<typeof judgeConfig>;
