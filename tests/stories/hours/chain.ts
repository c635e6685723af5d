/** Effects one after another. Times in ms. */
import type { Random } from '../random.ts';
import { between } from './driver.ts';
import type { Effect } from './effects.ts';

/** One after another with pauses between, until `endMs`. */
export function chain(
  atMs: number,
  endMs: number,
  pauseMs: readonly [number, number],
  next: (fromMs: number) => Effect,
  random: Random,
): Effect[] {
  const effects: Effect[] = [];
  for (let fromMs = atMs; fromMs < endMs;) {
    const effect = next(fromMs);
    effects.push(effect);
    fromMs = effect.toMs + between(random, ...pauseMs);
  }
  return effects;
}

export function either(random: Random): 1 | -1 {
  return random.next() < 0.5 ? 1 : -1;
}
