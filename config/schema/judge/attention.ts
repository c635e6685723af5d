/** Looking away, mirrors and the neutral pose. */
import { z } from 'zod';
import { deg, ms, ratio, section } from '../units.ts';

/** A rectangle of directions from the neutral pose in which a short look belongs to driving. */
const mirrorZone = z.strictObject({
  name: z.string().min(1),
  yawMinDeg: z.number().min(-120).max(120),
  yawMaxDeg: z.number().min(-120).max(120),
  pitchMinDeg: z.number().min(-90).max(90),
  pitchMaxDeg: z.number().min(-90).max(90),
});

export const distractionConfig = section(
  {
    awayYawDeg: deg(
      20,
      5,
      60,
      'Head yaw from neutral that leaves the road (openpilot: 0.40 rad = 23 deg; best open rule set found: forward zone 22 x 14 deg)',
    ),
    awayPitchDownDeg: deg(
      18,
      5,
      60,
      'Head pitch below neutral that leaves the road (openpilot: 0.31 rad = 18 deg)',
    ),
    awayPitchUpDeg: deg(25, 5, 60, 'Head pitch above neutral that leaves the road (choice)'),
    backDeg: deg(4, 0, 20, 'The head is back on the road so far inside these limits (choice: hysteresis)'),
    gazeYawDeg: deg(30, 10, 90, 'Head and eyes together: yaw that leaves the road (choice)'),
    gazePitchDeg: deg(
      30,
      10,
      90,
      'Head and eyes together: pitch that leaves the road (EU ADDW: 30 deg down)',
    ),
    minGazeConfidence: ratio(0.5, 0, 1, 'Gaze below this confidence is not used (choice)'),
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
      'Looking away so long raises level 1 between 20 and 50 km/h; 2 and 3 follow at the same distances (EU ADDW: 6 s)',
    ),
    recoveryAtLeast: ratio(
      1.25,
      0,
      10,
      'Attention wears inattention off so fast, ms per ms, when little of it is left (openpilot: 1.25)',
    ),
    recoveryAtMost: ratio(
      5,
      0,
      20,
      'and so fast when level 3 is near (openpilot: 5; full recovery from level 2 in about 2.5 s)',
    ),
    repeatedAwayMs: ms(10_000, 2000, 60_000, 'Sum of short glances that is a distraction (Euro NCAP: 10 s)'),
    repeatedWindowMs: ms(30_000, 5000, 120_000, 'within this window (Euro NCAP: 30 s)'),
    repeatedClearMs: ms(2000, 500, 10_000, 'Eyes on the road for so long clear the sum (Euro NCAP: >= 2 s)'),
    glanceMinMs: ms(
      300,
      0,
      2000,
      'Shorter look-aways are not counted, shorter looks back do not interrupt (EU ADDW: 0.3 s tolerance)',
    ),
    mirrorGlanceMs: ms(
      2000,
      0,
      5000,
      'Glances at a mirror zone shorter than this count for nothing (choice: a look into a mirror is over by then)',
    ),
    driverSide: z
      .enum(['left', 'right'])
      .default('left')
      .describe(
        'Side of the vehicle on which the driver sits; right mirrors the mirror zones (the installer knows)',
      ),
    mirrorZones: z
      .array(mirrorZone)
      .default([
        { name: 'near-mirror', yawMinDeg: 38, yawMaxDeg: 70, pitchMinDeg: -15, pitchMaxDeg: 12 },
        { name: 'inside-mirror', yawMinDeg: -55, yawMaxDeg: -20, pitchMinDeg: 4, pitchMaxDeg: 30 },
        { name: 'far-mirror', yawMinDeg: -90, yawMaxDeg: -45, pitchMinDeg: -15, pitchMaxDeg: 12 },
      ])
      .describe(
        'Mirrors seen from a driver on the left, degrees from neutral, yaw positive to the left, pitch positive up (choice, after common car geometry)',
      ),
  },
  'Distraction',
);

export const calibrationConfig = section(
  {
    provisionalMs: ms(
      3000,
      500,
      30_000,
      'Face time until the provisional neutral pose, a robust median (choice)',
    ),
    doneMs: ms(60_000, 5000, 300_000, 'Face time until calibration is done (openpilot: 60 s)'),
    provisionalAwayDeg: deg(
      30,
      10,
      60,
      'Departures that count while calibrating (choice: wider than once the driver is known)',
    ),
    maxOffsetDeg: deg(
      40,
      5,
      60,
      'Farthest neutral pose that is learned (measured: camera on the mirror 25-40 deg of yaw)',
    ),
    memoryMs: ms(360_000, 60_000, 3_600_000, 'Memory of the neutral pose (openpilot: 360 s)'),
    awayWeight: ratio(
      0.25,
      0,
      1,
      'Weight of time spent looking away, once calibrated (choice: a moved camera is learned in the end, a phone is not)',
    ),
    minSpeedKmh: z
      .number()
      .min(0)
      .max(100)
      .default(20)
      .describe(
        'With a known speed only faster driving is learned [km/h] (openpilot: 47; here the speed from which look-aways count)',
      ),
    sampleMs: ms(
      100,
      0,
      1000,
      'The open-eye level and the neutral pose learn at most so often (choice: cost)',
    ),
    absentMs: ms(
      10_000,
      1000,
      600_000,
      'Face away for so long: whoever comes back is compared with the driver before (choice)',
    ),
    otherPoseDeg: deg(
      8,
      1,
      60,
      'A resting pose that differs by more after that is another driver: calibration starts anew (choice)',
    ),
    otherEarShare: ratio(0.2, 0.05, 1, 'The same for the open-eye level, share of it (choice)'),
  },
  'Per-driver calibration',
);
