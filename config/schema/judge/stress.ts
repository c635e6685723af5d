/** Stress: what a face and a voice express over a minute. Nobody has a validated rule; every number is a choice. */
import { z } from 'zod';
import { ms, ratio, section } from '../units.ts';

const share = (value: number, text: string) => z.number().min(0).max(1).default(value).describe(text);

export const stressConfig = section(
  {
    anger: share(1, 'What anger adds to the strain of a reading [ratio] (choice: high arousal)'),
    fear: share(1, 'What fear adds [ratio] (choice: high arousal)'),
    disgust: share(0.5, 'What disgust adds [ratio] (choice: networks mix it up with anger)'),
    minConfidence: ratio(
      0.4,
      0,
      1,
      'A reading whose best answer is less probable says nothing (choice: seven answers by chance give .14)',
    ),
    memoryMs: ms(
      30_000,
      5000,
      300_000,
      'Time constant with which readings lose their weight (choice: a minute holds 86 % of it)',
    ),
    readingMs: ms(
      1000,
      100,
      5000,
      'A reading stands for the time since the one before, so long at most (choice)',
    ),
    enoughMs: ms(
      8000,
      1000,
      60_000,
      'Confident readings of a face or a voice after which it has its full say (choice: one shout is 3-5 s)',
    ),
    loneShare: ratio(
      0.7,
      0,
      1,
      'Full say of one source without the other (choice: an angry voice alone may be singing, an angry face a frown)',
    ),
    raiseAt: ratio(0.55, 0.1, 1, 'Strain from which it is stress (choice)'),
    raiseAfterMs: ms(15_000, 0, 120_000, 'and for so long (choice: an outburst is over by then)'),
    clearBelow: ratio(0.35, 0, 1, 'Strain below which it is over (choice: hysteresis)'),
    everyMs: ms(1000, 100, 10_000, 'Distance of two judgements (choice)'),
    mouthMovesMar: z
      .number()
      .min(0)
      .max(1)
      .default(0.02)
      .describe(
        'A mouth this far from where it was moves [MAR] (measured: noise .001-.002, talk .05-.29; choice between)',
      ),
    mouthFollowMs: ms(
      1000,
      100,
      10_000,
      'Time constant of where the mouth was, and of how much it moves (choice)',
    ),
    mouthMovingShare: ratio(
      0.25,
      0,
      1,
      "Share of time in which the driver's mouth must move for a voice to be the driver's (choice)",
    ),
  },
  'Stress',
);
