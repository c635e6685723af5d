/**
 * `node models/convert/draw-points.ts [OUT.png]`: draws the points of face-mesh-points.ts on the
 * portrait, with their indices, so that an eye can check what the tables claim.
 */
import { join } from 'node:path';
import sharp from 'sharp';
import { floatsOf } from '../engines/engine.ts';
import { onnxEngine } from '../engines/onnx.ts';
import { EYE, IRIS, LIPS, RIGID_POINTS } from '../face-mesh-points.ts';
import { DEFAULT_MODELS_FOLDER, prepareModels } from '../prepare.ts';

const PORTRAIT = join(import.meta.dirname, '..', '..', 'tests', 'fixtures', 'portrait.png');
/** The face, 1.5 times the box of its landmarks, in pixels of the portrait. */
const REGION = { left: 148, top: 48, width: 150, height: 150 };
const SIDE = 192;
const SCALE = 12;

const out = process.argv[2] ?? join(DEFAULT_MODELS_FOLDER, 'face-mesh-points.png');
const rgb = await sharp(PORTRAIT).extract(REGION).resize(SIDE, SIDE).removeAlpha().raw().toBuffer();
const planes = Float32Array.from(rgb, (_, index) => {
  const pixel = index % (SIDE * SIDE);
  return rgb[pixel * 3 + Math.floor(index / (SIDE * SIDE))]! / 255;
});
const { 'face-mesh': file } = await prepareModels(DEFAULT_MODELS_FOLDER, ['face-mesh']);
const network = await onnxEngine({ threads: 1 }).load(file);
const points = await network.run({ image: { data: planes, dims: [1, 3, SIDE, SIDE] } });

const marks = [
  ...['rightEye', 'leftEye'].flatMap((eye) => [
    ...dots(eye, EYE.lowerLid, 'cyan'),
    ...dots(eye, EYE.upperLid, 'yellow'),
    ...dots(eye, [EYE.outerCorner], 'red'),
    ...dots(eye, [EYE.innerCorner], 'lime'),
    ...dots(eye, [...EYE.browLower, ...EYE.browUpper], 'magenta'),
    ...dots(eye, EYE.cheek, 'white'),
  ]),
  ...['rightIris', 'leftIris'].flatMap((iris) => dots(iris, Object.values(IRIS), 'red')),
  ...dots('lips', LIPS.innerLower, 'cyan'),
  ...dots('lips', LIPS.innerUpper, 'yellow'),
  ...dots('lips', LIPS.outerLower, 'red'),
  ...dots('lips', LIPS.outerUpper, 'lime'),
  ...dots(
    'mesh',
    RIGID_POINTS.map((point) => point.mesh),
    'orange',
  ),
];
const size = SIDE * SCALE;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${marks.join('')}</svg>`;
await sharp(rgb, { raw: { width: SIDE, height: SIDE, channels: 3 } })
  .resize(size, size)
  .composite([{ input: Buffer.from(svg) }])
  .png()
  .toFile(out);
console.log(out);

function dots(output: string, indices: readonly number[], colour: string): string[] {
  const data = floatsOf(points, output);
  const stride = points[output]!.dims[2]!;
  return indices.map((index) => {
    const [x, y] = [data[index * stride]! * SCALE, data[index * stride + 1]! * SCALE];
    const label = `<text x="${x + 4}" y="${y - 3}" font-size="13" fill="${colour}">${index}</text>`;
    return `<circle cx="${x}" cy="${y}" r="4" fill="${colour}"/>${label}`;
  });
}
