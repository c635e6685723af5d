/**
 * What protocols and regulations ask of a driver monitor, in our words, and the tests that show it. Results
 * are never written here: they are read from a run of the tests.
 *
 * The words are paraphrased from sources that quote the primary documents ("as cited"): read the documents
 * themselves before you rely on a number. A clause without a test is not shown, whatever we believe of it.
 */

/** Tests by file, named by their titles as they stand in the source (`$name` and `%i` included). */
export type Shown = Readonly<Record<string, readonly string[]>>;

export interface Clause {
  readonly document: string;
  readonly asks: string;
  /** Empty = not shown. */
  readonly shown: Shown;
  /** Why not, or what the tests do not show. */
  readonly note?: string;
}

const NCAP = 'Euro NCAP driver state monitoring (as cited)';
const ADDW = 'EU ADDW, (EU) 2023/2590 (as cited)';
const DDAW = 'EU DDAW, (EU) 2021/1341 (as cited)';

const ATTENTION = 'tests/stories/attention.test.ts';
const EYES = 'tests/stories/eyes.test.ts';
const RESPONSE = 'tests/stories/response.test.ts';
const SEEING = 'tests/stories/seeing.test.ts';
const TIRED = 'tests/stories/tiredness.test.ts';
const DROWSY = 'tests/judge/drowsiness.test.ts';

const LONG_LOOK = 'is told of a long look away at 3.0 s, and of level 2 and 3 at 5 and 11 s';
const SIMULATED = 'shown on simulated signals, not on drivers';

export const CLAUSES: readonly Clause[] = [
  {
    document: ADDW,
    asks: 'warns after 3.5 s of looking away at 50 km/h and more',
    shown: { [ATTENTION]: [LONG_LOOK, 'of 50 km/h and more, or none known, is the strictest tier'] },
    note: SIMULATED,
  },
  {
    document: ADDW,
    asks: 'warns after 6 s of looking away between 20 and 50 km/h',
    shown: { [ATTENTION]: ['between 20 and 50 km/h gives six seconds'] },
    note: SIMULATED,
  },
  {
    document: ADDW,
    asks: 'the gaze is away when it is more than 30 degrees down',
    shown: {
      [ATTENTION]: [
        'with the eyes only, the head still, is told as well where the gaze is certain',
        'down, so that the lids cover the eyes, is told of distraction and never of closed eyes',
      ],
    },
    note: SIMULATED,
  },
  {
    document: ADDW,
    asks: 'a look back of up to 0.3 s does not interrupt looking away',
    shown: { [ATTENTION]: ['and back for 0.2 s in between has not looked at the road'] },
    note: SIMULATED,
  },
  {
    document: DDAW,
    asks: 'warns of drowsiness at KSS 8 and more',
    shown: {
      [DROWSY]: ['begins at the warning level and ends below the clearing level'],
      [TIRED]: ['is told once, while it lasts, and told why'],
    },
    note: 'shown for our estimate, which has not been compared with what drivers report',
  },
  {
    document: DDAW,
    asks: 'is active by itself at 70 km/h and more',
    shown: {
      'tests/stories/trips.test.ts': ['starts when the vehicle moves, not while it stands or crawls'],
    },
    note: 'with a speed source; without one a trip starts by ignition or presence',
  },
  {
    document: DDAW,
    asks: 'mean sensitivity above 40 %, its lower confidence bound above 20 %',
    shown: {},
    note: 'needs a study with drowsy drivers',
  },
  {
    document: DDAW,
    asks: 'a warning counts when the driver reports that KSS within 5 minutes before or after',
    shown: {},
    note: 'needs a study with drowsy drivers',
  },
  {
    document: NCAP,
    asks: 'long distraction from 3 s on',
    shown: { [ATTENTION]: [LONG_LOOK] },
    note: SIMULATED,
  },
  {
    document: NCAP,
    asks: 'repeated short glances: 10 s away within 30 s, cleared by 2 s on the road',
    shown: {
      [ATTENTION]: [
        'is told of ten seconds of short glances within thirty when the sum is reached',
        'and back for 2 s between the glances is never told of repeated glances',
      ],
    },
    note: SIMULATED,
  },
  {
    document: NCAP,
    asks: 'microsleep: eyes closed for 1 to 2 s',
    shown: { [EYES]: ['a microsleep of 1.5 s within normal blinking is told at 1.0 s (seed %i)'] },
    note: SIMULATED,
  },
  {
    document: NCAP,
    asks: 'sleep: eyes closed for 3 s and more',
    shown: { [EYES]: ['a sleep of 3.5 s is one closure: one alert, updated (seed %i)'] },
    note: SIMULATED,
  },
  {
    document: NCAP,
    asks: 'unresponsive: no return within 3 s of a warning',
    shown: {
      [RESPONSE]: [
        'whose eyes stay shut for 3 s after the warning does not respond, until they are seen open',
        'who looks away for 3 s more after the warning does not respond, until the road is looked at',
      ],
    },
    note: SIMULATED,
  },
  {
    document: NCAP,
    asks: 'unresponsive: closed or away for 6 s and more',
    shown: {
      [RESPONSE]: ['who drops out of sight after the warning does not respond 6 s after the eyes were shut'],
    },
    note: SIMULATED,
  },
  {
    document: NCAP,
    asks: 'drowsy at a KSS above 7',
    shown: { [TIRED]: ['is told once, while it lasts, and told why'] },
    note: 'shown for our estimate, which has not been compared with what drivers report',
  },
  {
    document: NCAP,
    asks: 'where hat, mask, sunglasses or a hand hide the face, the driver is told within 10 s',
    shown: {
      [SEEING]: ['of a driver on the $side is told on time at $fps frames per second, once, and cleared'],
      [EYES]: ['because of "%s" are never closed, whatever their EAR says'],
    },
    note: SIMULATED,
  },
  {
    document: NCAP,
    asks: 'talking, laughing and singing do not fool it',
    shown: { [EYES]: ['of somebody $what is no yawn'] },
    note: SIMULATED,
  },
  {
    document: NCAP,
    asks: 'eating, smoking, rubbing the eyes and sneezing do not fool it',
    shown: {},
    note: 'counted an hour by `npm run hours`, not passed or failed by a test of its own',
  },
];
