/** Bilinear sampling of an image at given places, as one GridSample. */
import { inNchw, inTfOrder } from '../layout.ts';
import { inputOf } from './op.ts';
import type { Operation } from './op.ts';

/** Inputs: image [1, H, W, C] and places [1, h, w, 2] as (x, y) in its pixels. Output [1, h, w, C]. */
export const bilinearSample: Operation = (writer, node, inputs) => {
  const image = inputOf(node, inputs, 0);
  const at = inputOf(node, inputs, 1);
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  // GridSample counts from -1 (centre of the first pixel) to 1 (centre of the last).
  const scale = writer.floats(Float32Array.of(2 / (width - 1), 2 / (height - 1)), [2]);
  const offset = writer.floats(Float32Array.of(-1, -1), [2]);
  const grid = writer.node('Add', [writer.node('Mul', [inTfOrder(writer, at), scale]), offset]);
  const name = writer.node('GridSample', [inNchw(writer, image), grid], {
    align_corners: 1,
    mode: 'bilinear',
    padding_mode: 'zeros',
  });
  return { name, shape: [batch, at.shape[1]!, at.shape[2]!, channels], layout: 'nchw' };
};
