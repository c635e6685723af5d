/** How each converted network is made: which nodes of the TensorFlow graph become which outputs. */
import type { PackagedName } from '../manifest.ts';
import type { ConversionSpec } from './convert.ts';

const blazeFace = (name: string): ConversionSpec => ({
  name,
  input: 'image',
  outputs: [
    { name: 'scores', from: ['Identity', 'Identity_1'], dims: [1, -1] },
    { name: 'boxes', from: ['Identity_2', 'Identity_3'], dims: [1, -1, 16] },
  ],
});

/**
 * The graph samples its 48x48 feature image around eyes and lips with indices limited to 48, one
 * beyond the last: near the border of the region ONNX Runtime then refuses to compute, where the
 * original engine reads what lies behind its array. Limited to 47 the border pixel is repeated.
 */
const SAMPLE_LIMITS = [
  'Minimum/y',
  'Minimum_1/y',
  'Minimum_2/y',
  'Minimum_3/y',
  'Minimum_4/y',
  'Minimum_5/y',
];

const faceMesh: ConversionSpec = {
  name: 'face-mesh',
  input: 'image',
  constants: Object.fromEntries(SAMPLE_LIMITS.map((name) => [name, [47, 47]])),
  // The graph names eyes as seen in the picture; we name them as the driver would.
  outputs: [
    { name: 'mesh', from: ['output_mesh'], dims: [1, 468, 3] },
    { name: 'rightEye', from: ['output_left_eye'], dims: [1, 71, 2] },
    { name: 'leftEye', from: ['output_right_eye'], dims: [1, 71, 2] },
    { name: 'lips', from: ['output_lips'], dims: [1, 80, 2] },
    { name: 'rightIris', from: ['output_left_iris'], dims: [1, 5, 2] },
    { name: 'leftIris', from: ['output_right_iris'], dims: [1, 5, 2] },
    { name: 'faceFlag', from: ['conv_faceflag'], dims: [1] },
  ],
};

/** By network; those that are copied as they are have none. */
export const RECIPES: Readonly<Partial<Record<PackagedName, ConversionSpec>>> = {
  blazeface: blazeFace('blazeface'),
  'blazeface-back': blazeFace('blazeface-back'),
  'face-mesh': faceMesh,
};
