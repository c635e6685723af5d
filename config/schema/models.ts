/** The networks: licence, where they lie, how they are computed, and a researcher's own in place of ours. */
import { z } from 'zod';
import { count, section } from './units.ts';

/** Names of the networks trained here; models/manifest has their facts (a test holds the two together). */
const TRAINED = [
  'eye-state',
  'mouth',
  'face-emotion',
  'face-sex',
  'voice',
  'voice-open',
  'source-image',
  'source-voice',
] as const;

const licence = z.enum(['any-use', 'research']);

/** One optional setting per network of ours. */
const perNetwork = <T extends z.ZodType>(setting: T, text: string) =>
  section(
    Object.fromEntries(TRAINED.map((name) => [name, setting.optional()])) as Record<
      (typeof TRAINED)[number],
      z.ZodOptional<T>
    >,
    text,
  );

const customNetwork = z.strictObject({
  file: z.string().describe('model.json of a Keras/TF.js layers model (its weights beside it), or an .onnx'),
  engine: z
    .enum(['tfjs', 'onnx'])
    .describe('tfjs: by @tensorflow/tfjs-node, else @tensorflow/tfjs; onnx: by ONNX Runtime'),
  gives: z
    .enum(['logits', 'probabilities'])
    .default('probabilities')
    .describe('What comes out: probabilities (a softmax ends the network) or logits'),
  licence: licence
    .default('research')
    .describe('Licence class of its weights; with models.licence any-use only any-use is loaded'),
});

export const modelsConfig = section(
  {
    licence: licence
      .default('research')
      .describe('any-use: only networks whose licence allows any use; research: all of them'),
    folder: z
      .string()
      .optional()
      .describe("Folder of the ONNX files taken from packages; left out = the program's own"),
    threads: count(1, 1, 4, 'Threads of one inference'),
    providers: z
      .array(z.string().regex(/^[a-z0-9]+$/, 'the name of an ONNX Runtime provider, like cuda'))
      .default([])
      .describe(
        'ONNX Runtime providers by preference, e.g. [tensorrt, cuda] with a build of your own on a Jetson; those that the build lacks are left out, the CPU comes last',
      ),
    precision: perNetwork(
      z.enum(['int8', 'fp32']),
      'Precision of a network of ours by its name; left out = int8 where there is an INT8 file, else fp32',
    ),
    custom: perNetwork(customNetwork, 'A network of your own in place of one of ours, by the name of ours'),
  },
  'The networks',
);
export type ModelsConfig = z.output<typeof modelsConfig>;
