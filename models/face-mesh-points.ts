/**
 * What the points of the `face-mesh` network are. Left and right are the driver's own; the driver's
 * right eye lies left in a picture that is not mirrored. Indices count points, not numbers.
 *
 * Sources, all Apache-2.0, https://github.com/google-ai-edge/mediapipe at 9a4a0fb7:
 * orders of eyes, lips and irises: mediapipe/modules/face_landmark/tensors_to_face_landmarks_with_attention.pbtxt;
 * canonical face and weights: mediapipe/modules/face_geometry/data/geometry_pipeline_metadata_landmarks.pbtxt.
 * Checked by eye on the portrait (models/README.md says how).
 */

/** Numbers `from` to `to`, both included. */
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, offset) => from + offset);

/**
 * Points of the outputs `rightEye` and `leftEye`. Both eyes have the same order, from the outer
 * corner (at the temple) to the inner one (at the nose).
 */
export const EYE = {
  outerCorner: 0,
  innerCorner: 8,
  /** Edge of the lower lid, outer to inner corner, both included. */
  lowerLid: range(0, 8),
  /** Edge of the upper lid, outer to inner, without the corners. */
  upperLid: range(9, 15),
  /** [upper, lower] points of the lids' edges that lie above one another, outer to inner. */
  lidPairs: range(1, 7).map((index) => [index + 8, index] as const),
  /** Rings around the eye, each lower edge outer to inner with corners, then upper without them. */
  secondRing: range(16, 31),
  thirdRing: range(32, 47),
  /** Lower edge of the eyebrow, outer to inner. */
  browLower: range(48, 53),
  /** Cheek below the third ring, outer to inner. */
  cheek: range(54, 62),
  /** Upper edge of the eyebrow, outer to inner (its first and last point lie beside the brow). */
  browUpper: range(63, 70),
} as const;

/** Points of the outputs `rightIris` and `leftIris`; directions are those of the picture. */
export const IRIS = { centre: 0, pictureRight: 1, top: 2, pictureLeft: 3, bottom: 4 } as const;

/** Points of the output `lips`. Every run goes from the driver's right to the left. */
export const LIPS = {
  rightCorner: 0,
  leftCorner: 10,
  /** Outer edge: below with the corners, above without. */
  outerLower: range(0, 10),
  outerUpper: range(11, 19),
  innerRightCorner: 20,
  innerLeftCorner: 30,
  /** Inner edge, around the opening: below with the corners, above without. */
  innerLower: range(20, 30),
  innerUpper: range(31, 39),
  /** Middle of the lower lip's and of the upper lip's inner edge. */
  innerBottom: 25,
  innerTop: 35,
  /** [upper, lower] points of the inner edge that lie above one another. */
  innerPairs: range(21, 29).map((index) => [index + 10, index] as const),
  /** Two more runs on the lips themselves, outside in: below with the corners, above without. */
  semiOuter: range(40, 59),
  semiInner: range(60, 79),
} as const;

/** Which points of the output `mesh` the 71 points of `rightEye` refine. */
export const MESH_OF_RIGHT_EYE: readonly number[] = [
  33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173, 130, 25, 110, 24, 23, 22, 26,
  112, 243, 247, 30, 29, 27, 28, 56, 190, 226, 31, 228, 229, 230, 231, 232, 233, 244, 113, 225, 224, 223, 222,
  221, 189, 35, 124, 46, 53, 52, 65, 143, 111, 117, 118, 119, 120, 121, 128, 245, 156, 70, 63, 105, 66, 107,
  55, 193,
];

/** The same for `leftEye`. */
export const MESH_OF_LEFT_EYE: readonly number[] = [
  263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398, 359, 255, 339, 254, 253,
  252, 256, 341, 463, 467, 260, 259, 257, 258, 286, 414, 446, 261, 448, 449, 450, 451, 452, 453, 464, 342,
  445, 444, 443, 442, 441, 413, 265, 353, 276, 283, 282, 295, 372, 340, 346, 347, 348, 349, 350, 357, 465,
  383, 300, 293, 334, 296, 336, 285, 417,
];

/** The same for the 80 points of `lips`. */
export const MESH_OF_LIPS: readonly number[] = [
  61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409, 78, 95, 88, 178,
  87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415, 76, 77, 90, 180, 85, 16, 315, 404,
  320, 307, 306, 184, 74, 73, 72, 11, 302, 303, 304, 408, 62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292,
  183, 42, 41, 38, 12, 268, 271, 272, 407,
];

