/**
 * What attentive drivers do, each with how often an hour and what it does to the picture. All rates and
 * durations are choices after everyday driving; no drive was annotated for them.
 *
 * `side` = +1 for a driver on the left (near mirror at positive yaw), -1 on the right. Times in ms.
 */
import type { Random } from '../random.ts';
import { between } from './driver.ts';
import type { Effect } from './effects.ts';
import {
  eating,
  glare,
  hand,
  laughing,
  pothole,
  rubbing,
  singing,
  sneezing,
  talking,
  yawning,
} from './faces.ts';
import {
  FAR,
  INSIDE,
  instruments,
  junction,
  lookAt,
  merging,
  NEAR,
  passenger,
  radio,
  reversing,
  shoulder,
  signs,
  standing,
} from './looks.ts';
import type { Place } from './looks.ts';

export interface Habit {
  readonly name: string;
  readonly perHour: number;
  /** Habits of one channel never overlap. */
  readonly channel: 'head' | 'mouth' | 'light' | 'road';
  /** Speed while it lasts, km/h, where it needs another than that of the drive. */
  readonly speedKmh?: number;
  make(atMs: number, random: Random, side: 1 | -1): Effect[];
}

export const HABITS: readonly Habit[] = [
  mirror('near mirror', 50, NEAR),
  mirror('inside mirror', 50, INSIDE),
  mirror('far mirror', 25, FAR),
  { name: 'merging in traffic', perHour: 6, channel: 'head', make: merging },
  { name: 'shoulder check', perHour: 12, channel: 'head', make: shoulder },
  { name: 'instruments', perHour: 60, channel: 'head', make: instruments },
  { name: 'radio', perHour: 8, channel: 'head', make: radio },
  { name: 'signs and people', perHour: 20, channel: 'head', make: signs },
  { name: 'reversing', perHour: 1, channel: 'head', speedKmh: 6, make: reversing },
  { name: 'junction', perHour: 6, channel: 'head', speedKmh: 12, make: junction },
  { name: 'standing', perHour: 4, channel: 'head', speedKmh: 0, make: standing },
  { name: 'talking to the passenger', perHour: 4, channel: 'head', make: passenger },
  { name: 'talking', perHour: 10, channel: 'mouth', make: talking },
  { name: 'laughing', perHour: 6, channel: 'mouth', make: laughing },
  { name: 'singing', perHour: 2, channel: 'mouth', make: singing },
  { name: 'sneezing', perHour: 3, channel: 'mouth', make: sneezing },
  { name: 'eating', perHour: 1.5, channel: 'mouth', make: eating },
  { name: 'yawning', perHour: 1, channel: 'mouth', make: yawning },
  { name: 'rubbing an eye', perHour: 4, channel: 'head', make: rubbing },
  { name: 'hand before the face', perHour: 5, channel: 'head', make: hand },
  { name: 'sun glare', perHour: 4, channel: 'light', make: glare },
  { name: 'pothole', perHour: 20, channel: 'road', make: pothole },
];

function mirror(name: string, perHour: number, place: Place): Habit {
  return {
    name,
    perHour,
    channel: 'head',
    make: (atMs, random, side) => [lookAt(atMs, between(random, 500, 1400), place, random, side)],
  };
}
