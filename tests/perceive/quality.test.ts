import { describe, expect, it } from 'vitest';
import { createQualityMeter } from '../../agent/perceive/quality.ts';
import { configSchema } from '../../config/schema.ts';
import { gray, portrait } from './pictures.ts';

const config = configSchema.parse({}).perceive;
const measure = (picture: ReturnType<typeof gray>) => createQualityMeter(config).measure(picture, 0);
const checks = gray(320, 240, (x, y) => (((x >> 3) + (y >> 3)) % 2 === 0 ? 60 : 200));

describe('picture quality', () => {
  it('measures brightness and contrast in shares of full scale, whatever the range', () => {
    expect(measure(checks).brightness).toBeCloseTo(130 / 255, 2);
    expect(measure(checks).contrast).toBeCloseTo(70 / 255, 2);
    const yuv = new Uint8Array((64 * 64 * 3) / 2).fill(128);
    yuv.fill(235, 0, 32 * 64).fill(16, 32 * 64, 64 * 64);
    const limited = measure({ pixels: yuv, width: 64, height: 64, pixelFormat: 'yuv420p' });
    expect(limited.brightness).toBeCloseTo(0.5, 2);
    expect(limited.contrast).toBeCloseTo(0.5, 2);
  });

  it('calls a black picture dark and covered, a lit face neither', () => {
    expect(measure(gray(320, 240, () => 2))).toMatchObject({ dark: true, covered: true });
    expect(measure(portrait())).toMatchObject({ dark: false, covered: false, blurred: false });
  });

  it('calls an even red glow through a finger covered though it is bright', () => {
    expect(measure(gray(320, 240, (x, y) => 120 + x / 80 + y / 80))).toMatchObject({
      dark: false,
      covered: true,
    });
  });

  it('tells a blurred picture from a sharp one in any light', () => {
    expect(measure(portrait('gblur=sigma=5')).blurred).toBe(true);
    expect(measure(portrait('lutyuv=y=16+(val-16)*0.3')).blurred).toBe(false);
    expect(measure(portrait('lutyuv=y=16+(val-16)*0.3,gblur=sigma=5')).blurred).toBe(true);
  });
});

describe('a frozen camera', () => {
  const frames = (pictureAt: (i: number) => ReturnType<typeof gray>, count: number) => {
    const meter = createQualityMeter(config);
    return Array.from({ length: count }, (_, i) => meter.measure(pictureAt(i), i * 100).frozen);
  };
  const dots = (x: number, y: number) => 100 + ((x * 31 + y * 17) % 60);

  it('is noticed once the very same picture has come for frozenAfterMs', () => {
    const frozen = frames(() => gray(320, 240, dots), 40);
    expect(frozen.indexOf(true)).toBe(config.frozenAfterMs / 100);
    expect(frozen.at(-1)).toBe(true);
  });

  it('is none while a sensor adds the least noise', () => {
    const noisy = (i: number) =>
      gray(320, 240, (x, y) => dots(x, y) + ((x * 7 + y * 13 + i * 29) % 97 === 0 ? 1 : 0));
    expect(frames(noisy, 40)).not.toContain(true);
  });

  it('is none while only a few pixels off the grid move: lids in a film without noise', () => {
    const lids = (i: number) =>
      gray(320, 240, (x, y) => (x === 101 && y === 101 ? (i * 40) % 255 : dots(x, y)));
    expect(frames(lids, 40)).not.toContain(true);
  });

  it('is over with the first picture that differs', () => {
    const frozen = frames((i) => gray(320, 240, (x, y) => dots(x, y) + (i < 30 ? 0 : i)), 40);
    expect(frozen[29]).toBe(true);
    expect(frozen.slice(30)).not.toContain(true);
  });
});
