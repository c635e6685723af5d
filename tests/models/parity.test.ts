/** The converted networks against the original engine, on a real face. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatsOf } from '../../models/engines/engine.ts';
import type { Network, Tensors } from '../../models/engines/engine.ts';
import { onnxEngine } from '../../models/engines/onnx.ts';
import {
  EYE,
  IRIS,
  LIPS,
  MESH_OF_LEFT_EYE,
  MESH_OF_LIPS,
  MESH_OF_RIGHT_EYE,
} from '../../models/face-mesh-points.ts';
import { NETWORKS } from '../../models/manifest.ts';
import type { PackagedName } from '../../models/manifest.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../../models/prepare.ts';
import { FACE_REGION, WHOLE, portrait } from './portrait.ts';
import type { SquareImage } from './portrait.ts';
import { runOriginal, useBackend } from './reference.ts';

const LANDMARK_TOLERANCE_PX = 1e-3; // of the network's 192
const SCORE_TOLERANCE = 1e-4;

const open: Network[] = [];
beforeAll(() => useBackend('wasm'));
afterAll(() => Promise.all(open.map((network) => network.close())));

async function runConverted(name: PackagedName, image: SquareImage): Promise<Tensors> {
  const files = await prepareModels(DEFAULT_MODELS_FOLDER, [name]);
  const network = await onnxEngine({ threads: 1 }).load(files[name]);
  open.push(network);
  return network.run({ image: { data: image.nchw, dims: [1, 3, image.side, image.side] } });
}

function original(name: PackagedName, image: SquareImage, nodes: readonly string[]) {
  const { npmPackage, file } = NETWORKS[name].origin;
  return runOriginal(npmPackage, file, { data: image.nhwc, side: image.side }, nodes);
}

const largestDifference = (a: Float32Array, b: Float32Array): number => {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - b[index]!)), 0);
};

const sigmoid = (logits: Float32Array): Float32Array => logits.map((logit) => 1 / (1 + Math.exp(-logit)));

const joined = (...parts: (Float32Array | undefined)[]): Float32Array =>
  Float32Array.from(parts.flatMap((part) => Array.from(part ?? [])));

describe('face-mesh', () => {
  let ours: Tensors;
  let theirs: Readonly<Record<string, Float32Array>>;
  const point = (output: string, index: number) => {
    const { data, dims } = ours[output]!;
    const at = index * dims[2]!;
    return { x: Number(data[at]), y: Number(data[at + 1]) };
  };
  const nodeOf = {
    mesh: 'output_mesh_identity',
    rightEye: 'output_left_eye',
    leftEye: 'output_right_eye',
    lips: 'output_lips',
    rightIris: 'output_left_iris',
    leftIris: 'output_right_iris',
  };

  beforeAll(async () => {
    const image = await portrait(FACE_REGION, 192, 0, 1);
    ours = await runConverted('face-mesh', image);
    theirs = await original('face-mesh', image, [...Object.values(nodeOf), 'conv_faceflag']);
  });

  it.each(Object.entries(nodeOf))('gives the landmarks of %s as the original engine does', (output, node) => {
    const difference = largestDifference(floatsOf(ours, output), theirs[node]!);
    console.log(`face-mesh ${output}: largest difference ${difference.toExponential(1)} px`);
    expect(difference).toBeLessThanOrEqual(LANDMARK_TOLERANCE_PX);
  });

  it('gives the face flag as the original engine does, and sees the face', () => {
    const flag = sigmoid(floatsOf(ours, 'faceFlag'));
    expect(largestDifference(flag, sigmoid(theirs.conv_faceflag!))).toBeLessThanOrEqual(SCORE_TOLERANCE);
    expect(flag[0]).toBeGreaterThan(0.99);
  });

  it('gives the shapes that the manifest names', () => {
    for (const { name, dims } of NETWORKS['face-mesh'].outputs) expect(ours[name]?.dims, name).toEqual(dims);
  });

  it('names eyes as the driver would: the right eye lies left in the picture', () => {
    expect(point('rightEye', EYE.innerCorner).x).toBeLessThan(point('leftEye', EYE.innerCorner).x);
    expect(point('rightEye', EYE.outerCorner).x).toBeLessThan(point('rightEye', EYE.innerCorner).x);
    expect(point('leftEye', EYE.outerCorner).x).toBeGreaterThan(point('leftEye', EYE.innerCorner).x);
  });

  it.each(['rightEye', 'leftEye'])('has the upper lid of %s above the lower one', (eye) => {
    for (const [upper, lower] of EYE.lidPairs) expect(point(eye, upper).y).toBeLessThan(point(eye, lower).y);
    for (const brow of EYE.browUpper.slice(1, 6))
      expect(point(eye, brow).y).toBeLessThan(point(eye, EYE.upperLid[3]!).y);
  });

  it('has the iris points where their names say, the centre within the eye', () => {
    for (const side of ['right', 'left']) {
      const iris = (index: number) => point(`${side}Iris`, index);
      expect(iris(IRIS.pictureLeft).x).toBeLessThan(iris(IRIS.centre).x);
      expect(iris(IRIS.centre).x).toBeLessThan(iris(IRIS.pictureRight).x);
      expect(iris(IRIS.top).y).toBeLessThan(iris(IRIS.centre).y);
      expect(iris(IRIS.centre).y).toBeLessThan(iris(IRIS.bottom).y);
      const corners = [EYE.outerCorner, EYE.innerCorner].map((corner) => point(`${side}Eye`, corner).x);
      expect(iris(IRIS.centre).x).toBeGreaterThan(Math.min(...corners));
      expect(iris(IRIS.centre).x).toBeLessThan(Math.max(...corners));
    }
  });

  it('has the lips run from right to left, the inner top above the inner bottom', () => {
    const xs = LIPS.innerLower.map((index) => point('lips', index).x);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    for (const [upper, lower] of LIPS.innerPairs)
      expect(point('lips', upper).y).toBeLessThan(point('lips', lower).y);
    expect(point('lips', LIPS.rightCorner).x).toBeLessThan(point('lips', LIPS.leftCorner).x);
  });

  it.each([
    ['rightEye', MESH_OF_RIGHT_EYE],
    ['leftEye', MESH_OF_LEFT_EYE],
    ['lips', MESH_OF_LIPS],
  ])('has each point of %s near the mesh point that it refines', (output, meshIndices) => {
    const shifts = meshIndices.map((mesh, index) => {
      const [coarse, fine] = [point('mesh', mesh), point(output, index)];
      return Math.hypot(coarse.x - fine.x, coarse.y - fine.y);
    });
    // On this face the mean is 0.8-1.7 px; two swapped runs of points would be 10 px and more apart.
    expect(Math.max(...shifts)).toBeLessThan(5);
  });
});

describe.each([
  ['blazeface', 128],
  ['blazeface-back', 256],
] as const)('%s', (name, side) => {
  let ours: Tensors;
  let theirs: Readonly<Record<string, Float32Array>>;

  beforeAll(async () => {
    const image = await portrait(WHOLE, side, -1, 1);
    ours = await runConverted(name, image);
    theirs = await original(name, image, ['Identity', 'Identity_1', 'Identity_2', 'Identity_3']);
  });

  it('gives the scores of all anchors as the original engine does', () => {
    const difference = largestDifference(
      sigmoid(floatsOf(ours, 'scores')),
      sigmoid(joined(theirs.Identity, theirs.Identity_1)),
    );
    console.log(`${name} scores: largest difference ${difference.toExponential(1)}`);
    expect(difference).toBeLessThanOrEqual(SCORE_TOLERANCE);
  });

  it('gives the boxes of all anchors as the original engine does', () => {
    const difference = largestDifference(
      floatsOf(ours, 'boxes'),
      joined(theirs.Identity_2, theirs.Identity_3),
    );
    console.log(`${name} boxes: largest difference ${difference.toExponential(1)} px of ${side}`);
    expect(difference).toBeLessThanOrEqual(LANDMARK_TOLERANCE_PX);
  });

  it('finds the face where it is, with eyes in it, read as the manifest says', () => {
    const scores = sigmoid(floatsOf(ours, 'scores'));
    const best = scores.indexOf(Math.max(...scores));
    const boxes = floatsOf(ours, 'boxes').subarray(best * 16, best * 16 + 16);
    const cells = best < 512 ? 16 : 8;
    const cell = best < 512 ? Math.floor(best / 2) : Math.floor((best - 512) / 6);
    const middle = { x: ((cell % cells) + 0.5) / cells, y: (Math.floor(cell / cells) + 0.5) / cells };
    const place = (index: number) => ({
      x: (boxes[index]! / side + middle.x) * 512,
      y: (boxes[index + 1]! / side + middle.y) * 512,
    });
    expect(scores[best]).toBeGreaterThan(0.8);
    const face = place(0);
    expect(Math.hypot(face.x - 224, face.y - 125)).toBeLessThan(15); // seen by eye in the portrait
    const [rightEye, leftEye] = [place(4), place(6)];
    expect(Math.hypot(rightEye.x - 203, rightEye.y - 100)).toBeLessThan(10);
    expect(Math.hypot(leftEye.x - 247, leftEye.y - 103)).toBeLessThan(10);
  });
});
