/** Every number of the judgement, each with its source. */
import { z } from 'zod';
import { count, deg, ms, ratio, section } from './units.ts';

export const judgeConfig = section(
  {
    eyes: section(
      {
        closedAt: ratio(
          0.8,
          0.5,
          0.95,
          'Closure from which an eye counts as closed (PERCLOS P80, Wierwille)',
        ),
        blinkAt: ratio(0.5, 0.2, 0.8, 'Closure at which a closure starts and ends'),
        longBlinkMs: ms(500, 200, 1000, 'Closure from which a blink is long (blink research: > 0.5 s)'),
        microsleepMs: ms(1000, 500, 3000, 'Closure from which it is a microsleep (Euro NCAP: 1-2 s)'),
        sleepMs: ms(3000, 1500, 10_000, 'Closure from which it is sleep (Euro NCAP: >= 3 s)'),
        minFpsForBlinks: z
          .number()
          .min(5)
          .max(60)
          .default(14)
          .describe(
            'Below this rate blink statistics are switched off [1/s] (detection 95 % at 30 Hz, 51 % at 10 Hz)',
          ),
        notSeenNoticeMs: ms(
          8000,
          1000,
          9500,
          'Eyes not seen for so long: notice (Euro NCAP: told within 10 s)',
        ),
      },
      'Eyes',
    ),
    perclos: section(
      {
        shortWindowMs: ms(60_000, 10_000, 300_000, 'Short window (Wierwille; NHTSA)'),
        longWindowMs: ms(180_000, 60_000, 600_000, 'Long window (best open rule set found)'),
        minSeenMs: ms(60_000, 10_000, 180_000, 'Seen eyes needed before an estimate is given'),
        awakeBelow: ratio(0.075, 0, 0.5, 'PERCLOS of an awake driver (NHTSA: < 0.075)'),
        drowsyFrom: ratio(
          0.15,
          0.01,
          0.9,
          'PERCLOS of a drowsy driver over the short window (NHTSA: > 0.15)',
        ),
        drowsyLongFrom: ratio(0.1, 0.01, 0.9, 'and over the long window (best open rule set: 0.10)'),
      },
      'PERCLOS',
    ),
    drowsiness: section(
      {
        warnFromKss: z
          .number()
          .min(5)
          .max(9)
          .default(8)
          .describe('kssEstimate from which drowsiness is a warning (EU DDAW: must at KSS >= 8, may at 7)'),
        clearBelowKss: z
          .number()
          .min(4)
          .max(9)
          .default(7)
          .describe('kssEstimate below which the warning ends (hysteresis of one step)'),
      },
      'Drowsiness',
    ),
    mouth: section(
      {
        yawnMar: ratio(
          0.4,
          0.2,
          1,
          'Mouth aspect ratio of a yawn (PROBES: talking <= .29, smiling .33, yawns > .4)',
        ),
        yawnMinMs: ms(2000, 500, 10_000, 'Shortest yawn (PROBES: 2.4-5.1 s in real clips)'),
        yawnGapMs: ms(330, 0, 2000, 'Gaps that are bridged (PROBES: < 10 frames at 30 Hz)'),
      },
      'Mouth',
    ),
    distraction: section(
      {
        awayYawDeg: deg(
          20,
          5,
          60,
          'Head yaw from neutral that leaves the road (openpilot: 0.40 rad = 23 deg; forward zone 22 x 14 deg)',
        ),
        awayPitchDownDeg: deg(
          18,
          5,
          60,
          'Head pitch below neutral that leaves the road (openpilot: 0.31 rad = 18 deg)',
        ),
        awayPitchUpDeg: deg(25, 5, 60, 'Head pitch above neutral that leaves the road'),
        levelMs: z
          .tuple([z.number(), z.number(), z.number()])
          .default([3000, 5000, 11_000])
          .describe(
            'Looking away so long raises the attention level to 1, 2, 3 at >= 50 km/h or speed unknown [ms] (Euro NCAP: >= 3 s; openpilot: 3 / 5 / 11 s)',
          ),
        slowLevelMs: ms(
          6000,
          1000,
          30_000,
          'Looking away so long raises level 1 between 20 and 50 km/h (EU ADDW: 6 s)',
        ),
        repeatedAwayMs: ms(
          10_000,
          2000,
          60_000,
          'Sum of short glances that is a distraction (Euro NCAP: 10 s)',
        ),
        repeatedWindowMs: ms(30_000, 5000, 120_000, 'within this window (Euro NCAP: 30 s)'),
        repeatedClearMs: ms(
          2000,
          500,
          10_000,
          'Eyes on the road for so long clear the sum (Euro NCAP: >= 2 s)',
        ),
        glanceMinMs: ms(300, 0, 2000, 'Shorter look-aways are not counted (EU ADDW: 0.3 s tolerance)'),
        mirrorGlanceMs: ms(2000, 0, 5000, 'Glances at a mirror zone shorter than this count for nothing'),
      },
      'Distraction',
    ),
    face: section(
      {
        lostNoticeMs: ms(8000, 1000, 9500, 'Face lost for so long: notice (Euro NCAP: told within 10 s)'),
        minPoseConfidence: ratio(0.5, 0, 1, 'Head pose below this confidence is uncertain'),
      },
      'Face',
    ),
    camera: section(
      {
        blockedNoticeMs: ms(
          8000,
          1000,
          9500,
          'Camera covered, frozen or silent for so long: notice (Euro NCAP: told within 10 s)',
        ),
      },
      'Camera',
    ),
    calibration: section(
      {
        provisionalMs: ms(3000, 500, 30_000, 'Face time until the provisional neutral pose (robust median)'),
        doneMs: ms(60_000, 5000, 300_000, 'Face time until calibration is done (openpilot: 60 s)'),
        provisionalAwayDeg: deg(30, 10, 60, 'Departures that count while calibrating'),
        maxOffsetDeg: deg(
          40,
          5,
          60,
          'Farthest neutral pose that is learned (camera on the mirror: 25-40 deg of yaw)',
        ),
        memoryMs: ms(360_000, 60_000, 3_600_000, 'Memory of the neutral pose (openpilot: 360 s)'),
        absentMs: ms(
          10_000,
          1000,
          600_000,
          'Face away for so long and a different one after: calibration starts anew',
        ),
      },
      'Per-driver calibration',
    ),
    speed: section(
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
        staleAfterMs: ms(10_000, 1000, 60_000, 'A speed older than this is unknown (GPS practice)'),
      },
      'Speed tiers; no speed known is the strictest tier',
    ),
    tickMs: count(50, 10, 500, 'Distance of two ticks [ms] (ARCHITECTURE: 50)'),
    blinksPerMinuteWindowMs: ms(60_000, 10_000, 300_000, 'Window of the blink statistics'),
    restoreWithinMs: ms(60_000, 0, 600_000, 'A saved state older than this is not restored'),
    saveEveryMs: ms(2000, 200, 60_000, 'Distance of two saves of the state'),
  },
  'The judgement',
);
export type JudgeConfig = z.output<typeof judgeConfig>;
