/** Eyelids, PERCLOS and mouth: the numbers of what is measured on a face. */
import { z } from 'zod';
import { deg, ms, ratio, section } from '../units.ts';

export const eyesConfig = section(
  {
    minConfidence: ratio(0.3, 0, 1, 'An eye read with less confidence counts as not seen (choice)'),
    readableYawDeg: deg(
      42,
      20,
      90,
      'Head yaw towards the camera beyond which neither eye is read (measured: the near eye of a driver at the mirror reads half shut at 45-60)',
    ),
    readableBackDeg: deg(
      8,
      0,
      20,
      'Eyes that were read are read so far beyond it (choice: hysteresis for a camera far to the side)',
    ),
    defaultOpenEar: ratio(
      0.3,
      0.15,
      0.5,
      "Open-eye EAR before the driver's own is known (measured: .29-.35)",
    ),
    minOpenEar: ratio(
      0.15,
      0.1,
      0.3,
      'Lowest EAR that can be an open eye (measured: closed .04-.10; choice)',
    ),
    maxOpenEar: ratio(0.5, 0.3, 0.9, 'Highest EAR that can be an open eye (choice)'),
    closedEarRatio: ratio(
      0.25,
      0.05,
      0.5,
      'EAR of a fully closed eye / open-eye EAR (measured: blinks dip to .15-.25)',
    ),
    openQuantile: ratio(
      0.7,
      0.5,
      0.95,
      "Quantile of the driver's EAR that is the open-eye level (choice: above the median, so that drooping lids do not become the norm)",
    ),
    openMemoryMs: ms(300_000, 30_000, 3_600_000, 'Memory of the open-eye level (choice)'),
    openPriorMs: ms(1000, 100, 60_000, 'Seen time that outweighs the default open-eye level (choice)'),
    openSettledMs: ms(
      60_000,
      5000,
      600_000,
      'Seen time after which the open-eye level falls only slowly (choice)',
    ),
    openFallPerMinute: ratio(
      0.02,
      0,
      1,
      'Fastest fall of a settled open-eye level, share a minute (choice: a drowsy driver is not learned)',
    ),
    closedAt: ratio(0.8, 0.5, 0.95, 'Closure from which an eye counts as closed (PERCLOS P80, Wierwille)'),
    blinkAt: ratio(
      0.5,
      0.2,
      0.8,
      'Closure at which a closure starts and ends (blink duration at half level)',
    ),
    blinkUntil: ratio(0.4, 0.1, 0.8, 'Closure below which it has ended for good (choice: hysteresis)'),
    blinkPeak: ratio(
      0.8,
      0.3,
      1,
      'A blink reaches at least this closure (as PERCLOS P80; in four real clips blinks reach .95-1, a squint in laughing .76)',
    ),
    blinkMinMs: ms(50, 0, 200, 'Shorter dips are noise (choice: one frame at 24-30 fps)'),
    longBlinkMs: ms(500, 200, 1000, 'Closure from which a blink is long (blink research: > 0.5 s)'),
    microsleepMs: ms(1000, 500, 3000, 'Closure from which it is a microsleep (Euro NCAP: 1-2 s)'),
    sleepMs: ms(3000, 1500, 10_000, 'Closure from which it is sleep (Euro NCAP: >= 3 s)'),
    closedShare: ratio(
      0.6,
      0,
      1,
      'Share of a long closure in which the eye is closed by P80, else it is a squint (choice)',
    ),
    closedSteadyShare: ratio(
      0.8,
      0,
      1,
      'Share of the time since the lids first shut in which they stay shut by P80; a squint wavers around it (choice)',
    ),
    shutMeanClosure: ratio(
      0.9,
      0.5,
      1,
      'Mean closure, since the lids first shut, of a microsleep; after the time of a sleep closedAt is enough (measured: shut lids read .9-1, 47 of the 58 frames above .7 in four real clips; squints up to .76)',
    ),
    closedShareInYawn: ratio(
      0.9,
      0,
      1,
      'The same while the mouth is wide open: a yawn squeezes the eyes half shut (choice)',
    ),
    closingMaxMs: ms(
      350,
      100,
      3000,
      'Lids that take longer from half shut to shut were squinting before: the closure starts at shut (choice: some times as long as the lids of a blink take)',
    ),
    reopenMs: ms(300, 0, 2000, 'Open for so long ends a microsleep or sleep (choice: a flutter does not)'),
    minFpsForBlinks: z
      .number()
      .min(5)
      .max(60)
      .default(14)
      .describe(
        'Below this rate blink statistics are switched off [1/s] (blink research: detection 95 % at 30 Hz, 51 % at 10 Hz)',
      ),
    notSeenNoticeMs: ms(8000, 1000, 9500, 'Eyes not seen for so long: notice (Euro NCAP: told within 10 s)'),
    glimpseMs: ms(
      600,
      0,
      5000,
      'Eyes seen for less than this are as good as not seen, though that time does not count (choice: a blink and its surroundings)',
    ),
    notSeenAgainMs: ms(
      60_000,
      8000,
      600_000,
      'For a cause that was told lately they must be out of sight for so long to be told again (choice: reflections come and go)',
    ),
    notSeenLatelyMs: ms(
      900_000,
      0,
      3_600_000,
      'Lately = less than so long after it last hid the eyes (choice: a quarter of an hour)',
    ),
  },
  'Eyes',
);

export const perclosConfig = section(
  {
    shortWindowMs: ms(60_000, 10_000, 300_000, 'Short window (Wierwille; NHTSA)'),
    longWindowMs: ms(180_000, 60_000, 600_000, 'Long window (best open rule set found)'),
    minSeenMs: ms(60_000, 10_000, 180_000, 'Seen eyes in the long window needed for an estimate (choice)'),
    minShortFill: ratio(0.5, 0, 1, 'and this share of the short window (choice)'),
    awakeBelow: ratio(0.075, 0, 0.5, 'PERCLOS of an awake driver over the short window (NHTSA: < 0.075)'),
    awakeLongBelow: ratio(0.05, 0, 0.5, 'and over the long window (choice: the same share of its threshold)'),
    drowsyFrom: ratio(0.15, 0.01, 0.9, 'PERCLOS of a drowsy driver over the short window (NHTSA: > 0.15)'),
    drowsyLongFrom: ratio(0.1, 0.01, 0.9, 'and over the long window (best open rule set: 0.10)'),
  },
  'PERCLOS',
);

export const mouthConfig = section(
  {
    minConfidence: ratio(0.3, 0, 1, 'A mouth read with less confidence counts as not seen (choice)'),
    yawnMar: ratio(
      0.4,
      0.2,
      1,
      'Mouth aspect ratio of a yawn (measured: talking <= .29, smiling .33, yawns > .4)',
    ),
    yawnMinMs: ms(2000, 500, 10_000, 'Shortest yawn (measured: 2.4-5.1 s in real clips)'),
    yawnGapMs: ms(330, 0, 2000, 'Gaps that are bridged (measured: < 10 frames at 30 Hz)'),
    yawnOpenShare: ratio(
      0.75,
      0,
      1,
      'Share of a yawn in which the mouth is that wide open (choice: laughing opens and shuts)',
    ),
    yawnProbability: ratio(
      0.8,
      0,
      1,
      'Mean probability of a yawn while it lasts, by the mouth network where it answers (measured at a mouth this wide: 226 of 230 frames of yawning drivers not trained on are above; so are 22 of 33 laughing and talking faces)',
    ),
    yawnAfterMs: ms(1000, 0, 5000, 'The eyes stay squeezed for so long after the mouth shuts (choice)'),
  },
  'Mouth',
);
