/** When a drive begins and ends, for a judge that has to find out by itself. */
import { z } from 'zod';
import { ms, section } from '../units.ts';

export const tripConfig = section(
  {
    automatic: z
      .boolean()
      .default(true)
      .describe(
        'Trips start and end by ignition, speed or presence; false = only when told (choice: recordings are always told)',
      ),
    ignitionStaleMs: ms(
      60_000,
      1000,
      3_600_000,
      'An ignition state older than this is unknown (choice: a source that repeats itself every few seconds)',
    ),
    ignitionOffMs: ms(
      5000,
      0,
      600_000,
      'Ignition off for so long ends the trip (choice: the dip while an engine is cranked does not)',
    ),
    standingEndMs: ms(
      900_000,
      60_000,
      14_400_000,
      'Known to stand for so long ends the trip ((EC) 561/2006: the shortest part of a break is 15 min)',
    ),
    presenceStartMs: ms(
      10_000,
      1000,
      300_000,
      'Face or voice for so long starts a trip where neither ignition nor speed is known (choice)',
    ),
    presenceGapMs: ms(
      5000,
      500,
      60_000,
      'Presence goes on over gaps up to this (choice: a pause in speech, a look into the back)',
    ),
    presenceEndMs: ms(
      600_000,
      60_000,
      7_200_000,
      'Neither face nor voice for so long ends a trip, unless ignition or speed say that it goes on (choice)',
    ),
  },
  'Trips: ignition where it is known, else speed where it is known, else presence',
);
