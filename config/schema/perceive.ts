/** Networks and the measuring of faces and sound. */
import { z } from 'zod';
import { count, deg, ms, ratio, section } from './units.ts';

export const modelsConfig = section(
  {
    licence: z
      .enum(['any-use', 'research'])
      .default('research')
      .describe('any-use: only networks whose licence allows any use; research: all of them'),
    folder: z.string().optional().describe("Folder of the ONNX files; left out = the program's own"),
    threads: count(1, 1, 4, 'Threads of one inference'),
  },
  'The networks',
);

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
      'Detector score from which a box is a face (PROBES: 0 misses in four clips at 0.5)',
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
    farEyeYawDeg: deg(
      30,
      10,
      60,
      'Head yaw towards a side from which the far eye is no longer read (PROBES: noise beyond 35-40)',
    ),
    eyesDownPitchDeg: deg(
      18,
      5,
      60,
      'Gaze + head pitch below neutral from which lids are "down", not "closed"',
    ),
    darkBelow: ratio(0.06, 0, 0.5, 'Mean luma below which a picture is dark'),
    coveredContrastBelow: ratio(0.02, 0, 0.2, 'Luma spread below which the lens counts as covered'),
    blurredBelow: z
      .number()
      .min(0)
      .max(1000)
      .default(2)
      .describe('Sharpness below which a picture is blurred [variance of the Laplacian]'),
    frozenAfterMs: ms(2000, 200, 30_000, 'Identical pictures for so long: the camera is frozen'),
    workerSilentMs: ms(
      5000,
      500,
      60_000,
      'No answer from the perceive worker for so long: it is killed and restarted',
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
export type ModelsConfig = z.output<typeof modelsConfig>;
export type PerceiveConfig = z.output<typeof perceiveConfig>;
