/**
 * Is an eye hidden: behind sunglasses, reflections, a hand? Decided over time from what the picture shows
 * between the lids and, where it answers, from the eye network.
 * Input: structure, EAR, answers, times of one eye. Output: covered or not, and how sure the eye is one.
 *
 * Two witnesses: the structure of light and dark (eye-structure.ts) and the network. The network alone
 * decides when it says "not visible" or contradicts the landmarks. A dark lens counts whatever it says (it looks
 * through thin ones); a lack of contrast between the lids counts unless it is sure of what the landmarks say.
 * Without the network the structure decides.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import type { Probabilities } from '../../models/networks/classifier.ts';
import type { EyeState } from '../../models/networks/pictures.ts';
import type { EyeStructure } from './eye-structure.ts';

/** One eye of one stream. */
export interface EyeCover {
  /** @param answer `null` when the network was not asked in this frame */
  follow(
    structure: EyeStructure,
    ear: number,
    answer: Probabilities<EyeState> | null,
    atMs: number,
  ): CoverState;
  reset(): void;
}

export interface CoverState {
  readonly covered: boolean;
  /** How clearly an eye is to be seen, 0-1. */
  readonly clearness: number;
  /** The lids read as shut for longer than a blink, but the network sees an open eye all along. */
  readonly squinting: boolean;
}

/** Below this EAR the lids are shut or nearly so (measured: closed .00-.07). */
export const SHUT_EAR = 0.1;
/** From this EAR on landmarks and network must agree on an open eye: between the two they may differ. */
const OPEN_EAR = 0.15;
/** One glint or one frame of motion blur does not change what covers an eye. */
const FOLLOW_MS = 300;
/** The network is asked less often: two answers in a row change what covers an eye, one does not. */
const FOLLOW_ANSWERS_MS = 1500;
const HYSTERESIS = 0.05;
const ANSWER_HYSTERESIS = 0.1;
/** Skin below the eye / cheek that no shadow explains (measured: 1 % of drivers' frames are below). */
const BLACK_LENS = 0.15;
/** A closed eye shows its lashes only, in a small picture a faint line (measured there: up to .65). */
const LASHES_ONLY = 0.2;
/** Blinks last 100-400 ms: while they do the landmarks are believed. */
const LONGER_THAN_BLINK_MS = 400;

export function createEyeCover(config: PerceiveConfig): EyeCover {
  return new FollowedCover(config);
}

class FollowedCover implements EyeCover {
  readonly #config: PerceiveConfig;
  /** Followed means of the structure, and the time of the frame before. */
  #darkest = 0;
  #socket = 1;
  #atMs = -Infinity;
  /** Followed means of the answers: not visible; in agreement with the landmarks. `null` = never asked. */
  #hidden: number | null = null;
  #agreed = 1;
  #answeredMs = -Infinity;
  #covered = false;
  #shutSinceMs: number | null = null;
  /** Least probability of an open eye over the present closure; `null` before an answer. */
  #leastOpen: number | null = null;

  constructor(config: PerceiveConfig) {
    this.#config = config;
  }

  follow(
    structure: EyeStructure,
    ear: number,
    answer: Probabilities<EyeState> | null,
    atMs: number,
  ): CoverState {
    this.#followStructure(structure, ear, atMs);
    this.#followShut(ear, answer, atMs);
    if (answer !== null) this.#followAnswer(ear, answer, atMs);
    this.#covered = this.#isCovered(answer, ear);
    return { covered: this.#covered, clearness: this.#clearness(), squinting: this.#isSquinting(atMs) };
  }

  reset(): void {
    this.#darkest = 0;
    this.#socket = 1;
    this.#hidden = this.#shutSinceMs = this.#leastOpen = null;
    this.#agreed = 1;
    this.#atMs = this.#answeredMs = -Infinity;
    this.#covered = false;
  }

  #followStructure({ darkest, socket }: EyeStructure, ear: number, atMs: number): void {
    const share = shareOf(atMs - this.#atMs, FOLLOW_MS);
    const between = ear < SHUT_EAR ? darkest - LASHES_ONLY : darkest;
    this.#darkest += share * (Math.min(between, 1.2) - this.#darkest);
    this.#socket += share * (Math.min(socket, 1.2) - this.#socket);
    this.#atMs = atMs;
  }

  #followShut(ear: number, answer: Probabilities<EyeState> | null, atMs: number): void {
    if (ear >= SHUT_EAR) {
      this.#shutSinceMs = this.#leastOpen = null;
      return;
    }
    this.#shutSinceMs ??= atMs;
    if (answer !== null) this.#leastOpen = Math.min(this.#leastOpen ?? 1, answer.open);
  }

  #followAnswer(ear: number, answer: Probabilities<EyeState>, atMs: number): void {
    const share = this.#hidden === null ? 1 : shareOf(atMs - this.#answeredMs, FOLLOW_ANSWERS_MS);
    const agreed = ear >= OPEN_EAR ? answer.open : 1 - answer.not_visible;
    this.#hidden = (this.#hidden ?? 0) + share * (answer.not_visible - (this.#hidden ?? 0));
    this.#agreed += share * (agreed - this.#agreed);
    this.#answeredMs = atMs;
  }

  #isCovered(answer: Probabilities<EyeState> | null, ear: number): boolean {
    if (this.#isBehindLens()) return true;
    const blank = this.#isBlank();
    if (this.#hidden === null) return blank;
    const { eyeHiddenAbove, eyeAgreedBelow, eyeSureFrom } = this.#config;
    // Lids that shut over an eye that is not there are not shut: no blink begins behind a hand.
    if (answer !== null && ear < SHUT_EAR && answer.not_visible > 0.5) return true;
    const back = this.#covered ? ANSWER_HYSTERESIS : 0;
    return (
      this.#hidden > eyeHiddenAbove - back ||
      this.#agreed < eyeAgreedBelow + back ||
      (blank && this.#agreed < eyeSureFrom)
    );
  }

  #isBlank(): boolean {
    return this.#darkest > this.#config.eyeDarkestAbove - (this.#covered ? HYSTERESIS : 0);
  }

  #isBehindLens(): boolean {
    const limit = this.#config.eyeSocketBelow + (this.#covered ? HYSTERESIS : 0);
    const dull = this.#darkest > this.#config.eyeDarkestAbove / 2;
    return this.#socket < BLACK_LENS || (this.#socket < limit && dull);
  }

  #clearness(): number {
    const { eyeDarkestAbove, eyeSureFrom } = this.#config;
    if (this.#hidden !== null) return this.#agreed / eyeSureFrom;
    return (eyeDarkestAbove - this.#darkest) / (eyeDarkestAbove / 4);
  }

  #isSquinting(atMs: number): boolean {
    const longer = this.#shutSinceMs !== null && atMs - this.#shutSinceMs >= LONGER_THAN_BLINK_MS;
    return longer && this.#leastOpen !== null && this.#leastOpen > this.#config.eyeSureFrom;
  }
}

/** Share of the way that a first-order follower goes in a time; after a long gap all of it. */
function shareOf(elapsedMs: number, constantMs: number): number {
  return elapsedMs > 4 * constantMs ? 1 : 1 - Math.exp(-Math.max(0, elapsedMs) / constantMs);
}
