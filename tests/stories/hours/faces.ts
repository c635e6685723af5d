/**
 * What attentive drivers do with mouth, lids and hands, and what light and road do to the picture. Times in
 * ms, mouth as aspect ratio, closure and squint 0-1. Ranges are choices where no measurement is named.
 */
import type { Random } from '../random.ts';
import { chain } from './chain.ts';
import { between } from './driver.ts';
import type { Effect } from './effects.ts';

/** Syllables: talking stays below .29 (measured). */
export function talking(atMs: number, random: Random): Effect[] {
  return syllables(atMs, between(random, 8000, 90_000), [0.08, 0.29], random);
}

/** A phrase of syllables, each of its own width and length. */
function syllables(atMs: number, forMs: number, high: readonly [number, number], random: Random): Effect[] {
  const effects: Effect[] = [];
  for (let fromMs = atMs; fromMs < atMs + forMs;) {
    const periodMs = between(random, 160, 400);
    const pauseMs = random.next() < 0.1 ? between(random, 300, 1500) : 0;
    effects.push({
      fromMs,
      toMs: fromMs + periodMs,
      mouth: { low: 0.02, high: between(random, ...high), periodMs },
    });
    fromMs += periodMs + pauseMs;
  }
  return effects;
}

/** The mouth wide and the lids half shut (most in a real laugh: .76, held here all the while), the head back. */
export function laughing(atMs: number, random: Random): Effect[] {
  const toMs = atMs + between(random, 1500, 6000);
  const mouth = { low: 0.2, high: between(random, 0.35, 0.65), periodMs: between(random, 180, 320) };
  return [
    { fromMs: atMs, toMs, mouth, squint: between(random, 0.4, 0.76), pitchDeg: between(random, 3, 10) },
  ];
}

export function singing(atMs: number, random: Random): Effect[] {
  const endMs = atMs + between(random, 30_000, 120_000);
  return chain(
    atMs,
    endMs,
    [200, 900],
    (fromMs) => {
      const forMs = between(random, 200, 1600);
      return {
        fromMs,
        toMs: fromMs + forMs,
        mouth: { low: 0.05, high: between(random, 0.15, 0.55), periodMs: forMs },
      };
    },
    random,
  );
}

/** The mouth opens, then the lids shut with a nod; often twice. */
export function sneezing(atMs: number, random: Random): Effect[] {
  const count = random.next() < 0.5 ? 1 : 2;
  return Array.from({ length: count }, (_, index) => {
    const fromMs = atMs + index * 3000;
    const sneezeMs = fromMs + between(random, 600, 1400);
    return [
      {
        fromMs,
        toMs: sneezeMs,
        mouth: { low: 0.3, high: 0.5, periodMs: 0 },
        squint: between(random, 0.3, 0.7),
      },
      {
        fromMs: sneezeMs,
        toMs: sneezeMs + between(random, 350, 850),
        closure: 1,
        pitchDeg: -20,
        rampMs: 60,
        lost: 0.2,
      },
    ];
  }).flat();
}

/** Chewing, and a bite every few seconds with a short look down. */
export function eating(atMs: number, random: Random): Effect[] {
  const endMs = atMs + between(random, 60_000, 200_000);
  const chewing = { low: 0.01, high: 0.1, periodMs: 700 };
  const bites = chain(
    atMs,
    endMs,
    [7000, 15_000],
    (fromMs) => ({
      fromMs,
      toMs: fromMs + between(random, 500, 1200),
      pitchDeg: between(random, -16, -6),
      gazePitchDeg: between(random, -14, -4),
      mouth: { low: 0.1, high: 0.5, periodMs: 0 },
    }),
    random,
  );
  return [{ fromMs: atMs, toMs: endMs, mouth: chewing }, ...bites];
}

/** Yawns of rested drivers: 2.4-5.1 s in real clips, the eyes squeezed as in the narrowest real squint at most. */
export function yawning(atMs: number, random: Random): Effect[] {
  const toMs = atMs + between(random, 2400, 5100);
  const mouth = { low: 0.45, high: between(random, 0.5, 1.1), periodMs: 0 };
  return [
    { fromMs: atMs, toMs, mouth },
    { fromMs: atMs + 600, toMs: toMs - 300, squint: between(random, 0.4, 0.76), rampMs: 400 },
  ];
}

/** One eye at a time, mostly out of sight under the hand; sometimes both are shut shortly. */
export function rubbing(atMs: number, random: Random): Effect[] {
  const toMs = atMs + between(random, 1000, 3500);
  const bothMs = between(random, 300, 850);
  const one: Effect = { fromMs: atMs, toMs, closure: 1, oneEye: true, pitchDeg: -4 };
  const covered: Effect = { ...one, unseen: 'covered' };
  const both: Effect = { fromMs: atMs, toMs: atMs + bothMs, closure: 1, rampMs: 80 };
  return [random.next() < 0.8 ? covered : one, ...(random.next() < 0.3 ? [both] : [])];
}

export function hand(atMs: number, random: Random): Effect[] {
  return [
    {
      fromMs: atMs,
      toMs: atMs + between(random, 300, 2500),
      lost: random.next() < 0.5 ? 0.9 : 0,
      unseen: 'covered',
    },
  ];
}

/** Lids narrow against the sun; every so often the picture is too bright to read the eyes. */
export function glare(atMs: number, random: Random): Effect[] {
  const toMs = atMs + between(random, 2000, 15_000);
  const squint: Effect = { fromMs: atMs, toMs, squint: between(random, 0.3, 0.65), rampMs: 400 };
  const blinding = chain(
    atMs,
    toMs,
    [800, 3000],
    (fromMs) => ({
      fromMs,
      toMs: fromMs + between(random, 200, 1500),
      unseen: 'poor-picture' as const,
      lost: random.next() < 0.3 ? 0.8 : 0,
    }),
    random,
  );
  return [squint, ...blinding];
}

export function pothole(atMs: number, random: Random): Effect[] {
  const toMs = atMs + between(random, 200, 700);
  return [{ fromMs: atMs, toMs, shakeDeg: between(random, 3, 9), lost: 0.1 }];
}
