/** Speeds that cannot be true are not passed on. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openSpeedCheck } from '../../hardware/context/plausible-speed.ts';

/** Speeds one second apart. */
const through = (...speeds: number[]) => {
  const check = openSpeedCheck(250);
  return speeds.map((kmh, second) => check(kmh, second * 1000));
};

it('drops what is no number, negative or absurdly fast', () => {
  expect(through(NaN, -1, 251, Infinity, -Infinity, 50)).toEqual([null, null, null, null, null, 50]);
});

it('follows full braking and a hard start', () => {
  const braking = [130, 94, 58, 22, 0, 30, 60];
  expect(through(...braking)).toEqual(braking);
});

it('drops a single jump and believes one that is confirmed three times', () => {
  expect(through(50, 200, 51, 52)).toEqual([50, null, 51, 52]);
  expect(through(50, 180, 181, 182, 183)).toEqual([50, null, null, 182, 183]);
  expect(through(50, 180, 20, 180, 20, 250)).toEqual([50, null, 20, null, 20, null]);
});

it('takes any speed after a pause', () => {
  const check = openSpeedCheck(250);
  expect([check(120, 0), check(0, 11_000)]).toEqual([120, 0]);
});

it('never passes on anything but a finite speed within bounds', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (speeds) => {
      for (const speed of through(...speeds))
        if (speed !== null) expect(speed >= 0 && speed <= 250).toBe(true);
    }),
  );
});
