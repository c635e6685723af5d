/**
 * Stress: what the driver's face and voice express, fused by age and confidence over about a minute.
 *
 * In: readings of the affect networks, the mouth (whose voice is it?), the clock. Out: the strain 0-1, whether
 * it has lasted long enough to be told, and an event when it is over.
 *
 * One source alone has less say: an angry voice may be singing, an angry face a frown. A voice counts only
 * while the driver's own mouth is seen to move. No label is kept: only how much strain a reading showed.
 */
import type { JudgeConfig } from '../../config/schema.ts';
import type { Affect } from '../perceive/observation.ts';
import type { EventOutcome, Evidence } from './outcome.ts';
import { rounded } from './rounding.ts';

/** Readings of one source, fading. */
export interface Strain {
  /** Confident reading time, ms; at most `memoryMs`. */
  readonly weightMs: number;
  /** The same times the strain of the readings. */
  readonly strainMs: number;
  /** Faded up to here. */
  readonly atMs: number | null;
  readonly readAtMs: number | null;
}

/** How the driver's mouth moves. */
export interface MouthMoves {
  readonly usualMar: number | null;
  /** Share of the last moments in which it moved, 0-1. */
  readonly movingShare: number;
  readonly atMs: number | null;
}

export interface StressState {
  readonly face: Strain;
  readonly voice: Strain;
  readonly mouth: MouthMoves;
  /** Fused, 0-1; `null` while too little was seen and heard. */
  readonly strain: number | null;
  /** Since when the strain has been high. */
  readonly sinceMs: number | null;
  readonly stressed: boolean;
  readonly judgedAtMs: number | null;
}

export interface StressStep {
  readonly state: StressState;
  readonly events: readonly EventOutcome[];
}

const nothingRead: Strain = { weightMs: 0, strainMs: 0, atMs: null, readAtMs: null };
export const calm: StressState = {
  face: nothingRead,
  voice: nothingRead,
  mouth: { usualMar: null, movingShare: 0, atMs: null },
  strain: null,
  sinceMs: null,
  stressed: false,
  judgedAtMs: null,
};

/** Takes what the face expresses. */
export function readFace(state: StressState, affect: Affect, atMs: number, config: JudgeConfig): StressState {
  return { ...state, face: withReading(state.face, affect, atMs, config.stress) };
}

/** Takes what a voice expresses, if it can be the driver's: the driver's mouth moves. */
export function readVoice(
  state: StressState,
  affect: Affect,
  atMs: number,
  config: JudgeConfig,
): StressState {
  if (state.mouth.movingShare < config.stress.mouthMovingShare) return state;
  return { ...state, voice: withReading(state.voice, affect, atMs, config.stress) };
}

/** Follows the mouth; `mar` is `null` while it is not seen: an unseen mouth speaks no word that counts. */
export function followMouth(
  state: StressState,
  mar: number | null,
  atMs: number,
  config: JudgeConfig['stress'],
): StressState {
  const { mouth } = state;
  const followed = 1 - Math.exp(-Math.max(0, atMs - (mouth.atMs ?? atMs)) / config.mouthFollowMs);
  const step = mar === null ? 0 : mar - (mouth.usualMar ?? mar);
  const moves = Math.abs(step) > config.mouthMovesMar ? 1 : 0;
  return {
    ...state,
    mouth: {
      usualMar: mar === null ? mouth.usualMar : mar - step * (1 - followed),
      movingShare: mouth.movingShare + (moves - mouth.movingShare) * followed,
      atMs,
    },
  };
}

/** Judges anew when it is time. */
export function judgeStress(state: StressState, nowMs: number, config: JudgeConfig): StressStep {
  const { everyMs, raiseAt, raiseAfterMs, clearBelow } = config.stress;
  if (state.judgedAtMs !== null && nowMs - state.judgedAtMs < everyMs) return { state, events: [] };
  const face = faded(state.face, nowMs, config.stress);
  const voice = faded(state.voice, nowMs, config.stress);
  const strain = fused(face, voice, config.stress);
  const high = strain !== null && strain >= (state.stressed ? clearBelow : raiseAt);
  const sinceMs = high ? (state.sinceMs ?? nowMs) : null;
  const stressed = sinceMs !== null && (state.stressed || nowMs - sinceMs >= raiseAfterMs);
  const next = { ...state, face, voice, strain, sinceMs, stressed, judgedAtMs: nowMs };
  return { state: next, events: state.stressed && !stressed ? stressEvent(state, nowMs, config) : [] };
}

/** Closes what lasts, for the end of a trip. */
export function endStress(state: StressState, nowMs: number, config: JudgeConfig): StressStep {
  return { state: calm, events: state.stressed ? stressEvent(state, nowMs, config) : [] };
}

/** What the strain was made of; without any emotion's name, which stays in the vehicle. */
export function stressEvidence(state: StressState, config: JudgeConfig): Evidence {
  const share = (of: Strain) => (of.weightMs > 0 ? rounded(of.strainMs / of.weightMs, 2) : null);
  return {
    strain: state.strain === null ? null : rounded(state.strain, 2),
    threshold: config.stress.raiseAt,
    memoryMs: config.stress.memoryMs,
    faceStrain: share(state.face),
    faceReadMs: rounded(state.face.weightMs),
    voiceStrain: share(state.voice),
    voiceReadMs: rounded(state.voice.weightMs),
  };
}

/** How much strain a reading shows, 0-1. */
export function strainOf({ probabilities }: Affect, config: JudgeConfig['stress']): number {
  const { angry, fear, disgust } = probabilities;
  return Math.min(1, config.anger * angry + config.fear * fear + config.disgust * disgust);
}

function withReading(strain: Strain, affect: Affect, atMs: number, config: JudgeConfig['stress']): Strain {
  const now = faded(strain, atMs, config);
  const confidence = Math.max(...Object.values(affect.probabilities));
  const sinceMs = strain.readAtMs === null ? config.readingMs : Math.max(0, atMs - strain.readAtMs);
  if (confidence < config.minConfidence) return { ...now, readAtMs: atMs };
  const weightMs = confidence * Math.min(sinceMs, config.readingMs);
  return {
    weightMs: now.weightMs + weightMs,
    strainMs: now.strainMs + weightMs * strainOf(affect, config),
    atMs: now.atMs,
    readAtMs: atMs,
  };
}

function faded(strain: Strain, nowMs: number, config: JudgeConfig['stress']): Strain {
  const kept = strain.atMs === null ? 1 : Math.exp(-Math.max(0, nowMs - strain.atMs) / config.memoryMs);
  const atMs = Math.max(nowMs, strain.atMs ?? nowMs);
  return { ...strain, weightMs: strain.weightMs * kept, strainMs: strain.strainMs * kept, atMs };
}

/** Mean strain of both sources, each by how much of it was read; one alone has less than its full say. */
function fused(face: Strain, voice: Strain, config: JudgeConfig['stress']): number | null {
  const say = ({ weightMs }: Strain) => Math.min(1, weightMs / config.enoughMs);
  const both = say(face) + say(voice);
  if (Math.max(say(face), say(voice)) < 1) return null;
  const mean = (of: Strain) => (of.weightMs > 0 ? of.strainMs / of.weightMs : 0);
  const lone = 1 / config.loneShare;
  return (say(face) * mean(face) + say(voice) * mean(voice)) / Math.max(both, lone);
}

function stressEvent(state: StressState, endMs: number, config: JudgeConfig): readonly EventOutcome[] {
  const startMs = state.sinceMs ?? endMs;
  return [{ type: 'event', kind: 'stress', startMs, endMs, evidence: stressEvidence(state, config) }];
}
