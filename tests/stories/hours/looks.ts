/**
 * Where attentive drivers look: mirrors, shoulders, signs, instruments, passengers. Angles in degrees from
 * rest, times in ms; `side` = +1 for a driver on the left, -1 on the right. All ranges are choices.
 */
import type { Random } from '../random.ts';
import { chain, either } from './chain.ts';
import { between } from './driver.ts';
import type { Effect } from './effects.ts';

/** Where a mirror hangs: bounds in degrees from rest, for a driver on the left. */
export interface Place {
  readonly yaw: readonly [number, number];
  readonly pitch: readonly [number, number];
}

export const NEAR: Place = { yaw: [42, 62], pitch: [-8, 4] };
export const INSIDE: Place = { yaw: [-44, -26], pitch: [8, 18] };
export const FAR: Place = { yaw: [-76, -52], pitch: [-8, 4] };
const MIRRORS: readonly Place[] = [NEAR, INSIDE, FAR];

/** Some turn the head, some mostly the eyes: the head takes half to all of the way. */
export function lookAt(atMs: number, forMs: number, place: Place, random: Random, side: 1 | -1): Effect {
  const yawDeg = side * between(random, ...place.yaw);
  return look(atMs, forMs, yawDeg, between(random, ...place.pitch), between(random, 0.5, 1));
}

/** A look of the head and the eyes together; `headShare` of it by the head. */
function look(atMs: number, forMs: number, yawDeg: number, pitchDeg: number, headShare: number): Effect {
  return {
    fromMs: atMs,
    toMs: atMs + forMs,
    yawDeg: yawDeg * headShare,
    pitchDeg: pitchDeg * headShare,
    gazeYawDeg: yawDeg * (1 - headShare),
    gazePitchDeg: pitchDeg * (1 - headShare),
  };
}

/** Mirror after mirror with short looks at the road between, for as long as the others let nobody in. */
export function merging(atMs: number, random: Random, side: 1 | -1): Effect[] {
  const endMs = atMs + between(random, 15_000, 40_000);
  return chain(
    atMs,
    endMs,
    [300, 900],
    (fromMs) => {
      const place = MIRRORS[Math.floor(random.next() * MIRRORS.length)]!;
      return lookAt(fromMs, between(random, 800, 1600), place, random, side);
    },
    random,
  );
}

export function shoulder(atMs: number, random: Random): Effect[] {
  return [look(atMs, between(random, 700, 1600), either(random) * between(random, 70, 95), 0, 0.9)];
}

export function instruments(atMs: number, random: Random): Effect[] {
  const pitchDeg = between(random, -34, -20);
  return [
    look(atMs, between(random, 400, 1300), between(random, -5, 5), pitchDeg, between(random, 0.2, 0.6)),
  ];
}

export function radio(atMs: number, random: Random, side: 1 | -1): Effect[] {
  const count = 1 + Math.floor(random.next() * 3);
  return chain(
    atMs,
    atMs + count * 2500,
    [1000, 2200],
    (fromMs) =>
      look(
        fromMs,
        between(random, 700, 1400),
        -side * between(random, 22, 34),
        between(random, -30, -18),
        0.6,
      ),
    random,
  );
}

export function signs(atMs: number, random: Random): Effect[] {
  const yawDeg = either(random) * between(random, 20, 36);
  return [look(atMs, between(random, 600, 1500), yawDeg, between(random, -2, 8), 0.7)];
}

/** Looks over the shoulder for seconds, at walking pace. */
export function reversing(atMs: number, random: Random, side: 1 | -1): Effect[] {
  const endMs = atMs + between(random, 8000, 20_000);
  return chain(
    atMs,
    endMs,
    [500, 1500],
    (fromMs) => ({
      ...look(fromMs, between(random, 2500, 6000), -side * between(random, 80, 110), 0, 1),
      lost: 0.7,
    }),
    random,
  );
}

export function junction(atMs: number, random: Random): Effect[] {
  const endMs = atMs + between(random, 4000, 12_000);
  return chain(
    atMs,
    endMs,
    [400, 1500],
    (fromMs) => look(fromMs, between(random, 900, 2600), either(random) * between(random, 45, 75), 0, 0.85),
    random,
  );
}

export function standing(atMs: number, random: Random): Effect[] {
  const endMs = atMs + between(random, 15_000, 60_000);
  return chain(
    atMs,
    endMs,
    [1000, 6000],
    (fromMs) =>
      look(
        fromMs,
        between(random, 1000, 12_000),
        either(random) * between(random, 10, 60),
        between(random, -30, 5),
        0.7,
      ),
    random,
  );
}

export function passenger(atMs: number, random: Random, side: 1 | -1): Effect[] {
  const endMs = atMs + between(random, 15_000, 60_000);
  return chain(
    atMs,
    endMs,
    [3000, 9000],
    (fromMs) =>
      look(fromMs, between(random, 600, 1300), -side * between(random, 40, 62), between(random, -5, 5), 0.8),
    random,
  );
}
