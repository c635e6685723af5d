/** Weights of the drowsiness estimate; each part adds at most its weight in steps of the Karolinska scale. */
import { z } from 'zod';
import { deg, ms, ratio, section } from '../units.ts';

const kss = (value: number, text: string) =>
  z.number().min(0).max(9).default(value).describe(`${text} [KSS]`);
const perMinute = (value: number, text: string) =>
  z.number().min(0).max(60).default(value).describe(`${text} [1/min]`);
const hour = (value: number, text: string) =>
  z.number().min(0).max(24).default(value).describe(`${text} [h]`);

export const drowsinessConfig = section(
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
      .describe('kssEstimate below which the warning ends (choice: hysteresis of one step)'),
    everyMs: ms(1000, 100, 10_000, 'Distance of two estimates (choice)'),
    baseKss: kss(3, 'Estimate of a driver who shows nothing (Karolinska scale: 3 = alert)'),
    perclosKss: kss(
      5,
      'PERCLOS from awake to drowsy in both windows (3 + 5 = 8: drowsy by the best open rule set)',
    ),
    closureKss: kss(2, 'Mean closure duration (blink research: AUC 0.82 against 0.68 for PERCLOS)'),
    closureFromMs: ms(
      250,
      50,
      1000,
      'Mean closure of a rested driver ends here (choice; Caffier et al. 2003: blinks grow longer with drowsiness)',
    ),
    closureToMs: ms(500, 100, 2000, 'Mean closure that has the whole weight (choice)'),
    reopenKss: kss(
      1,
      'How slowly the lids reopen (Caffier et al. 2003, Schleicher et al. 2008: grows reliably with drowsiness; weight: choice)',
    ),
    reopenedBelow: ratio(
      0.3,
      0.05,
      0.6,
      'Lids that were shut are open again below this closure (choice: above the noise of open eyes)',
    ),
    reopenFromMs: ms(150, 20, 1000, 'Mean reopening of a rested driver ends here (choice)'),
    reopenToMs: ms(350, 50, 2000, 'Mean reopening that has the whole weight (choice)'),
    reopenLongestMs: ms(1500, 200, 10_000, 'Lids that take longer droop and are not reopening (choice)'),
    longBlinkKss: kss(
      3,
      'Long blinks (Caffier et al. 2003: the share of long closures tells drowsiness; weight: choice)',
    ),
    longBlinksFrom: perMinute(2, 'Long blinks of a rested driver (choice)'),
    longBlinksTo: perMinute(10, 'Long blinks that have the whole weight (choice)'),
    yawnKss: kss(0.5, 'Each yawn (choice: no validated rate, supporting evidence only)'),
    yawnMaxKss: kss(1.5, 'All yawns together (choice: supporting evidence only)'),
    yawnWindowMs: ms(600_000, 60_000, 3_600_000, 'Window of the yawns (choice)'),
    nodKss: kss(0.25, 'Each head nod with shut eyes (choice: no validated rate, supporting evidence only)'),
    nodMaxKss: kss(0.5, 'All head nods together (choice: supporting evidence only)'),
    nodWindowMs: ms(600_000, 60_000, 3_600_000, 'Window of the head nods (choice: as for yawns)'),
    nodDeg: deg(10, 4, 40, 'Least depth of a head nod below the resting pitch (choice: noise is 1-2)'),
    nodFallMs: ms(1000, 100, 5000, 'A head nod falls within (choice)'),
    nodLongestMs: ms(3000, 500, 10_000, 'A head nod is over within (choice: longer is a look down)'),
    nodShutMs: ms(
      300,
      50,
      2000,
      'Eyes seen shut for so long with it, or it is a look down (choice: longer than a blink that goes with a look)',
    ),
    supportMaxKss: kss(
      3.5,
      'Yawns, nods, time and hour together (choice: with the base below the end of a warning)',
    ),
    tripKss: kss(1, 'Time on the trip (choice)'),
    tripFromMs: ms(
      7_200_000,
      0,
      36_000_000,
      'Driving time that starts to count (choice; common road safety advice: a break every 2 h)',
    ),
    tripToMs: ms(
      16_200_000,
      0,
      86_400_000,
      'and has the whole weight (Regulation (EC) 561/2006, for lorries and buses: a break after 4.5 h)',
    ),
    nightKss: kss(
      1,
      'Driving in the night hours (Horne and Reyner 1995: sleep-related crashes peak around 2, 6 and 16 h; weight: choice)',
    ),
    nightFromHour: hour(0, 'Night hours begin (choice: before the peak at 2 h)'),
    nightToHour: hour(6, 'Night hours end (Horne and Reyner 1995)'),
    afternoonKss: kss(
      0.5,
      'Driving in the afternoon dip (Horne and Reyner 2000: sleep-related crashes peak around 2-6 h and 14-16 h; weight: choice)',
    ),
    afternoonFromHour: hour(14, 'Afternoon dip begins (Horne and Reyner 2000)'),
    afternoonToHour: hour(16, 'Afternoon dip ends (Horne and Reyner 2000)'),
    noBlinkConfidence: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe('Confidence is multiplied by this while blink statistics are off (choice)'),
  },
  'Drowsiness',
);
