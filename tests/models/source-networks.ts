/** The source system's two networks as Keras layers, "Emotion AI: Predicting Humans Affectively". */
import * as tf from '@tensorflow/tfjs';

/** Counted by Keras, the norms' running means and variances included. */
export const SOURCE_IMAGE = { parameters: 3_966_407, trainable: 3_965_511 };
export const SOURCE_VOICE = { parameters: 676_558, trainable: 675_598 };

const relu = { padding: 'same', activation: 'relu' } as const;

/** 48x48x1; two convolutions each of 64 3x3, 128 5x5, 256 3x3, norm and pool after each pair; 256, 256, 7. */
export function sourceImage(): tf.LayersModel {
  const model = tf.sequential();
  for (const [block, [filters, kernelSize]] of (
    [
      [64, 3],
      [128, 5],
      [256, 3],
    ] as const
  ).entries()) {
    const first = block === 0 ? { inputShape: [48, 48, 1] } : {};
    model.add(tf.layers.conv2d({ ...first, filters, kernelSize, ...relu }));
    model.add(tf.layers.conv2d({ filters, kernelSize, ...relu }));
    model.add(tf.layers.batchNormalization());
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  }
  return withHead(model, [256, 256], 7);
}

/** 49x1; convolutions of 32 k3, 64 k3, 128 k5, 256 k3, norm and pool after each; 512, 256, 14. */
export function sourceVoice(): tf.LayersModel {
  const model = tf.sequential();
  for (const [block, [filters, kernelSize]] of (
    [
      [32, 3],
      [64, 3],
      [128, 5],
      [256, 3],
    ] as const
  ).entries()) {
    const first = block === 0 ? { inputShape: [49, 1] } : {};
    model.add(tf.layers.conv1d({ ...first, filters, kernelSize, ...relu }));
    model.add(tf.layers.batchNormalization());
    model.add(tf.layers.maxPooling1d({ poolSize: 2 }));
  }
  return withHead(model, [512, 256], 14);
}

function withHead(model: tf.Sequential, hidden: readonly number[], classes: number): tf.LayersModel {
  model.add(tf.layers.flatten());
  for (const units of hidden) model.add(tf.layers.dense({ units, activation: 'relu' }));
  model.add(tf.layers.dropout({ rate: 0.2 }));
  model.add(tf.layers.dense({ units: classes, activation: 'softmax' }));
  return model;
}

/** Parameters as Keras prints them: total and trainable. */
export const countsOf = (model: tf.LayersModel): { parameters: number; trainable: number } => ({
  parameters: model.countParams(),
  trainable: model.trainableWeights.reduce(
    (sum, weight) => sum + weight.shape.reduce<number>((product, size) => product * Number(size), 1),
    0,
  ),
});
