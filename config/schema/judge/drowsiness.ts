/** Weights of the drowsiness estimate; each part adds at most its weight in steps of the Karolinska scale. */
import { z } from 'zod';
import { ms, section } from '../units.ts';

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
      .describe('kssEstimate below which the warning ends (hysteresis of one step)'),
    everyMs: ms(1000, 100, 10_000, 'Distance of two estimates (choice)'),
    baseKss: kss(3, 'Estimate of a driver who shows nothing (KSS 3 = alert)'),
    perclosKss: kss(
      5,
      'PERCLOS from awake to drowsy in both windows (3 + 5 = 8: drowsy by the best open rule set)',
    ),
    closureKss: kss(2, 'Mean closure duration (blink research: AUC 0.82 against 0.68 for PERCLOS)'),
    closureFromMs: ms(
      250,
      50,
      1000,
      'Mean closure of a rested driver ends here (Caffier 2003: about 200 ms, tired 260)',
    ),
    closureToMs: ms(500, 100, 2000, 'Mean closure that has the whole weight (choice)'),
    longBlinkKss: kss(3, 'Long blinks (blink research: > 0.5 s is rare in rested drivers)'),
    longBlinksFrom: perMinute(2, 'Long blinks of a rested driver (choice)'),
    longBlinksTo: perMinute(10, 'Long blinks that have the whole weight (choice)'),
    yawnKss: kss(0.5, 'Each yawn (no validated rate: supporting evidence only)'),
    yawnMaxKss: kss(1.5, 'All yawns together (supporting evidence only)'),
    yawnWindowMs: ms(600_000, 60_000, 3_600_000, 'Window of the yawns (choice)'),
    tripKss: kss(1, 'Time on the trip (choice)'),
    tripFromMs: ms(
      7_200_000,
      0,
      36_000_000,
      'Driving time that starts to count (road safety advice: a break every 2 h)',
    ),
    tripToMs: ms(16_200_000, 0, 86_400_000, 'and has the whole weight (EU 561/2006: a break after 4.5 h)'),
    nightKss: kss(1, 'Driving in the night hours (Horne and Reyner 1995: sleep crashes peak at 2-6 h)'),
    nightFromHour: hour(0, 'Night hours begin (choice around the peak)'),
    nightToHour: hour(6, 'Night hours end (Horne and Reyner 1995)'),
    afternoonKss: kss(0.5, 'Driving in the afternoon dip (Horne and Reyner 1995: second peak at 14-16 h)'),
    afternoonFromHour: hour(14, 'Afternoon dip begins (Horne and Reyner 1995)'),
    afternoonToHour: hour(16, 'Afternoon dip ends (Horne and Reyner 1995)'),
    noBlinkConfidence: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe('Confidence is multiplied by this while blink statistics are off (choice)'),
  },
  'Drowsiness',
);
