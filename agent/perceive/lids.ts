/**
 * Lids over time: lowered to look down, or closed?
 * Input: EAR of the eyes that can be read, MAR, head pitch and time of each frame. Output: true while
 * lowered lids are taken for a look down.
 *
 * One picture cannot tell a closed eye from one that looks down by 30 degrees or more: the lids meet in
 * both (real closures and a real look down were compared: gap, sag and lash line do not differ). What can
 * is a head that went down with the lids, and how they went: lids that drop as fast as the eyes turn and
 * stay down, in a driver who spoke a moment ago and has shown no slow closures, are first taken for a look
 * down (nobody falls asleep in mid-conversation). For that they must last `lookDownAfterMs`, longer than a
 * blink; from `lookDownUntilMs` on they count as closed, so that real sleep may be said later but is never
 * hidden.
 */
import type { PerceiveConfig } from '../../config/schema.ts';
import { createTalk, type Talk } from './talk.ts';

/** Follows one driver. */
export interface Lids {
  /** @param ear mean EAR of the eyes that can be read, `null` if none */
  lookingDown(ear: number | null, mar: number, pitchDeg: number, atMs: number): boolean;
  /** Another face may come: its open-eye level and pose are learned anew. */
  faceLost(): void;
  /** Another stream begins. */
  reset(): void;
}

/** Shares of the open-eye level: above the first open, below the last closed (blinks dip to .15-.3). */
const OPEN = 0.75;
const LOWERED = 0.6;
const CLOSED = 0.35;
/** An open-eye level below this is taken for eyes that were closed at first sight (measured: .2-.35). */
const LEAST_OPEN_EAR = 0.18;
/** A head that sinks later than this after the lids closed is nodding off, not looking down. */
const WITH_THE_LIDS_MS = 500;
/** Longer gaps between frames cannot show how fast the lids went: then they count as closed. */
const LONGEST_FRAME_MS = 80;
/** Not read for so long: what the lids do now is another closure. */
const FORGET_MS = 1000;
/** A closure of this length that opens again is a slow one (blinks last 100-400 ms). */
const SLOW_CLOSURE_MS = 400;
const OPEN_LEVEL_MS = 3000;
const NEUTRAL_PITCH_MS = 20_000;

interface Closure {
  readonly sinceMs: number;
  /** The lids fell as fast as the eyes turn. */
  readonly abrupt: boolean;
  /** The driver had just been talking. */
  readonly inTalk: boolean;
  /** The head went down with them. */
  headDown: boolean;
}

/** Share of the way that a first-order follower goes in a time. */
const followed = (elapsedMs: number, constantMs: number) =>
  1 - Math.exp(-Math.max(0, elapsedMs) / constantMs);

export function createLids(config: PerceiveConfig): Lids {
  return new FollowedLids(config);
}

class FollowedLids implements Lids {
  readonly #config: PerceiveConfig;
  readonly #talk: Talk;
  #openEar = 0;
  #neutralPitchDeg: number | null = null;
  /** The last frame with a readable eye. */
  #atMs = -Infinity;
  #share = 1;
  /** When the lids last left the open state, between two frames. */
  #leftOpenMs = -Infinity;
  #closure: Closure | null = null;
  /** Ends of the slow closures within memory. */
  #slowEndsMs: number[] = [];

  constructor(config: PerceiveConfig) {
    this.#config = config;
    this.#talk = createTalk(config);
  }

  lookingDown(ear: number | null, mar: number, pitchDeg: number, atMs: number): boolean {
    this.#talk.follow(mar, atMs);
    if (ear === null) return false;
    const elapsedMs = atMs - this.#atMs;
    if (elapsedMs > FORGET_MS) this.#closure = null;
    if (this.#openEar === 0) this.#openEar = Math.max(ear, LEAST_OPEN_EAR);
    const share = ear / this.#openEar;
    this.#learn(ear, share, pitchDeg, elapsedMs);
    const headDown = this.#isHeadDown(pitchDeg);
    this.#followClosure(share, headDown, atMs);
    this.#atMs = atMs;
    this.#share = share;
    if (this.#closure === null) return share < LOWERED && headDown;
    return this.#closure.headDown || this.#isGaze(this.#closure, atMs);
  }

  faceLost(): void {
    this.#openEar = 0;
    this.#neutralPitchDeg = null;
    this.#closure = null;
    this.#talk.reset();
  }

  reset(): void {
    this.faceLost();
    this.#atMs = this.#leftOpenMs = -Infinity;
    this.#share = 1;
    this.#slowEndsMs = [];
  }

  #learn(ear: number, share: number, pitchDeg: number, elapsedMs: number): void {
    if (share < LOWERED) return;
    this.#openEar += (ear - this.#openEar) * followed(elapsedMs, OPEN_LEVEL_MS);
    const neutralDeg = this.#neutralPitchDeg ?? pitchDeg;
    this.#neutralPitchDeg = neutralDeg + (pitchDeg - neutralDeg) * followed(elapsedMs, NEUTRAL_PITCH_MS);
  }

  #isHeadDown(pitchDeg: number): boolean {
    return this.#neutralPitchDeg !== null && pitchDeg < this.#neutralPitchDeg - this.#config.eyesDownPitchDeg;
  }

  #followClosure(share: number, headDown: boolean, atMs: number): void {
    if (this.#share >= OPEN && share < OPEN) this.#leftOpenMs = this.#crossing(OPEN, share, atMs);
    if (this.#closure === null) {
      if (share < CLOSED) this.#closure = this.#begin(share, headDown, atMs);
      return;
    }
    if (share > LOWERED) this.#end(this.#closure, atMs);
    else if (headDown && atMs - this.#closure.sinceMs <= WITH_THE_LIDS_MS) this.#closure.headDown = true;
  }

  #begin(share: number, headDown: boolean, atMs: number): Closure {
    const sinceMs = this.#crossing(CLOSED, share, atMs);
    const isTimed = atMs - this.#atMs <= LONGEST_FRAME_MS;
    const dropMs = sinceMs - this.#leftOpenMs;
    const { lookDownDropMs, talkMemoryMs } = this.#config;
    const inTalk = sinceMs - this.#talk.lastMs() <= talkMemoryMs;
    return { sinceMs, abrupt: isTimed && dropMs <= lookDownDropMs, inTalk, headDown };
  }

  #end({ sinceMs }: Closure, atMs: number): void {
    const lastedMs = atMs - sinceMs;
    if (lastedMs >= SLOW_CLOSURE_MS && lastedMs < this.#config.lookDownAfterMs) this.#slowEndsMs.push(atMs);
    this.#closure = null;
  }

  /** When the share fell through a level, between the frame before and this one. */
  #crossing(level: number, share: number, atMs: number): number {
    const part = (this.#share - level) / (this.#share - share);
    return this.#share > level && share < level ? this.#atMs + (atMs - this.#atMs) * part : atMs;
  }

  #isGaze(closure: Closure, atMs: number): boolean {
    const { lookDownAfterMs, lookDownUntilMs, drowsyMemoryMs, drowsyClosures } = this.#config;
    this.#slowEndsMs = this.#slowEndsMs.filter((endMs) => atMs - endMs < drowsyMemoryMs);
    const lastedMs = atMs - closure.sinceMs;
    const isDrowsy = this.#slowEndsMs.length >= drowsyClosures;
    return (
      closure.abrupt &&
      closure.inTalk &&
      !isDrowsy &&
      lastedMs >= lookDownAfterMs &&
      lastedMs < lookDownUntilMs
    );
  }
}
