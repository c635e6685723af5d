/** Covered or not: light and dark between the lids, and the eye network's answers, over time. */
import { describe, expect, it } from 'vitest';
import { createEyeCover } from '../../agent/perceive/eye-cover.ts';
import type { CoverState } from '../../agent/perceive/eye-cover.ts';
import { configSchema } from '../../config/schema.ts';

const config = configSchema.parse({}).perceive;
const FRAME_MS = 40;
/** Structure of an eye in the open, of none (a reflection), behind a dark lens. */
const eye = { darkest: 0.3, socket: 0.6, cheek: 0.5 };
const blank = { darkest: 0.7, socket: 0.7, cheek: 0.5 };
const lens = { darkest: 0.35, socket: 0.2, cheek: 0.5 };
const answer = (open: number, closed: number) => ({ open, closed, not_visible: 1 - open - closed });
const OPEN = answer(0.97, 0.02);
const SHUT = answer(0.02, 0.97);
const HIDDEN = answer(0.05, 0.02);

interface Seen {
  readonly structure?: typeof eye;
  readonly ear?: number;
  /** Left out = no network. */
  readonly says?: ReturnType<typeof answer>;
  readonly everyMs?: number;
}

/** Each stretch for its time; the state after each frame. */
function watch(...stretches: readonly (readonly [Seen, forMs: number])[]): CoverState[] {
  const cover = createEyeCover(config);
  const states: CoverState[] = [];
  let atMs = 0;
  for (const [{ structure = eye, ear = 0.3, says, everyMs = config.eyeStateEveryMs }, forMs] of stretches) {
    let askedMs = -Infinity;
    for (const endMs = atMs + forMs; atMs < endMs; atMs += FRAME_MS) {
      const asked = says !== undefined && atMs - askedMs >= everyMs;
      if (asked) askedMs = atMs;
      states.push(cover.follow(structure, ear, asked ? says : null, atMs));
    }
  }
  return states;
}
const last = (states: readonly CoverState[]) => states.at(-1)!;

describe('without the network', () => {
  it('an eye is covered where nothing between the lids is dark, or behind a dark lens', () => {
    expect(last(watch([{}, 2000]))).toMatchObject({ covered: false });
    expect(last(watch([{}, 2000])).clearness).toBeGreaterThanOrEqual(1);
    expect(last(watch([{ structure: blank }, 2000])).covered).toBe(true);
    expect(last(watch([{ structure: lens }, 2000])).covered).toBe(true);
  });

  it('shut lids are never a squint', () => {
    expect(watch([{ ear: 0.02 }, 3000]).some(({ squinting }) => squinting)).toBe(false);
  });
});

describe('with the network', () => {
  it('an eye that it is sure of is seen, however little contrast there is', () => {
    expect(watch([{ structure: blank, says: OPEN }, 3000]).some(({ covered }) => covered)).toBe(false);
    expect(last(watch([{ structure: blank, says: answer(0.8, 0.15) }, 3000])).covered).toBe(true);
  });

  it('an eye behind a dark lens is covered, though it looks through', () => {
    expect(last(watch([{ structure: lens, says: OPEN }, 3000])).covered).toBe(true);
  });

  it('an eye that it cannot see is covered within two answers, and one answer is not enough', () => {
    const states = watch([{ says: OPEN }, 3000], [{ says: HIDDEN }, 1000]);
    const coveredMs = (states.findIndex(({ covered }) => covered) - 3000 / FRAME_MS) * FRAME_MS;
    expect(coveredMs).toBeGreaterThan(0);
    expect(coveredMs).toBeLessThanOrEqual(config.eyeStateEveryMs + FRAME_MS);
  });

  it('an open eye drawn where it sees shut lids all along is a reflection', () => {
    expect(last(watch([{ says: SHUT }, 3000])).covered).toBe(true);
    const states = watch([{ says: OPEN }, 3000], [{ says: SHUT }, 400], [{ says: OPEN }, 3000]);
    expect(states.some(({ covered }) => covered)).toBe(false);
    expect(Math.min(...states.map(({ clearness }) => clearness))).toBeLessThan(0.9);
  });

  it('lids that shut behind a hand are covered at once, never shut', () => {
    const [first] = watch([{ says: OPEN }, 3000], [{ ear: 0.02, says: HIDDEN }, 200]).slice(3000 / FRAME_MS);
    expect(first!.covered).toBe(true);
  });

  it('real closures are neither covered nor a squint', () => {
    const states = watch([{ says: OPEN }, 3000], [{ ear: 0.03, says: SHUT, everyMs: 100 }, 4000]);
    expect(states.some(({ covered, squinting }) => covered || squinting)).toBe(false);
  });

  it('lids that read as shut for longer than a blink over an eye that is surely open are narrowed', () => {
    const narrowed = watch([{ says: OPEN }, 3000], [{ ear: 0.08, says: OPEN, everyMs: 100 }, 1000]);
    const from = narrowed.findIndex(({ squinting }) => squinting) * FRAME_MS - 3000;
    expect(from).toBe(400);
    const doubtful = watch(
      [{ says: OPEN }, 3000],
      [{ ear: 0.08, says: OPEN, everyMs: 100 }, 200],
      [{ ear: 0.05, says: answer(0.6, 0.38), everyMs: 100 }, 2000],
    );
    expect(doubtful.some(({ squinting }) => squinting)).toBe(false);
  });
});
