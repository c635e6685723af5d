/** The measuring of faces and sound. */
import { z } from 'zod';
import { count, deg, ms, ratio, section } from './units.ts';

export const perceiveConfig = section(
  {
    seat: z
      .enum(['any', 'left', 'right'])
      .default('any')
      .describe(
        'Side of the picture on which the driver sits when several faces are seen; any = the largest face',
      ),
    minFaceScore: ratio(
      0.5,
      0.1,
      0.99,
      'Detector score from which a box is a face (measured: no face missed in four real clips at 0.5)',
    ),
    minTrackScore: ratio(0.5, 0.1, 0.99, 'Mesh face flag below which the face is searched anew'),
    regionScale: z
      .number()
      .min(1.1)
      .max(2.5)
      .default(1.5)
      .describe('Tracked region / landmark box (MediaPipe: 1.5)'),
    detectEveryMs: ms(
      0,
      0,
      5000,
      'While no face is tracked: shortest time between two searches; 0 = every frame',
    ),
    verifyEveryMs: ms(
      2000,
      200,
      60_000,
      'While a face is tracked: time between two searches that check it is still the driver (choice; 1 ms of CPU a second)',
    ),
    farEyeYawDeg: deg(
      30,
      10,
      60,
      'Head yaw towards a side from which the far eye is no longer read (measured: noise beyond 35-40)',
    ),
    eyesDownPitchDeg: deg(
      18,
      5,
      60,
      'Gaze + head pitch below neutral from which lids are "down", not "closed"',
    ),
    minEyePx: z
      .number()
      .min(4)
      .max(100)
      .default(10)
      .describe('An eye narrower than this cannot be read [px] (choice; a face 80 px tall has eyes of 13)'),
    eyeDarkestAbove: ratio(
      0.5,
      0.2,
      1,
      'Darkest spot between the lids / skin below, above which no eye is seen: reflections, a hand (measured: open eyes of two clips .15-.39, behind reflecting glasses .58; 1,125 frames of drivers: closed eyes <= .5, sunglasses .36-.71)',
    ),
    eyeSocketBelow: ratio(
      0.4,
      0.1,
      0.9,
      'Skin below the eye / cheek, below which a dark lens covers it when the eye shows little structure too (measured: sunglasses .19-.35, faces mostly .5-.9)',
    ),
    eyeState: z
      .boolean()
      .default(true)
      .describe(
        'Asks the eye network besides the landmarks: open, closed or not visible (off, or its licence not allowed: landmarks alone)',
      ),
    eyeStateEveryMs: ms(500, 50, 10_000, 'Each eye is asked so often (choice: 4 runs a second in all)'),
    eyeStateShutEveryMs: ms(
      100,
      20,
      10_000,
      'and so often while its lids read as shut (choice: two or three times a blink)',
    ),
    eyeHiddenAbove: ratio(
      0.3,
      0.05,
      0.95,
      'Mean probability of "not visible" above which an eye is covered (measured on 313 frames of drivers: visible eyes 0 %, sunglasses 85 %)',
    ),
    eyeAgreedBelow: ratio(
      0.4,
      0.05,
      0.9,
      'Mean probability of what the landmarks say below which an eye is covered: they draw open eyes on reflections (measured there: visible eyes .5 %, reflections 32 %)',
    ),
    eyeSureFrom: ratio(
      0.9,
      0.5,
      0.999,
      'and from which the network overrules light and dark between the lids (measured there: 92 % of the visible eyes)',
    ),
    lookDownDropMs: ms(
      60,
      20,
      300,
      'Lids that fall from open to closed within this may be a look down (measured: 25-50; a turn of the eyes by 40 deg takes 110 in all)',
    ),
    lookDownAfterMs: ms(
      900,
      400,
      2000,
      'and must stay down for so long to be taken for one: longer than a slow blink, shorter than a microsleep (choice)',
    ),
    lookDownUntilMs: ms(
      2500,
      1000,
      10_000,
      'From here on they count as closed whatever the cause: a warning follows at 3.5 s (EU ADDW: gaze far down, 3.5 s)',
    ),
    talkMarStep: ratio(
      0.04,
      0.005,
      0.5,
      'A mouth that differs by this from its mean of the last second moves as in talk (measured: talk .04-.25, shut lips < .02)',
    ),
    talkMemoryMs: ms(
      5000,
      500,
      60_000,
      'A driver who spoke within this is not yet asleep (choice; the one real look down came 3.5 s after talk)',
    ),
    mouthState: z
      .boolean()
      .default(true)
      .describe(
        'Asks the mouth network whether an open mouth yawns (off, or its licence not allowed: landmarks alone)',
      ),
    mouthStateEveryMs: ms(
      200,
      50,
      10_000,
      'While the mouth is open it is asked so often (choice: ten times in the shortest yawn)',
    ),
    mouthStateFromMar: ratio(
      0.3,
      0.1,
      1,
      'Open = from this mouth aspect ratio (measured: talking <= .29; yawns open wider)',
    ),
    wideMouthMar: ratio(
      0.4,
      0.2,
      1,
      'A mouth this wide yawns and does not talk (measured: talking <= .29, yawns > .4)',
    ),
    drowsyClosures: count(
      3,
      1,
      20,
      'So many slow closures within drowsyMemoryMs: lids that fall are believed closed at once (choice)',
    ),
    drowsyMemoryMs: ms(60_000, 10_000, 600_000, 'Memory of slow closures (choice)'),
    darkBelow: ratio(0.06, 0, 0.5, 'Mean luma below which a picture is dark'),
    coveredContrastBelow: ratio(
      0.03,
      0,
      0.2,
      'Luma spread below which the lens counts as covered if no face is found (measured: clips .1-.31, at a tenth of their light .01-.03)',
    ),
    blurredBelow: ratio(
      0.0015,
      0,
      0.1,
      'Sharpness below which a picture is blurred (measured at 640 px width: clips .04-.13; under a Gaussian of 2 px .002-.004, eyes just readable; of 3 px up to .0013, no longer)',
    ),
    frozenAfterMs: ms(2000, 200, 30_000, 'Identical pictures for so long: the camera is frozen'),
    workerSilentMs: ms(
      5000,
      500,
      60_000,
      'No answer from the perceive worker for so long: it is killed and restarted',
    ),
    affect: z
      .boolean()
      .default(true)
      .describe('Reads what face and voice express, for stress; labels stay in the vehicle'),
    affectEveryMs: ms(
      400,
      100,
      10_000,
      'A face is read so often (choice: 2-5 times a second, moods last longer)',
    ),
    affectYawDeg: deg(
      40,
      10,
      90,
      'Head yaw towards the camera beyond which a face is not read (choice: the training faces look ahead)',
    ),
    affectSpeechShare: ratio(
      0.3,
      0.05,
      1,
      'Share of speech from which a window of sound is read (choice: one second in three)',
    ),
    vadThreshold: ratio(
      0.5,
      0.05,
      0.95,
      'Silero speech probability from which a frame of sound is speech (its authors: 0.5)',
    ),
  },
  'Perception',
);
export type PerceiveConfig = z.output<typeof perceiveConfig>;
