/**
 * A picture as the camera delivers it: raw planes, never copied, never converted as a whole.
 * Input: bytes of one frame in a slot of the frame ring. Output: a view that crop and quality read from.
 */
import type { FrameFormat } from '../../hardware/camera/camera.ts';
import { frameBytes } from '../../hardware/camera/camera.ts';

/** One frame, borrowed: valid until the perceiver has answered. Layouts: hardware/camera/camera.ts. */
export interface PictureView extends FrameFormat {
  /** At least `frameBytes` long; row-major, planes packed. */
  readonly pixels: Uint8Array;
}

/** @throws Error with one sentence when the bytes cannot hold the picture they claim to be. */
export function checkPicture(picture: PictureView): void {
  const { pixels, width, height, pixelFormat } = picture;
  const needed = frameBytes(picture);
  if (width < 16 || height < 16 || pixels.length < needed) {
    throw new Error(
      `picture of ${width}x${height} ${pixelFormat} needs at least 16x16 pixels in ${needed} bytes, found ${pixels.length}`,
    );
  }
}