/** A point of the mesh that hardly moves against the skull. */
export interface RigidPoint {
  /** Index in the output `mesh`. */
  readonly mesh: number;
  /**
   * Where it lies on MediaPipe's canonical face, centimetres: x to the driver's left, y up, z out of
   * the face; the origin lies inside the head.
   */
  readonly xCm: number;
  readonly yCm: number;
  readonly zCm: number;
  /** Its weight in MediaPipe's own fit of the head pose. */
  readonly weight: number;
}

/**
 * MediaPipe's basis for the head pose, without the eight points that jaw and cheeks move
 * (132, 136, 147, 205 and 361, 365, 376, 425): a yawn must not read as a nod.
 */
export const RIGID_POINTS: readonly RigidPoint[] = [
  { mesh: 4, xCm: 0.0, yCm: -0.46317, zCm: 7.58658, weight: 0.07091 }, // nose tip
  { mesh: 6, xCm: 0.0, yCm: 2.473255, zCm: 5.788627, weight: 0.0321 }, // bridge of the nose, between the eyes
  { mesh: 10, xCm: 0.0, yCm: 8.261778, zCm: 4.481535, weight: 0.008447 }, // top of the forehead
  { mesh: 33, xCm: -4.445859, yCm: 2.663991, zCm: 3.173422, weight: 0.058724 }, // right eye, outer corner
  { mesh: 54, xCm: -6.279331, yCm: 6.615427, zCm: 1.42585, weight: 0.007667 }, // right forehead, outside
  { mesh: 67, xCm: -3.523964, yCm: 8.005976, zCm: 3.729163, weight: 0.009078 }, // right forehead, top
  { mesh: 117, xCm: -5.258659, yCm: 0.945811, zCm: 2.974312, weight: 0.009792 }, // right cheekbone, outside
  { mesh: 119, xCm: -3.300681, yCm: 0.861641, zCm: 3.872784, weight: 0.014565 }, // right cheekbone, under the eye
  { mesh: 121, xCm: -1.820731, yCm: 1.467954, zCm: 4.224124, weight: 0.018591 }, // right cheekbone, beside the nose
  { mesh: 127, xCm: -7.743095, yCm: 2.364999, zCm: -2.005167, weight: 0.005198 }, // right temple, before the ear
  { mesh: 129, xCm: -1.785794, yCm: -0.978284, zCm: 4.85047, weight: 0.120625 }, // right wing of the nose
  { mesh: 133, xCm: -1.856432, yCm: 2.585245, zCm: 3.757904, weight: 0.053286 }, // right eye, inner corner
  { mesh: 143, xCm: -6.407571, yCm: 2.236021, zCm: 1.560843, weight: 0.014817 }, // right temple, beside the eye
  { mesh: 198, xCm: -1.246815, yCm: 0.230297, zCm: 5.681036, weight: 0.025462 }, // right side of the nose
  { mesh: 263, xCm: 4.445859, yCm: 2.663991, zCm: 3.173422, weight: 0.058724 }, // left eye, outer corner
  { mesh: 284, xCm: 6.279331, yCm: 6.615427, zCm: 1.42585, weight: 0.007667 }, // left forehead, outside
  { mesh: 297, xCm: 3.523964, yCm: 8.005976, zCm: 3.729163, weight: 0.009078 }, // left forehead, top
  { mesh: 346, xCm: 5.258659, yCm: 0.945811, zCm: 2.974312, weight: 0.009792 }, // left cheekbone, outside
  { mesh: 348, xCm: 3.300681, yCm: 0.861641, zCm: 3.872784, weight: 0.014565 }, // left cheekbone, under the eye
  { mesh: 350, xCm: 1.820731, yCm: 1.467954, zCm: 4.224124, weight: 0.018591 }, // left cheekbone, beside the nose
  { mesh: 356, xCm: 7.743095, yCm: 2.364999, zCm: -2.005167, weight: 0.005198 }, // left temple, before the ear
  { mesh: 358, xCm: 1.785794, yCm: -0.978284, zCm: 4.85047, weight: 0.120625 }, // left wing of the nose
  { mesh: 362, xCm: 1.856432, yCm: 2.585245, zCm: 3.757904, weight: 0.053286 }, // left eye, inner corner
  { mesh: 372, xCm: 6.407571, yCm: 2.236021, zCm: 1.560843, weight: 0.014817 }, // left temple, beside the eye
  { mesh: 420, xCm: 1.246815, yCm: 0.230297, zCm: 5.681036, weight: 0.025462 }, // left side of the nose
];
